using Castalia.Architectures;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>What one chunk of prompts left behind at every site of one block; overwritten by the next.</summary>
/// <remarks>Every site but z is packed, as the linear layers read and write it.</remarks>
sealed unsafe class BlockActivations : IDisposable
{
    readonly PackedTokens[] _own = [.. ResidualSites.All.Select(_ => new PackedTokens())];
    readonly PackedTokens[] _sites;
    readonly FloatBuffer _z = new();
    readonly int[] _widths;

    public BlockActivations(Architecture architecture)
    {
        _sites = [.. _own];
        _widths = [.. ResidualSites.All.Select(site => WidthOf(architecture, site))];
        Sites = [.. ResidualSites.All.Where(site => Width(site) > 0)];
    }

    /// <summary>Whose queries, keys and values were those of the chunk; null where nobody said.</summary>
    public AttentionPass? Attention { get; init; }

    /// <summary>Sites this architecture has.</summary>
    public IReadOnlyList<ResidualSite> Sites { get; }

    /// <summary>Width of a site; 0 where the architecture has no such site.</summary>
    public static int WidthOf(Architecture architecture, ResidualSite site) => site switch
    {
        ResidualSite.Z => architecture.NHeads * architecture.HeadDim,
        ResidualSite.MlpPost => architecture.Mlp == MlpKind.Mixture ? 0 : architecture.DFf, // a mixture has one for each expert
        ResidualSite.Mid when architecture.Wiring != Wiring.Sequential => 0,
        _ => architecture.DModel,
    };

    /// <summary>Width of a site, values.</summary>
    public int Width(ResidualSite site) => _widths[(int)site];

    /// <summary>z, [tokens × width].</summary>
    public float* Z => _z.Data;

    /// <summary>A site other than z.</summary>
    public PackedTokens this[ResidualSite site] =>
        site != ResidualSite.Z ? _sites[(int)site] : throw new ArgumentException("z is not packed.", nameof(site));

    /// <summary>One token's vector at a site.</summary>
    /// <param name="site">The site.</param>
    /// <param name="token">The token of the chunk.</param>
    /// <param name="to">[width], written.</param>
    public void Read(ResidualSite site, int token, Span<float> to)
    {
        if (site == ResidualSite.Z) RowOfZ(token).CopyTo(to);
        else this[site].Read(token, to);
    }

    /// <summary>Changes one token's vector at a site.</summary>
    /// <param name="site">The site.</param>
    /// <param name="token">The token of the chunk.</param>
    /// <param name="from">[width].</param>
    public void Write(ResidualSite site, int token, ReadOnlySpan<float> from)
    {
        if (site == ResidualSite.Z) from.CopyTo(RowOfZ(token));
        else this[site].Write(token, from);
    }

    /// <summary>One token's z.</summary>
    public Span<float> RowOfZ(int token) => _z.Row(token, Width(ResidualSite.Z));

    /// <summary>Makes room for a chunk.</summary>
    /// <param name="pre">resid_pre, which is read where it is.</param>
    /// <param name="sameInput">MLP and attention read the same: mlp_in is attn_in.</param>
    public void Begin(PackedTokens pre, bool sameInput)
    {
        foreach (var site in Sites)
        {
            if (site is ResidualSite.Pre or ResidualSite.Z) continue;
            bool isShared = site == ResidualSite.MlpIn && sameInput;
            _sites[(int)site] = isShared ? this[ResidualSite.AttnIn] : _own[(int)site].Resize(pre.Tokens, Width(site));
        }
        _sites[(int)ResidualSite.Pre] = pre;
        _z.Resize((long)pre.Tokens * Width(ResidualSite.Z));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var site in _own) site.Dispose();
        _z.Dispose();
    }
}
