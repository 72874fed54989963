using System.Text.Json.Serialization;
using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>What <c>castalia twins --results --json</c> prints.</summary>
sealed record StudiesDocument(IReadOnlyList<StudyDocument> Studies, int RulesAsked, int PValues)
{
    /// <summary>The document.</summary>
    /// <param name="studies">The studies.</param>
    /// <param name="multiplicity">How many rules over twins were asked in all.</param>
    /// <param name="withNetworks">Whether every network is in it.</param>
    public static StudiesDocument Of(IReadOnlyList<StudyResult> studies, TwinMultiplicity multiplicity, bool withNetworks) =>
        new([.. studies.Select(study => StudyDocument.Of(study, multiplicity, withNetworks))], multiplicity.Rules, multiplicity.Tests);
}

/// <summary>A study: networks, scale and limit are null where it has not been carried out.</summary>
sealed record StudyDocument(
    string Study, string? Question, IReadOnlyDictionary<string, IReadOnlyList<string>> Crossed, int Cells, int Planned, double? MinutesOnTwoCores, string Command, string? Scale, string? Limit,
    IReadOnlyList<StudyVerdictDocument> Hypotheses,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IReadOnlyDictionary<string, object?>>? Networks)
{
    public static StudyDocument Of(StudyResult result, TwinMultiplicity multiplicity, bool withNetworks)
    {
        var (study, table) = (result.Study, result.Study.Table);
        return new(
            study.Name, study.Plan.Question, study.Plan.Crossed, study.Plan.Cells.Count, study.Plan.Twins.Count, study.Plan.Minutes, study.Command,
            table is null ? null : TwinScale.Of(table), table is null ? null : TwinScale.Limit(table),
            [.. result.Verdicts.Select(v => new StudyVerdictDocument(v.Hypothesis.Id, v.Hypothesis.Title, TwinVerdictDocument.Of(v.Verdict, multiplicity, withEvidence: false)!))],
            withNetworks && table is not null ? [.. table.Networks.Select(network => network.Values)] : null);
    }
}

/// <summary>A hypothesis over twins.</summary>
sealed record StudyVerdictDocument(string Id, string Title, TwinVerdictDocument Twins);
