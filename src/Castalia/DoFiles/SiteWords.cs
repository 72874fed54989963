using Castalia.Interventions;
using Castalia.Residual;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>Reads where an entry changes: <c>site</c>, by our name or by TransformerLens's, which names the block too.</summary>
static class SiteWords
{
    /// <summary>The site, and the block where its name has one; null without the key.</summary>
    /// <exception cref="InputException">No site at which changes are made.</exception>
    public static (ResidualSite Site, int? Block)? Read(YamlMap map)
    {
        if (!map.Has("site")) return null;
        if (HookNames.Find(map.Text("site").Value) is { } hook && Change.Places.Contains(hook.Site)) return hook;
        return (ResidualSites.Find(map.Word("site", [.. Change.Places.Select(place => place.Name())]))!.Value, null);
    }
}
