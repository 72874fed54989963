using Castalia.Runs;

namespace Castalia.Anatomy.Units;

/// <summary>What the weights of a block say of its units, without any text; NaN where a figure is undefined.</summary>
sealed record BlockUnitWeights
{
    /// <summary>Block, from 0.</summary>
    public required int Block { get; init; }

    /// <summary>Cosine of the output biases of attention and MLP, of a mixture for each expert; empty where either has none.</summary>
    public required IReadOnlyList<double> BiasCosines { get; init; }

    /// <summary>‖b_O − b_down‖ over the mean of the two lengths, for each of these.</summary>
    public required IReadOnlyList<double> BiasDifferences { get; init; }

    /// <summary>τ = Tr(W_O,h·W_V,h·diag(γ))/‖W_O,h·W_V,h·diag(γ)‖_* of each query head, γ of the norm that attention reads through; −1 to 1.</summary>
    public required IReadOnlyList<double> Tau { get; init; }

    /// <summary>s_j = cos(W_down[:, j], γ ⊙ W_up[j, :]) of each neuron, expert after expert, γ of the norm that the MLP reads through.</summary>
    public required IReadOnlyList<double> Up { get; init; }

    /// <summary>The same with W_gate in the place of W_up; null where the MLP has no gate.</summary>
    public required IReadOnlyList<double>? Gate { get; init; }

    /// <summary>As rows of units.parquet.</summary>
    /// <param name="model">Short name of the model.</param>
    internal IEnumerable<UnitRow> Rows(string model) =>
        from figure in new[]
        {
            ("block", UnitRow.BiasCosine, BiasCosines), ("block", UnitRow.BiasDifference, BiasDifferences), ("head", UnitRow.Tau, Tau),
            ("neuron", UnitRow.CosineUp, Up), ("neuron", UnitRow.CosineGate, Gate ?? []),
        }
        from row in UnitRow.All(model, Block, figure.Item1, figure.Item2, figure.Item3)
        select row;
}

/// <summary>What the weights of a model say of some of its blocks, and of its unembedding.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="FoldedNorm">‖W_U·diag(γ)‖_F/√V, γ of the final norm, V rows without padding.</param>
sealed record ModelUnitWeights(IReadOnlyList<BlockUnitWeights> Blocks, double FoldedNorm)
{
    /// <summary>As rows of units.parquet.</summary>
    /// <param name="model">Short name of the model.</param>
    internal IEnumerable<UnitRow> Rows(string model) =>
        Blocks.SelectMany(block => block.Rows(model)).Append(new(model, null, "unembedding", null, UnitRow.FoldedNorm, double.IsFinite(FoldedNorm) ? FoldedNorm : null));
}
