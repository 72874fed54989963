using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The Bentov relation for every model of every run that was asked for.</summary>
/// <param name="Seed">Of permutations and bootstraps.</param>
/// <param name="Prompts">Last tokens, one entry per model and run.</param>
/// <param name="Positions">Every position, for runs that recorded them; null where it was not asked for.</param>
/// <param name="Holm">Holm's adjustment of the four permutation p-values, over the entries.</param>
/// <param name="Pairs">Samples of one model from different runs, two and two.</param>
sealed record Bentov(
    long Seed, IReadOnlyList<BentovPrompts> Prompts, IReadOnlyList<BentovPositions>? Positions, BentovHolm Holm, IReadOnlyList<TwoSamples> Pairs)
{
    /// <summary>The analysis.</summary>
    /// <param name="prompts">A sample of last tokens per model and run.</param>
    /// <param name="positions">Samples of every position; null for none.</param>
    /// <param name="seed">Of permutations and bootstraps.</param>
    /// <param name="cancellation">Stops between them.</param>
    public static Bentov Of(IReadOnlyList<GainSample> prompts, IReadOnlyList<GainSample>? positions, long seed, CancellationToken cancellation = default)
    {
        List<BentovPrompts> ofPrompts = [.. prompts.Select(sample => BentovPrompts.Of(sample, seed, cancellation))];
        List<BentovPositions>? ofPositions = positions is null ? null : [.. positions.Select(sample => BentovPositions.Of(sample, seed, cancellation))];
        List<ComparedSample> samples = [.. ofPrompts.Select(ComparedSample.Of), .. ofPositions?.Select(ComparedSample.Of) ?? []];
        return new(seed, ofPrompts, ofPositions, BentovHolm.Of(ofPrompts), [.. PairsOf(samples)]);
    }

    static IEnumerable<TwoSamples> PairsOf(List<ComparedSample> samples) =>
        from first in samples.Select((sample, index) => (sample, index))
        from second in samples.Skip(first.index + 1)
        where first.sample.Sample.Source.Run != second.Sample.Source.Run && first.sample.Sample.Source.IsModelOf(second.Sample.Source)
        select TwoSamples.Of(first.sample, second);
}

/// <summary>Holm's adjustments over models, one for each of the four correlations.</summary>
/// <param name="GainPearson">Of r(G, H).</param>
/// <param name="GainSpearman">Of ρ(G, H).</param>
/// <param name="DistancePearson">Of r(|G − 1|, H).</param>
/// <param name="DistanceSpearman">Of ρ(|G − 1|, H).</param>
sealed record BentovHolm(HolmOverModels GainPearson, HolmOverModels GainSpearman, HolmOverModels DistancePearson, HolmOverModels DistanceSpearman)
{
    /// <summary>Adjusts over the entries.</summary>
    public static BentovHolm Of(IReadOnlyList<BentovPrompts> models)
    {
        return new(Over(m => m.OfGain.PearsonP), Over(m => m.OfGain.SpearmanP), Over(m => m.OfDistance.PearsonP), Over(m => m.OfDistance.SpearmanP));

        HolmOverModels Over(Func<BentovPrompts, Figure<PermutationTest>> test) =>
            HolmOverModels.Of([.. models.Select(m => test(m).Then(t => Figure<double>.Of(t.P)))]);
    }
}
