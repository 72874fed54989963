namespace Castalia.Runs;

/// <summary>One row of units.parquet: a figure of one head, neuron or block.</summary>
/// <param name="Model">Short name of the model.</param>
/// <param name="Layer">Block, from 0; null of the unembedding.</param>
/// <param name="Kind">head, neuron, block or unembedding.</param>
/// <param name="Index">Which head or neuron, from 0; of a block's biases which expert; null of the unembedding.</param>
/// <param name="Quantity">What figure.</param>
/// <param name="Value">The figure; null where undefined.</param>
sealed record UnitRow(string Model, int? Layer, string Kind, int? Index, string Quantity, double? Value)
{
    /// <summary>Names of figures.</summary>
    public const string Mean = "a_mean", NegativeMean = "a_negative_mean", CosineUp = "s_up", CosineGate = "s_gate", Tau = "tau", BiasCosine = "bias_cosine", BiasDifference = "bias_difference",
        FoldedNorm = "folded_norm";

    /// <summary>The means over prompts of every head and neuron of the blocks that were attributed.</summary>
    public static IEnumerable<UnitRow> All(AttributedRun run) =>
        from means in run.Means
        from figure in new[] { ("head", Mean, means.Heads), ("head", NegativeMean, means.NegativeHeads), ("neuron", Mean, means.Neurons), ("neuron", NegativeMean, means.NegativeNeurons) }
        from row in All(run.Model.Name, means.Block, figure.Item1, figure.Item2, figure.Item3)
        select row;

    /// <summary>A figure of every unit of a kind.</summary>
    public static IEnumerable<UnitRow> All(string model, int layer, string kind, string quantity, IReadOnlyList<double> values) =>
        values.Select((value, i) => new UnitRow(model, layer, kind, i, quantity, double.IsFinite(value) ? value : null));
}

/// <summary>The columns of units.parquet.</summary>
static class UnitColumns
{
    public static IReadOnlyList<RunColumn<UnitRow>> All { get; } =
    [
        new("model", "VARCHAR", "", "Short name of the model, unique in the run; the manifest has its path and hashes.", r => r.Model),
        new("layer", "INTEGER", "", "Index of the block, from 0; null of the unembedding.", r => r.Layer),
        new("kind", "VARCHAR", "", "head, neuron, block or unembedding.", r => r.Kind),
        new("index", "INTEGER", "", "Which head or neuron, from 0; of a mixture's neurons expert · d_ff + neuron; of a block's biases the expert, 0 where there are no experts; null of the unembedding.", r => r.Index),
        new("quantity", "VARCHAR", "", "Over prompts, at their last position: a_mean, mean of A_p, and a_negative_mean, mean of min(A_p, 0). From weights alone, with --weights: s_up, s_gate, tau, bias_cosine, bias_difference, folded_norm.", r => r.Quantity),
        new("value", "DOUBLE", "", "The figure; null where it is undefined, as a cosine with a vector of length 0.", r => r.Value),
    ];
}
