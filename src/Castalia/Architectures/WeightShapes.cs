namespace Castalia.Architectures;

/// <summary>Which weights a description asks for, and their shapes.</summary>
public static class WeightShapes
{
    /// <summary>Whether every block has one of its own.</summary>
    public static bool IsPerLayer(WeightRole role) => role is not
        (WeightRole.Embedding or WeightRole.Unembedding or WeightRole.FinalNorm or WeightRole.FinalNormBias);

    /// <summary>Whether it is stored along one axis.</summary>
    public static bool IsVector(WeightRole role) => role is
        WeightRole.FinalNorm or WeightRole.FinalNormBias or WeightRole.AttnNorm or WeightRole.AttnNormBias or
        WeightRole.MlpNorm or WeightRole.MlpNormBias or WeightRole.QueryBias or WeightRole.KeyBias or WeightRole.ValueBias or
        WeightRole.AttnOutBias or WeightRole.MlpGateBias or WeightRole.MlpUpBias or WeightRole.MlpDownBias;

    /// <summary>Rows and columns of a role; a vector has one column.</summary>
    public static (int Out, int In) Of(Architecture a, WeightRole role) => role switch
    {
        WeightRole.Embedding or WeightRole.Unembedding => (a.DVocab, a.DModel),
        WeightRole.Query => (a.NHeads * a.HeadDim, a.DModel),
        WeightRole.QueryBias => (a.NHeads * a.HeadDim, 1),
        WeightRole.Key or WeightRole.Value => (a.NKvHeads * a.HeadDim, a.DModel),
        WeightRole.KeyBias or WeightRole.ValueBias => (a.NKvHeads * a.HeadDim, 1),
        WeightRole.AttnOut => (a.DModel, a.NHeads * a.HeadDim),
        WeightRole.MlpGate or WeightRole.MlpUp => (a.DFf, a.DModel),
        WeightRole.MlpGateBias or WeightRole.MlpUpBias => (a.DFf, 1),
        WeightRole.MlpDown => (a.DModel, a.DFf),
        WeightRole.FinalNorm or WeightRole.FinalNormBias or WeightRole.AttnNorm or WeightRole.AttnNormBias or
            WeightRole.MlpNorm or WeightRole.MlpNormBias or WeightRole.AttnOutBias or WeightRole.MlpDownBias => (a.DModel, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>The roles of a description, in the order of <see cref="WeightRole"/>: the family's slots, less what this model leaves out.</summary>
    public static IReadOnlyList<WeightRole> Needed(Architecture a) =>
        [.. a.Family.Tensors.Keys.Where(role => Has(a, role)).Order()];

    /// <summary>Parameters the description implies; a tied matrix counts once.</summary>
    public static long Parameters(Architecture a) => Needed(a).Sum(role =>
    {
        (int rows, int columns) = Of(a, role);
        return (long)rows * columns * (IsPerLayer(role) ? a.NLayers : 1);
    });

    static bool Has(Architecture a, WeightRole role) => role switch
    {
        WeightRole.Unembedding => !a.TiedUnembedding,
        WeightRole.QueryBias or WeightRole.KeyBias or WeightRole.ValueBias => a.QkvBias,
        WeightRole.AttnOutBias => a.AttnOutBias,
        WeightRole.MlpGate => a.Mlp == MlpKind.Gated,
        WeightRole.MlpGateBias => a.Mlp == MlpKind.Gated && a.MlpBias,
        WeightRole.MlpUpBias or WeightRole.MlpDownBias => a.MlpBias,
        _ => true,
    };
}
