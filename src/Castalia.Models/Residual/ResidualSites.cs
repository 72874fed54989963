namespace Castalia.Residual;

/// <summary>The sites' names in files and options.</summary>
static class ResidualSites
{
    static readonly (ResidualSite Site, string Name)[] Names =
    [
        (ResidualSite.Pre, "resid_pre"), (ResidualSite.AttnIn, "attn_in"), (ResidualSite.Z, "z"),
        (ResidualSite.AttnOut, "attn_out"), (ResidualSite.Mid, "resid_mid"), (ResidualSite.MlpIn, "mlp_in"),
        (ResidualSite.MlpPost, "mlp_post"), (ResidualSite.MlpOut, "mlp_out"), (ResidualSite.Post, "resid_post"),
    ];

    /// <summary>Every site, in the order a block produces them.</summary>
    public static IReadOnlyList<ResidualSite> All { get; } = [.. Names.Select(n => n.Site)];

    /// <summary>The site's name as written in files, e.g. <c>resid_post</c>.</summary>
    public static string Name(this ResidualSite site) => Names.First(n => n.Site == site).Name;

    /// <summary>The site of a name; null where there is none.</summary>
    public static ResidualSite? Find(string name) =>
        Names.Where(n => n.Name == name).Select(n => (ResidualSite?)n.Site).FirstOrDefault();
}
