using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>A study that ships, and what the hypotheses that read it say over twins.</summary>
/// <param name="Study">The study.</param>
/// <param name="Verdicts">Of every such hypothesis, in their order.</param>
sealed record StudyResult(ShippedStudy Study, IReadOnlyList<(Hypothesis Hypothesis, TwinVerdict Verdict)> Verdicts)
{
    /// <summary>Every study, and how many rules over twins were asked in all.</summary>
    public static (IReadOnlyList<StudyResult> Studies, TwinMultiplicity Multiplicity) All(CancellationToken cancellation)
    {
        List<Hypothesis> hypotheses = [.. HypothesisFiles.BuiltIn().Where(h => h.Twins is not null)];
        List<(Hypothesis Hypothesis, TwinVerdict Verdict)> verdicts = [.. hypotheses.Zip(TwinEvaluation.Of(hypotheses, TwinTables.Shipped, cancellation).Select(verdict => verdict!))];
        return (
            [.. ShippedStudy.All.Select(study => new StudyResult(study, [.. verdicts.Where(v => v.Verdict.Rules.Studies.Any(named => named.Value == study.Name))]))],
            new([.. verdicts.Select(v => v.Verdict)]));
    }
}
