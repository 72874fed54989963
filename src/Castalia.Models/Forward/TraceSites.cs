using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Sites that were asked for by name.</summary>
static class TraceSites
{
    /// <summary>Refuses a site that the checkpoint's architecture does not have, which would silently be missing from the file.</summary>
    /// <exception cref="InputException">Naming it; or naming a block that the model does not have.</exception>
    public static void RefuseAbsent(Checkpoint checkpoint, TraceOptions options)
    {
        var architecture = ArchitectureReader.Read(checkpoint);
        var sites = options.Sites;
        foreach (var (site, blocks) in options.Blocks)
            if (blocks.Max() >= architecture.NLayers) throw MeasurementErrors.NoSuchBlock(HookNames.Of(site, blocks.Max())!, architecture.NLayers, checkpoint.Path);
        foreach (var site in sites)
            if (BlockActivations.WidthOf(architecture, site) == 0) throw MeasurementErrors.NoSuchSite(site.Name(), architecture.Family.Title, checkpoint.Path);
    }
}
