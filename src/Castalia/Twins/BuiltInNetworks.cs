using Castalia.Untrained;

namespace Castalia.Twins;

/// <summary>Networks that need no file of the user's: the untrained ones and the trained twins, each made in the cache when it is first named.</summary>
static class BuiltInNetworks
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. ShippedTwins.Names, .. UntrainedNetworks.Names];

    /// <summary>The folder of a name; null where there is none of it.</summary>
    /// <param name="named">The name.</param>
    /// <param name="cacheFolder">Where it is made; null for the user's cache.</param>
    /// <exception cref="InputException">The cache cannot be written.</exception>
    public static string? Find(string named, string? cacheFolder = null)
    {
        if (!named.StartsWith(ShippedTwin.NamePrefix, StringComparison.Ordinal) && !named.StartsWith(UntrainedNetwork.NamePrefix, StringComparison.Ordinal)) return null;
        string cache = cacheFolder ?? UntrainedNetworks.DefaultCache;
        return ShippedTwins.All.FirstOrDefault(twin => twin.Name == named) is { } twin ? ShippedTwins.Ensure(twin, cache, say: null, CancellationToken.None)
            : UntrainedNetworks.Names.Contains(named) ? UntrainedNetworks.Ensure(cache, progress: null, CancellationToken.None).Single(path => Path.GetFileName(path) == named)
            : null;
    }
}
