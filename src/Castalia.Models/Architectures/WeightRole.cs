using System.Globalization;

namespace Castalia.Architectures;

/// <summary>A weight's part in the arithmetic.</summary>
enum WeightRole
{
    /// <summary>W_E, [d_vocab × d_model].</summary>
    Embedding,
    /// <summary>Learned positions, [n_ctx + offset × d_model].</summary>
    Positions,
    /// <summary>Norm the embedding goes through before the first block, [d_model].</summary>
    EmbeddingNorm,
    /// <summary>Its bias.</summary>
    EmbeddingNormBias,
    /// <summary>W_U, [d_vocab × d_model].</summary>
    Unembedding,
    /// <summary>[d_vocab].</summary>
    UnembeddingBias,
    /// <summary>Norm before the unembedding, [d_model].</summary>
    FinalNorm,
    /// <summary>Its bias.</summary>
    FinalNormBias,
    /// <summary>Norm attention reads through, [d_model].</summary>
    AttnNorm,
    /// <summary>Its bias.</summary>
    AttnNormBias,
    /// <summary>Norm attention's output goes through before it is added, [d_model].</summary>
    AttnPostNorm,
    /// <summary>Norm the MLP reads through, [d_model].</summary>
    MlpNorm,
    /// <summary>Its bias.</summary>
    MlpNormBias,
    /// <summary>Norm the MLP's output goes through before it is added, [d_model].</summary>
    MlpPostNorm,
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
    /// <summary>Norm of queries; shape by <see cref="QkNorm"/>.</summary>
    QueryNorm,
    /// <summary>Its bias.</summary>
    QueryNormBias,
    /// <summary>Norm of keys; shape by <see cref="QkNorm"/>.</summary>
    KeyNorm,
    /// <summary>Its bias.</summary>
    KeyNormBias,
    /// <summary>[d_model × n_heads·head_dim].</summary>
    AttnOut,
    /// <summary>[d_model].</summary>
    AttnOutBias,
    /// <summary>Scores of the experts, [experts × d_model]; mixtures only.</summary>
    Router,
    /// <summary>[d_ff × d_model]; gated MLPs, and each expert of a mixture.</summary>
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
enum RowOrder
{
    /// <summary>At n.</summary>
    AsStored,
    /// <summary>Query rows of a fused tensor [key/value head][its queries|k|v][head_dim]: GPT-NeoX, BLOOM, Falcon.</summary>
    FusedByGroupQuery,
    /// <summary>Key rows of the same.</summary>
    FusedByGroupKey,
    /// <summary>Value rows of the same.</summary>
    FusedByGroupValue,
    /// <summary>Query rows of a fused tensor of all queries, then all keys, then all values: GPT-2, Phi-3, MPT.</summary>
    FusedInTurnQuery,
    /// <summary>Key rows of the same.</summary>
    FusedInTurnKey,
    /// <summary>Value rows of the same.</summary>
    FusedInTurnValue,
    /// <summary>Query rows of a fused tensor of four parts, each a quarter of the queries, values and keys, in that order: CodeGen, trained on four cores.</summary>
    FusedInQuartersQuery,
    /// <summary>Key rows of the same.</summary>
    FusedInQuartersKey,
    /// <summary>Value rows of the same.</summary>
    FusedInQuartersValue,
    /// <summary>Gate rows of a fused tensor of gate, then up: Phi-3.</summary>
    FusedGate,
    /// <summary>Up rows of the same.</summary>
    FusedUp,
    /// <summary>Half-split pairs stored interleaved: row (head, s·head_dim/2 + i) is stored at (head, 2i + s). GGUF llama.</summary>
    InterleavedPairs,
}

/// <summary>The stored tensor behind a role.</summary>
/// <param name="Name">Name pattern; <c>{layer}</c> is the block index from 0, <c>{part}</c> the expert or head where each has a tensor of its own.</param>
/// <param name="Rows">How its rows are ordered.</param>
sealed record TensorSlot(string Name, RowOrder Rows = RowOrder.AsStored)
{
    /// <summary>Stored as [in × out]: GPT-2's Conv1D.</summary>
    public bool Transposed { get; init; }

    /// <summary>Another name that some checkpoints of the family have for it; null for none.</summary>
    public string? Or { get; init; }

    /// <summary>The name whose absence decides for <see cref="Or"/>; null for the slot's own. A bias goes with its weight.</summary>
    public string? Deciding { get; init; }

    /// <summary>A checkpoint may lack it in any block, and then nothing is added there.</summary>
    public bool Optional { get; init; }

    /// <summary>Each expert, or each head, has a tensor of its own.</summary>
    public bool InParts => Name.Contains("{part}", StringComparison.Ordinal);

    /// <summary>The tensor's name in a block; block and part do not matter to a name without them.</summary>
    public string NameIn(int layer, int part = 0) => Name
        .Replace("{layer}", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{part}", part.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
