using Castalia.Attribution;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>One row of attribution.parquet: one part of one block at one position of one prompt, or a figure of reference texts, which belong to no prompt.</summary>
/// <param name="Model">Short name of the model.</param>
/// <param name="Prompt">The prompt; null for none.</param>
/// <param name="PromptIndex">Its index in the run; null for none.</param>
/// <param name="Layer">The block.</param>
/// <param name="Position">The position; null where there is no prompt.</param>
/// <param name="Split">Into what the block was split.</param>
/// <param name="Part">Which kind of part.</param>
/// <param name="Index">Which unit; null where there is one.</param>
/// <param name="Source">Source position; null but for heads by source.</param>
/// <param name="Value">A_p, or the figure; null where undefined.</param>
sealed record AttributionRow(
    string Model, TokenizedPrompt? Prompt, int? PromptIndex, int Layer, int? Position, string Split, string Part, int? Index, int? Source, double? Value)
{
    /// <summary>Every row of a model, prompts, blocks and positions in order.</summary>
    public static IEnumerable<AttributionRow> All(AttributedRun run) => OfPrompts(run).Concat(
        from row in DerivedRows.OfReference(run)
        select new AttributionRow(run.Model.Name, null, null, row.Block, null, DerivedRows.Reference, row.Part, row.Index, null, double.IsFinite(row.Value) ? row.Value : null));

    static IEnumerable<AttributionRow> OfPrompts(AttributedRun run) =>
        from prompt in run.Prompts.Index()
        from block in prompt.Item.Blocks
        from part in PartsOf(block).Concat(DerivedRows.Of(block.Derived))
        select new AttributionRow(run.Model.Name, run.Model.Measurement.Prompts[prompt.Index], prompt.Index, block.Block, block.Position, part.Split, part.Part, part.Index, part.Source, double.IsFinite(part.Value) ? part.Value : null);

    static IEnumerable<(string Split, string Part, int? Index, int? Source, double Value)> PartsOf(BlockAttribution b)
    {
        yield return ("block", "gain_squared_minus_one", null, null, b.GainSquaredMinusOne);
        yield return ("block", "cos_theta", null, null, b.CosTheta);
        yield return ("block", "cos_theta_bound", null, null, b.CosThetaBound);
        yield return ("block", "step_ratio", null, null, b.StepRatio);
        yield return ("block", "set_point", null, null, b.SetPoint);
        yield return ("block", "rounding_length", null, null, b.RoundingLength);
        yield return ("block", "neurons_negative", null, null, b.Neurons.Negative);
        yield return ("block", "neurons_half_of_negative", null, null, b.Neurons.HalfOfNegative);
        yield return ("block", "neurons_negative_participation", null, null, b.Neurons.NegativeParticipation);
        yield return ("sublayers", "attn", null, null, b.Attn);
        yield return ("sublayers", "mlp", null, null, b.Mlp);
        yield return ("sublayers", "rounding", null, null, b.Rounding);
        yield return ("units", "attn_bias", null, null, b.AttnBias);
        yield return ("units", "mlp_bias", null, null, b.MlpBias);
        yield return ("units", "rounding", null, null, b.Rounding);
        for (int head = 0; head < b.Heads.Count; head++) yield return ("units", "head", head, null, b.Heads[head]);
        foreach (var neuron in b.Neurons.Kept) yield return ("units", "neuron", neuron.Index, null, neuron.Value);
        foreach (var dimension in b.Dimensions.Kept) yield return ("dimensions", "dimension", dimension.Index, null, dimension.Value);
        for (int head = 0; head < (b.Sources?.Count ?? 0); head++)
            for (int s = 0; s < b.Sources![head].Count; s++) yield return ("sources", "head", head, s, b.Sources[head][s]);
    }
}

/// <summary>The columns of attribution.parquet.</summary>
static class AttributionColumns
{
    public static IReadOnlyList<RunColumn<AttributionRow>> All { get; } =
    [
        new("model", "VARCHAR", "", "Short name of the model, unique in the run; the manifest has its path and hashes.", r => r.Model),
        new("prompt", "VARCHAR", "", "Name of the prompt; null in reference.", r => r.Prompt?.Prompt.Name),
        new("prompt_index", "INTEGER", "", "Index of the prompt in the run, from 0; null in reference.", r => r.PromptIndex),
        new("category", "VARCHAR", "", "Category of the prompt; null where it has none.", r => r.Prompt?.Prompt.Category),
        new("tokens", "INTEGER", "", "Tokens fed, special tokens included; null in reference.", r => r.Prompt?.Ids.Count),
        new("layer", "INTEGER", "", "Index of the block, from 0.", r => r.Layer),
        new("position", "INTEGER", "", "Index of the position, from 0; null in reference.", r => r.Position),
        new("split", "VARCHAR", "", "What the row belongs to: sublayers, units and dimensions are splits of which each adds up to gain_squared_minus_one; sources splits heads further; block are figures of the block that are no parts; " + DerivedRows.Splits, r => r.Split),
        new("part", "VARCHAR", "", "In sublayers attn, mlp, rounding; in units head, neuron, attn_bias, mlp_bias, rounding; in dimensions dimension; in sources head; in block gain_squared_minus_one, cos_theta, cos_theta_bound, step_ratio, set_point, rounding_length, and what stands under derived figures, neurons_negative, neurons_half_of_negative, neurons_negative_participation; " + DerivedRows.Parts + " " +
            "neurons_negative is Σ of the neurons below 0, neurons_half_of_negative how many of the most negative carry half of it, neurons_negative_participation (Σ A)²/Σ A² of those below 0.", r => r.Part),
        new("index", "INTEGER", "", "Which head, neuron, dimension, direction of a set or band, from 0; of a mixture's neurons expert · d_ff + neuron; null where there is one of a kind, and of what lies outside a set or all bands.", r => r.Index),
        new("source", "INTEGER", "", "Position whose value the head brings, from 0; null outside sources.", r => r.Source),
        new("value", "DOUBLE", "", "A_p = ⟨Δ_p, h + h′⟩/‖h‖², h resid_pre, h′ resid_post; in bands_before, bands_after, directions_before and directions_after a share of ‖h‖² or ‖h′‖²; in block and reference the figure, null where it is undefined.", r => r.Value),
    ];
}
