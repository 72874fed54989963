using Castalia.Reports.Pages;

namespace Castalia.Reports.Sections;

/// <summary>Blocks as maps near each pass, of models whose Jacobians were read.</summary>
static class DynamicsSection
{
    /// <summary>Charts over depth, of singular values, of recovery and of perturbations, or what would make them.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("Blocks as maps", 2);
        if (e.Store is null || e.Store.Query("SELECT count(*) FROM dynamics", e.Cancellation).Rows[0][0] is not > 0L)
        {
            yield return new Paragraph(
                "Not measured: blocks as maps. 'castalia dynamics CHECKPOINT --blocks all' gives the singular values of their Jacobians, what a longer stream does against the quadratic law, and finite perturbations.");
            yield break;
        }
        yield return new Paragraph(
            "J = ∂h_ℓ/∂h_{ℓ−1} at the last position of a prompt, the others held, in float64; σ are its singular values. Where attention and MLP both read a norm of h, Jh = h and " +
            "G(s)² = 1 + 2(r/s)cos θ + (r/s)² up to the ε of the norms, whatever the gain; where the MLP reads h + attn neither holds, and the departure is a reading.");
        foreach (var block in MapsOverDepth.Of(e)) yield return block;
        var last = MappedPrompt.OfLastBlocks(e);
        foreach (var model in e.StoredModels.Where(model => last.Contains(model)))
        {
            MappedPrompt[] prompts = [.. last[model]];
            yield return new Heading(model.Label, 3);
            if (SpectrumChart.OverDepth(e, model) is { } spectrum) yield return spectrum;
            yield return SpectrumChart.ByPrompt(model, prompts);
            if (RecoveryChart.Of(model, prompts, e.Cancellation) is { } recovery) yield return recovery;
            yield return PerturbationsChart.Of(model, prompts, e.Cancellation);
        }
    }
}
