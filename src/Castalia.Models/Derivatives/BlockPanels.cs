using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>A block's matrices, laid out for products with rows of tokens.</summary>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="a">The model.</param>
sealed class BlockPanels(Crew crew, Architecture a) : IDisposable
{
    /// <summary>Projection.</summary>
    public WeightPanels Query { get; } = new();

    /// <summary>Projection.</summary>
    public WeightPanels Key { get; } = new();

    /// <summary>Projection.</summary>
    public WeightPanels Value { get; } = new();

    /// <summary>Projection.</summary>
    public WeightPanels AttnOut { get; } = new();

    /// <summary>Of a gated MLP.</summary>
    public WeightPanels Gate { get; } = new();

    /// <summary>Of the MLP.</summary>
    public WeightPanels Up { get; } = new();

    /// <summary>Of the MLP.</summary>
    public WeightPanels Down { get; } = new();

    /// <summary>Lays out those of a block.</summary>
    /// <param name="w">The block.</param>
    /// <param name="isBackward">For ∂x = ∂y·W.</param>
    public void Lay(BlockWeights w, bool isBackward)
    {
        var mlp = w.Mlps[0];
        List<WeightPanels> panels =
        [
            Query.Of(w.Query.Weight, isBackward), Key.Of(w.Key.Weight, isBackward), Value.Of(w.Value.Weight, isBackward), AttnOut.Of(w.AttnOut.Weight, isBackward),
            Up.Of(mlp.Up.Weight, isBackward), Down.Of(mlp.Down.Weight, isBackward),
        ];
        if (a.Mlp == MlpKind.Gated) panels.Add(Gate.Of(mlp.Gate!.Weight, isBackward));
        WeightPanels.Pack(crew, panels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var panels in new[] { Query, Key, Value, AttnOut, Gate, Up, Down }) panels.Dispose();
    }
}
