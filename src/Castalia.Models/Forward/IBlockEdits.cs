using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Something that changes activations while a block is computed: what follows is computed from what it leaves.</summary>
interface IBlockEdits
{
    /// <summary>A site has been computed, and nothing after it.</summary>
    /// <param name="site">The site; attn_out and mlp_out as they are added to the stream.</param>
    /// <param name="activations">Those of the chunk; sites after this one hold nothing yet.</param>
    void Edit(ResidualSite site, BlockActivations activations);
}
