using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Gain and entropy within one category.</summary>
/// <param name="Category">The category.</param>
/// <param name="Prompts">Prompts in it.</param>
/// <param name="Pearson">r(gain, entropy) of its prompts.</param>
/// <param name="P">Its permutation p, two-sided, over orders of these prompts.</param>
/// <param name="Holm">That p adjusted over the categories in which it is defined.</param>
sealed record WithinCategory(string Category, int Prompts, Figure<Association> Pearson, Figure<PermutationTest> P, Figure<double> Holm)
{
    /// <summary>Each category, in order of first appearance; none where prompts have no categories.</summary>
    /// <param name="sample">The readings.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="cancellation">Stops between them.</param>
    public static IReadOnlyList<WithinCategory> All(GainSample sample, long seed, CancellationToken cancellation = default)
    {
        List<WithinCategory> all = [.. sample.Categories.Select(name =>
        {
            List<GainPoint> points = [.. sample.Points.Where(p => p.Category == name)];
            double[] gains = [.. points.Select(p => p.Gain)], entropies = [.. points.Select(p => p.Entropy)];
            return new WithinCategory(
                name, points.Count, Correlation.Pearson(gains, entropies),
                Permutation.PearsonP(gains, entropies, Relation.Permutations, seed, threads: null, cancellation), Figure<double>.Undefined("not adjusted"));
        })];
        var holm = Multiplicity.OfDefined([.. all.Select(c => c.P.Then(t => Figure<double>.Of(t.P)))], Multiplicity.Holm);
        return [.. all.Select((c, i) => c with { Holm = holm[i] })];
    }

    /// <summary>r(gain, entropy) with the categories' means taken out of both.</summary>
    public static Figure<Association> Pooled(GainSample sample)
    {
        var controls = Controls.None.WithCategory(sample);
        return controls.Columns.Count == 0
            ? Figure<Association>.Undefined(controls.LeftOut[0])
            : PartialCorrelation.Of(sample.Gains, sample.Entropies, controls.Columns);
    }

    /// <summary>Its permutation p: entropies change places within their category only.</summary>
    /// <param name="sample">The readings.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="cancellation">Stops between them.</param>
    public static Figure<PermutationTest> PooledP(GainSample sample, long seed, CancellationToken cancellation = default) => sample.Categories.Count == 0
        ? Figure<PermutationTest>.Undefined(Controls.None.WithCategory(sample).LeftOut[0])
        : Permutation.PearsonPWithin(
            sample.Gains, sample.Entropies, [.. sample.Points.Select(p => p.Category!)], Relation.Permutations, seed, threads: null, cancellation);
}
