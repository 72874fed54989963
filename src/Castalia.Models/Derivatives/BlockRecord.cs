using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>What the forward pass of a block keeps for its derivatives.</summary>
sealed class BlockRecord : IDisposable
{
    /// <summary>resid_pre, [tokens × d_model].</summary>
    public PaddedRows Pre { get; } = new();

    /// <summary>resid_mid, [tokens × d_model]; empty in parallel blocks.</summary>
    public PaddedRows Mid { get; } = new();

    /// <summary>Of the norm before attention, [tokens].</summary>
    public NormStatistics[] AttnNorm { get; private set; } = [];

    /// <summary>Of the norm before the MLP, [tokens].</summary>
    public NormStatistics[] MlpNorm { get; private set; } = [];

    /// <summary>Makes room for the statistics of norms.</summary>
    public void Resize(int tokens)
    {
        if (AttnNorm.Length < tokens) (AttnNorm, MlpNorm) = (new NormStatistics[tokens], new NormStatistics[tokens]);
    }

    /// <summary>Queries as they go into the scores, [tokens × n_heads·head_dim].</summary>
    public PaddedRows Query { get; } = new();

    /// <summary>Keys as they go into the scores, [tokens × n_kv_heads·head_dim].</summary>
    public PaddedRows Key { get; } = new();

    /// <summary>Values, [tokens × n_kv_heads·head_dim].</summary>
    public PaddedRows Value { get; } = new();

    /// <summary>Of every query and head the largest score and 1 over the softmax's sum, [tokens × n_heads·2].</summary>
    public PaddedRows Softmax { get; } = new();

    /// <summary>What attention reads, [tokens × d_model].</summary>
    public PaddedRows AttnIn { get; } = new();

    /// <summary>z, [tokens × n_heads·head_dim].</summary>
    public PaddedRows Z { get; } = new();

    /// <summary>What the MLP reads, [tokens × d_model]; empty where it is what attention reads.</summary>
    public PaddedRows MlpIn { get; } = new();

    /// <summary>mlp_post, [tokens × d_ff].</summary>
    public PaddedRows Post { get; } = new();

    /// <summary>∂mlp_post by the up projection, [tokens × d_ff].</summary>
    public PaddedRows ByUp { get; } = new();

    /// <summary>∂mlp_post by the gate before its activation, [tokens × d_ff]; empty in plain MLPs.</summary>
    public PaddedRows ByGate { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in new IDisposable[] { Pre, Mid, Query, Key, Value, Softmax, AttnIn, Z, MlpIn, Post, ByUp, ByGate }) part.Dispose();
    }
}
