using System.Globalization;

namespace Castalia.Residual;

/// <summary>By which names sites are written.</summary>
enum SiteNaming
{
    /// <summary>Those of this project.</summary>
    Castalia,
    /// <summary>Those of TransformerLens, where it has the site.</summary>
    TransformerLens,
}

/// <summary>TransformerLens's names of the sites, <c>blocks.3.hook_resid_post</c>: those whose values are the same there.</summary>
/// <remarks>
/// attn_in and mlp_in have none: <c>hook_attn_in</c> and <c>hook_mlp_in</c> lie before the norm, <c>ln1.hook_normalized</c> before its weight.
/// <c>hook_z</c> and <c>hook_result</c> have a heads' axis there, z here is heads one after the other. Values agree with a model that is loaded by
/// <c>from_pretrained_no_processing</c>; <c>from_pretrained</c> folds norms and centres what is written to the stream.
/// </remarks>
static class HookNames
{
    const string Blocks = "blocks.";

    static readonly (ResidualSite Site, string Hook)[] s_hooks =
    [
        (ResidualSite.Pre, "hook_resid_pre"), (ResidualSite.Z, "attn.hook_z"), (ResidualSite.AttnOut, "hook_attn_out"), (ResidualSite.Mid, "hook_resid_mid"),
        (ResidualSite.MlpPost, "mlp.hook_post"), (ResidualSite.MlpOut, "hook_mlp_out"), (ResidualSite.Post, "hook_resid_post"),
    ];

    /// <summary>The names, ℓ in place of the block.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. s_hooks.Select(hook => $"{Blocks}ℓ.{hook.Hook}")];

    /// <summary>The name of a site of a block; null where TransformerLens has none of the same values.</summary>
    /// <param name="site">The site.</param>
    /// <param name="block">From 0.</param>
    public static string? Of(ResidualSite site, int block) =>
        s_hooks.Where(hook => hook.Site == site).Select(hook => FormattableString.Invariant($"{Blocks}{block}.{hook.Hook}")).FirstOrDefault();

    /// <summary>The site and block of a name; null where it is none.</summary>
    public static (ResidualSite Site, int Block)? Find(string name)
    {
        if (!name.StartsWith(Blocks, StringComparison.Ordinal)) return null;
        int dot = name.IndexOf('.', Blocks.Length);
        if (dot < 0 || !int.TryParse(name.AsSpan(Blocks.Length, dot - Blocks.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int block)) return null;
        string hook = name[(dot + 1)..];
        return s_hooks.Where(of => of.Hook == hook).Select(of => ((ResidualSite, int)?)(of.Site, block)).FirstOrDefault();
    }
}
