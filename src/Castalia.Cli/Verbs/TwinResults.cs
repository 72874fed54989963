using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Reports;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>What the studies that ship have shown, and how a study that was carried out stands to the one that ships.</summary>
static class TwinResults
{
    /// <summary>Prints every study that ships, or one.</summary>
    /// <exception cref="InputException">None has that name.</exception>
    public static void Print(ParseResult parse, string? name, long seed, CancellationToken cancellation)
    {
        var (studies, multiplicity) = StudyResult.All(cancellation);
        if (name is not null) studies = [studies.FirstOrDefault(result => result.Study.Name == name) ?? throw TwinErrors.NoSuchPlan(name, Nearest.Of(name, ShippedStudy.Names), ShippedStudy.Names)];
        PageOptions.Write(
            parse, () => JsonText.Node(StudiesDocument.Of(studies, multiplicity, withNetworks: name is not null), HypothesisJson.Default),
            () => name is null ? TwinResultsReport.List(studies, multiplicity) : TwinResultsReport.One(studies[0], seed));
    }

    /// <summary>Whether a study's table is the shipped one to the byte; null where none ships under that name.</summary>
    public static bool? IsShipped(string named, TwinTable table) => TwinPlanReader.IsName(named) && ShippedStudy.Of(named)?.TableText is { } shipped ? table.Text() == shipped : null;

    /// <summary>The same in a sentence; null likewise.</summary>
    public static string? Comparison(string named, TwinTable table)
    {
        if (IsShipped(named, table) is not { } equal) return null;
        if (equal) return $"{TwinTable.FileName} is the shipped one to the byte.";
        var (columns, networks) = ShippedStudy.Of(named)!.Differences(table);
        return $"{TwinTable.FileName} differs from the shipped one in {networks} of {Figures.Of(table.Networks.Count, "network")}: {(columns.Count == 0 ? "other networks" : string.Join(", ", columns))}.";
    }
}
