namespace Castalia;

/// <summary>A place in a block where activations are read; names as in the golden files and TransformerLens.</summary>
public enum ResidualSite
{
    /// <summary>resid_pre: the stream entering the block, [position × d_model].</summary>
    Pre,
    /// <summary>attn_in: what attention reads, after its norm, [position × d_model].</summary>
    AttnIn,
    /// <summary>z: input of attention's output projection, heads concatenated, [position × n_heads·head_dim].</summary>
    Z,
    /// <summary>attn_out: what attention adds to the stream, [position × d_model].</summary>
    AttnOut,
    /// <summary>resid_mid: the stream between attention and MLP, [position × d_model]; sequential blocks only.</summary>
    Mid,
    /// <summary>mlp_in: what the MLP reads, after its norm, [position × d_model].</summary>
    MlpIn,
    /// <summary>mlp_post: input of the down projection, [position × d_ff]; none in mixtures of experts.</summary>
    MlpPost,
    /// <summary>mlp_out: what the MLP adds to the stream, [position × d_model].</summary>
    MlpOut,
    /// <summary>resid_post: the stream leaving the block, [position × d_model].</summary>
    Post,
}
