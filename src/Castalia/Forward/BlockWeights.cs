using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>A stored matrix read row by row in the order the arithmetic wants.</summary>
sealed class StoredRows(StoredWeight stored, int nHeads, int headDim) : IWeightRows
{
    public int Rows => stored.Out;

    public int Columns => stored.In;

    public void Widen(int row, int start, Span<float> destination) =>
        Checkpoints.Widen.Row(stored.Tensor, RowOrders.SourceRow(stored.Rows, row, nHeads, headDim), start, destination);
}

/// <summary>A norm's weight and bias.</summary>
/// <param name="Weight">[d_model].</param>
/// <param name="Bias">[d_model]; null for none.</param>
sealed record NormWeights(float[] Weight, float[]? Bias);

/// <summary>The weights of one block: vectors read, matrices left where they are.</summary>
sealed record BlockWeights(
    NormWeights AttnNorm, NormWeights MlpNorm, LinearWeights Query, LinearWeights Key, LinearWeights Value,
    LinearWeights AttnOut, LinearWeights? MlpGate, LinearWeights MlpUp, LinearWeights MlpDown)
{
    /// <summary>Block <paramref name="layer"/> of a model.</summary>
    public static BlockWeights Read(WeightReader read, int layer) => new(
        read.Norm(WeightRole.AttnNorm, WeightRole.AttnNormBias, layer),
        read.Norm(WeightRole.MlpNorm, WeightRole.MlpNormBias, layer),
        read.Linear(WeightRole.Query, WeightRole.QueryBias, layer),
        read.Linear(WeightRole.Key, WeightRole.KeyBias, layer),
        read.Linear(WeightRole.Value, WeightRole.ValueBias, layer),
        read.Linear(WeightRole.AttnOut, WeightRole.AttnOutBias, layer),
        read.Has(WeightRole.MlpGate, layer) ? read.Linear(WeightRole.MlpGate, WeightRole.MlpGateBias, layer) : null,
        read.Linear(WeightRole.MlpUp, WeightRole.MlpUpBias, layer),
        read.Linear(WeightRole.MlpDown, WeightRole.MlpDownBias, layer));
}

/// <summary>Turns stored tensors into what the passes take.</summary>
sealed class WeightReader(WeightMap map, Architecture architecture)
{
    /// <summary>The model stores this weight.</summary>
    public bool Has(WeightRole role, int? layer = null) => map.Find(role, layer) is not null;

    /// <summary>A matrix and its bias.</summary>
    public LinearWeights Linear(WeightRole weight, WeightRole? bias = null, int? layer = null) =>
        new(Rows(Stored(weight, layer), weight), bias is { } role ? VectorOrNull(role, layer) : null);

    /// <summary>A norm.</summary>
    public NormWeights Norm(WeightRole weight, WeightRole bias, int? layer = null) =>
        new(VectorOrNull(weight, layer) ?? throw Unbound(weight), VectorOrNull(bias, layer));

    /// <summary>One row of a matrix.</summary>
    public void Row(WeightRole weight, int row, Span<float> destination) =>
        Rows(Stored(weight, null), weight).Widen(row, 0, destination);

    float[]? VectorOrNull(WeightRole role, int? layer)
    {
        if (map.Find(role, layer) is not { } stored) return null;
        var values = new float[stored.Out];
        if (stored.Rows == RowOrder.AsStored)
        {
            Widen.Row(stored.Tensor, 0, 0, values);
            return values;
        }
        var whole = new float[stored.Tensor.Count];
        Widen.Row(stored.Tensor, 0, 0, whole);
        for (int i = 0; i < values.Length; i++)
            values[i] = whole[RowOrders.SourceRow(stored.Rows, i, HeadsOf(role), architecture.HeadDim)];
        return values;
    }

    StoredRows Rows(StoredWeight stored, WeightRole role) => new(stored, HeadsOf(role), architecture.HeadDim);

    int HeadsOf(WeightRole role) => role is WeightRole.Query or WeightRole.QueryBias ? architecture.NHeads : architecture.NKvHeads;

    StoredWeight Stored(WeightRole role, int? layer) => map.Find(role, layer) ?? throw Unbound(role);

    static InvalidOperationException Unbound(WeightRole role) => new($"{role} is not bound although the description asks for it.");
}
