using System.Globalization;
using Castalia.Residual;

namespace Castalia;

/// <summary>A place where activations are read or changed: a site of one block.</summary>
/// <remarks>
/// Written <c>blocks.3.resid_post</c>. TransformerLens's names of the sites whose values are the same there are read too, <c>blocks.3.hook_resid_post</c>.
/// A text stands for the site it names wherever a site is asked for.
/// </remarks>
/// <param name="Kind">Which site.</param>
/// <param name="Block">Block, from 0.</param>
/// <example>
/// <code>
/// Site site = "blocks.3.hook_resid_post";
/// Show(site.Kind, site.Block, site.Name);
/// </code>
/// </example>
public readonly record struct Site(ResidualSite Kind, int Block)
{
    /// <summary>The name in files and messages.</summary>
    /// <example><code>Show(new Site(ResidualSite.MlpOut, 3).Name);</code></example>
    public string Name => FormattableString.Invariant($"blocks.{Block}.{Kind.Name()}");

    /// <summary>TransformerLens's name; null where it has no site of the same values (attn_in and mlp_in, which it reads before the norm or its weight).</summary>
    /// <remarks>Values agree with a model that it loads by <c>from_pretrained_no_processing</c>.</remarks>
    /// <example><code>Show(new Site(ResidualSite.Z, 3).TransformerLensName);</code></example>
    public string? TransformerLensName => HookNames.Of(Kind, Block);

    /// <summary>The site of a name of either kind.</summary>
    /// <param name="name">As <c>blocks.3.resid_post</c> or <c>blocks.3.hook_resid_post</c>.</param>
    /// <exception cref="InputException">It names no site.</exception>
    /// <example><code>Show(Site.Parse("blocks.0.attn.hook_z") == new Site(ResidualSite.Z, 0));</code></example>
    public static Site Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (HookNames.Find(name) is var (hooked, of)) return new(hooked, of);
        string[] parts = name.Split('.');
        return parts is ["blocks", var block, var site] && int.TryParse(block, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && ResidualSites.Find(site) is { } kind
            ? new(kind, index)
            : throw Misuse.NoSuchName(name);
    }

    /// <summary>As <see cref="Parse"/>.</summary>
    /// <exception cref="InputException">It names no site.</exception>
    public static implicit operator Site(string name) => Parse(name);

    /// <summary>As <see cref="Parse"/>; what languages without implicit conversions call.</summary>
    /// <exception cref="InputException">It names no site.</exception>
    /// <example><code>Show(Site.FromString("blocks.1.resid_pre"));</code></example>
    public static Site FromString(string name) => Parse(name);

    /// <summary>The <see cref="Name"/>.</summary>
    /// <example><code>Show(new Site(ResidualSite.Post, 0).ToString());</code></example>
    public override string ToString() => Name;
}
