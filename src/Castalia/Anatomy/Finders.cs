using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Forward;
using Castalia.Runs;

namespace Castalia.Anatomy;

/// <summary>How directions of the stream are found.</summary>
static class Finders
{
    /// <summary>Those of a model; bands from the user's cache where they are there.</summary>
    /// <param name="name">The model's short name.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="say">Told, before the work, what it will take.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public static DirectionFinders Of(string name, int threads, Action<string> say, CancellationToken cancellation) => new(
        ReferenceComponents.Of,
        (checkpoint, architecture, tokenizer) => BandDecomposition.Of(
            new(name, WeightMap.Bind(architecture, checkpoint), checkpoint), tokenizer?.IdCount, BandCache.OfUser(), threads, say, cancellation));
}
