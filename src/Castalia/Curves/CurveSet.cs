using Castalia.Analyses;
using Castalia.Errors;
using Castalia.Store;

namespace Castalia.Curves;

/// <summary>Curves of one reading over stored runs.</summary>
/// <param name="Reading">What is followed.</param>
/// <param name="Curves">At least one.</param>
/// <param name="Kept">Steps of equal weights that were to be kept, by training.</param>
/// <param name="Unknown">Curves of which some steps are known by their names alone.</param>
/// <param name="Found">What the runs hold.</param>
/// <param name="Seed">Seed of the bootstraps.</param>
sealed record CurveSet(
    CurveReading Reading, IReadOnlyList<Curve> Curves, IReadOnlyList<(string Label, IReadOnlyList<long> Steps)> Kept, IReadOnlyList<string> Unknown, StoredSteps Found, long Seed)
{
    /// <summary>Of stored runs.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="reading">What is followed.</param>
    /// <param name="by">Whether each category of prompts has a curve of its own.</param>
    /// <param name="duplicates">What becomes of steps of equal weights, but for steps 0 and 1.</param>
    /// <param name="seed">Seed of the bootstraps.</param>
    /// <param name="cancellation">Stops reading and resampling.</param>
    /// <exception cref="InputException">No training has two steps, two steps hold the same weights, or one was measured with two sets of them.</exception>
    public static CurveSet Of(RunStore store, CurveReading reading, GainGrouping by, DuplicateSteps duplicates, long seed, CancellationToken cancellation)
    {
        var found = StoredSteps.Of(store, reading, by, cancellation);
        if (found.Series.Count == 0) throw CurveErrors.NoCurve(found, reading, store.Folder);
        var distinct = DistinctSteps.Of(found.Series, duplicates);
        List<Curve> curves = [.. distinct.Series.Where(series => series.Steps.Count > 1).Select(series => Curve.Of(series, reading, seed, cancellation))];
        return curves.Count == 0 ? throw CurveErrors.NoCurve(found, reading, store.Folder) : new(reading, curves, distinct.Kept, distinct.Unknown, found, seed);
    }
}
