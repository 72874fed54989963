using System.Globalization;
using Castalia.Audit;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia audit</c> prints for people.</summary>
static class AuditPage
{
    const int DigitsShown = 12;

    /// <summary>The page.</summary>
    public static Page Of(AuditResult result) => new(Blocks(result));

    static IEnumerable<PageBlock> Blocks(AuditResult result)
    {
        var report = result.Report;
        int defects = report.Findings.Count(finding => finding.Severity == Severity.Defect);
        yield return new Paragraph($"{Figures.Of(report.Revisions.Count, "revision")}: {(report.Findings.Count == 0 ? "nothing was found" : $"{Figures.Of(defects, "defect")}, {Figures.Of(report.Findings.Count - defects, "note")}")}.");
        yield return new Gap();
        yield return new Table(["revision", "step", "tensors", "weights, SHA-256"],
            [.. report.Revisions.Select(IReadOnlyList<Cell> (one) => [one.Name, one.Step is { } step ? Cell.Count(step) : Figures.Missing, Cell.Count(one.Tensors.Count), one.WeightsSha256[..DigitsShown]])])
        { Caption = "Revisions" };
        if (report.Findings.Count > 0)
        {
            yield return new Gap();
            yield return new Remarks([.. report.Findings.Select(finding => $"{finding.Severity.ToString().ToLowerInvariant()}: {Said(finding)}")]);
        }
        yield return new Gap();
        if (result.DecayUnknownBecause is { } because)
        {
            yield return new Paragraph($"What is left of step 0 is not compared with what weight decay alone would leave, because {because}.");
            yield break;
        }
        yield return new Table(["kind of matrix", "α", "decay alone", "α / decay", "cosine"], [.. result.Decay.Select(IReadOnlyList<Cell> (one) =>
            [one.Role.ToString(), Cell.Number(one.Alpha, SignedFigures.Of), Cell.Number(one.Surviving, Figures.Real), Cell.Number(one.Ratio, SignedFigures.Of), Cell.Number(one.Cosine, SignedFigures.Of)])])
        {
            Caption = "What is left of step 0",
        };
        yield return new Paragraph($"α = ⟨W, W₀⟩/‖W₀‖², W of {result.DecayOf!.Value.Later} and W₀ of {result.DecayOf.Value.First}; decay alone: e to the minus ∫ weight decay · learning rate, from the model's card.");
    }

    static string Said(AuditFinding finding) => finding.Kind switch
    {
        FindingKind.FirstStep => $"{StudyList(finding.Revisions)} hold the same weights: GPT-NeoX takes its first step at a learning rate of 0, in every Pythia.",
        FindingKind.AnotherName => $"{StudyList(finding.Revisions)} are one revision under several names.",
        FindingKind.SameWeights => $"{StudyList(finding.Revisions)} hold the same weights under different steps: one of them is not what it is said to be. Fetch them again; if they still agree, leave one out.",
        FindingKind.ForeignTensors => $"{StudyList(finding.Revisions)} share {Figures.Count(finding.Shared!.Tensors.Count)} {(finding.Shared.Tensors.Count == 1 ? "matrix" : "matrices")} ({string.Join(", ", finding.Shared.Tensors.Take(3))}{(finding.Shared.Tensors.Count > 3 ? ", …" : "")}) and differ in the rest" +
            (finding.Shared.IsWholeFiles ? $"; these are whole files ({string.Join(", ", finding.Shared.Files.Select(Path.GetFileName).Distinct())})" : "") +
            (finding.Shared.Owner is { } owner ? $". They lie nearest to the neighbours of {owner}: fetch {StudyList(finding.Shared.Foreign)} again." : ". Whose they are cannot be told: fetch them all again."),
        FindingKind.InitialStatistics => Initial(finding.Initial!),
        _ => throw new InvalidOperationException($"No words for {finding.Kind}."),
    };

    static string Initial(InitialStatistics initial) =>
        $"{initial.Model} is not as its family is documented to begin" +
        string.Concat(initial.Kinds.Where(kind => kind.Contradicts).Select(kind =>
            $"; {kind.Role}: standard deviation {Exact(kind.Deviation)}, {kind.Documented!.Name} gives {Exact(kind.Documented.Deviation)}{(kind.Fits.Count > 0 ? $" (it fits {string.Join(", ", kind.Fits)})" : "")}")) +
        (initial.Moved.Count > 0 ? $"; {Figures.Of(initial.Moved.Count, "vector")} of gains or biases not at 1 or 0" : "") + "." +
        (initial.IsKnownError ? $" Its card has these rules and knows why: {initial.ErrorOnCard}." : "");

    static string Exact(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    static string StudyList(IEnumerable<string> names) => Published.StudyWords.List(names);
}
