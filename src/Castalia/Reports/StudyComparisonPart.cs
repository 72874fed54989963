using Castalia.Cards;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The study's comparison of Pythia-6.9B and GPT-J-6B, field by field, with what was wrong in it.</summary>
static class StudyComparisonPart
{
    /// <summary>Whether models are the two that the study compared, as castalia's own facts name them.</summary>
    public static bool IsAbout(IReadOnlyList<string> models) =>
        models.Count == StudyComparison.Models.Count && StudyComparison.Models.All(model => models.Contains(model, StringComparer.OrdinalIgnoreCase));

    /// <summary>The table.</summary>
    public static Table Table() => new(
        ["what", Column.Prose("the study"), Column.Words("verdict"), Column.Prose("what is so"), Column.Prose("what was wrong")],
        [.. StudyComparison.Lines.Select(IReadOnlyList<Cell> (line) => [line.What, line.Study ?? Figures.Missing, line.Verdict.Word(), line.Right, line.Wrong ?? ""])])
    {
        Caption = "The study's comparison of Pythia-6.9B and GPT-J-6B",
    };
}
