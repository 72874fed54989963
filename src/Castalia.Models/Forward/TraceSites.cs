using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Sites that were asked for by name.</summary>
public static class TraceSites
{
    /// <summary>Refuses a site that the checkpoint's architecture does not have, which would silently be missing from the file.</summary>
    /// <exception cref="InputException">Naming it.</exception>
    public static void RefuseAbsent(Checkpoint checkpoint, IEnumerable<ResidualSite> sites)
    {
        var architecture = ArchitectureReader.Read(checkpoint);
        foreach (var site in sites)
            if (BlockActivations.WidthOf(architecture, site) == 0) throw MeasurementErrors.NoSuchSite(site.Name(), architecture.Family.Title, checkpoint.Path);
    }
}
