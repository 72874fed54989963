using Castalia.Architectures;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>What one chunk of prompts left behind at every site of one block; overwritten by the next.</summary>
sealed unsafe class BlockActivations : IDisposable
{
    readonly FloatBuffer[] _sites = [.. ResidualSites.All.Select(_ => new FloatBuffer())];
    readonly int[] _widths;

    public BlockActivations(Architecture architecture)
    {
        _widths = [.. ResidualSites.All.Select(site => WidthOf(architecture, site))];
        Sites = [.. ResidualSites.All.Where(site => Width(site) > 0)];
    }

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

    /// <summary>First value of a site, [tokens × width].</summary>
    public float* this[ResidualSite site] => _sites[(int)site].Data;

    /// <summary>One token's vector at a site.</summary>
    public Span<float> Row(ResidualSite site, int token) => _sites[(int)site].Row(token, Width(site));

    /// <summary>Makes room for a chunk.</summary>
    public void Resize(int tokens)
    {
        foreach (var site in Sites) _sites[(int)site].Resize((long)tokens * Width(site));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _sites) buffer.Dispose();
    }
}
