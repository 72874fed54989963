using Castalia.Hub;
using Castalia.Twins;

namespace Castalia.Cli.Verbs;

/// <summary>What verbs take as a checkpoint.</summary>
static class CheckpointArgument
{
    /// <summary>The end of every description of such an argument.</summary>
    public const string Forms = "a folder holding config.json and weights, a GGUF file, owner/name[@revision] in the hub's cache (see pull), or a built-in network's name";

    /// <summary>Finds what was named, on disk or in the cache; nothing is fetched.</summary>
    public static CheckpointSource Find(string named, Wanted wanted = Wanted.Weights) =>
        CheckpointSource.Find((Path.Exists(named) ? null : BuiltInNetworks.Find(named)) ?? named, wanted, () => new HubCache(HubSettings.FromEnvironment().CacheFolder));
}
