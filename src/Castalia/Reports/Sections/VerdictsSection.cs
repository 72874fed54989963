using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Published;
using Castalia.Reports.Pages;

namespace Castalia.Reports.Sections;

/// <summary>Hypotheses with verdict, rule and evidence over what the report shows.</summary>
static class VerdictsSection
{
    /// <summary>Over the stored runs, or over the study where there are none.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        using var study = e.Store is null ? new PublishedEvidence(PublishedStudy.Shipped, CardSet.Shipped, e.Cancellation) : null;
        IEvidenceSource source = e.Store is null ? study! : new StoredEvidence(e.Store);
        var hypotheses = HypothesisFiles.BuiltIn();
        Binding.Check(hypotheses, source, e.Cancellation);
        List<Verdict> verdicts = [.. HypothesisEvaluation.Of(hypotheses, source, e.Cancellation)];
        var multiplicity = new TwinMultiplicity([.. verdicts.Select(v => v.Twins).OfType<TwinVerdict>()]);
        yield return new Heading("Hypotheses", 2);
        foreach (var block in HypothesesReport.List(verdicts, source.Name, multiplicity).Blocks.Where(block => block is not Heading { Level: 1 })) yield return block is Heading h ? h with { Level = 3 } : block;
        var given = verdicts.Where(v => v.Kind != VerdictKind.Undecided || v.Twins is { Kind: not VerdictKind.Undecided } || v.Each.Any(model => model.Kind != VerdictKind.Undecided)).ToList();
        if (given.Count == 0) yield break;
        yield return new Heading("What the verdicts rest on", 2);
        foreach (var block in HypothesesReport.AtLength(given, source.Name, multiplicity).Blocks) yield return block is Heading h ? h with { Level = h.Level == 1 ? 3 : 4 } : block;
    }
}
