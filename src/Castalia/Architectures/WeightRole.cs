using System.Globalization;

namespace Castalia.Architectures;

/// <summary>A weight's part in the arithmetic.</summary>
public enum WeightRole
{
    /// <summary>W_E, [d_vocab × d_model].</summary>
    Embedding,
    /// <summary>W_U, [d_vocab × d_model].</summary>
    Unembedding,
    /// <summary>Norm before the unembedding, [d_model].</summary>
    FinalNorm,
    /// <summary>Its bias.</summary>
    FinalNormBias,
    /// <summary>Norm attention reads through, [d_model].</summary>
    AttnNorm,
    /// <summary>Its bias.</summary>
    AttnNormBias,
    /// <summary>Norm the MLP reads through, [d_model].</summary>
    MlpNorm,
    /// <summary>Its bias.</summary>
    MlpNormBias,
    /// <summary>[n_heads·head_dim × d_model], heads contiguous.</summary>
    Query,
    /// <summary>[n_heads·head_dim].</summary>
    QueryBias,
    /// <summary>[n_kv_heads·head_dim × d_model], heads contiguous.</summary>
    Key,
    /// <summary>[n_kv_heads·head_dim].</summary>
    KeyBias,
    /// <summary>[n_kv_heads·head_dim × d_model], heads contiguous.</summary>
    Value,
    /// <summary>[n_kv_heads·head_dim].</summary>
    ValueBias,
    /// <summary>[d_model × n_heads·head_dim].</summary>
    AttnOut,
    /// <summary>[d_model].</summary>
    AttnOutBias,
    /// <summary>[d_ff × d_model]; gated MLPs only.</summary>
    MlpGate,
    /// <summary>[d_ff].</summary>
    MlpGateBias,
    /// <summary>[d_ff × d_model].</summary>
    MlpUp,
    /// <summary>[d_ff].</summary>
    MlpUpBias,
    /// <summary>[d_model × d_ff].</summary>
    MlpDown,
    /// <summary>[d_model].</summary>
    MlpDownBias,
}

/// <summary>Where row n of a role's matrix (or element n of its bias) stands in the stored tensor.</summary>
public enum RowOrder
{
    /// <summary>At n.</summary>
    AsStored,
    /// <summary>Query rows of a fused tensor [head][q|k|v][head_dim]: GPT-NeoX.</summary>
    FusedByHeadQuery,
    /// <summary>Key rows of the same.</summary>
    FusedByHeadKey,
    /// <summary>Value rows of the same.</summary>
    FusedByHeadValue,
    /// <summary>Half-split pairs stored interleaved: row (head, s·head_dim/2 + i) is stored at (head, 2i + s). GGUF llama.</summary>
    InterleavedPairs,
}

/// <summary>The stored tensor behind a role.</summary>
/// <param name="Name">Name pattern; <c>{layer}</c> is the block index from 0.</param>
/// <param name="Rows">How its rows are ordered.</param>
public sealed record TensorSlot(string Name, RowOrder Rows = RowOrder.AsStored)
{
    /// <summary>The tensor's name in a block; the block does not matter to a name without <c>{layer}</c>.</summary>
    public string NameIn(int layer) => Name.Replace("{layer}", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
