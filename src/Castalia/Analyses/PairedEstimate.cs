using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>A figure of the last block at the last token that two models are compared in.</summary>
/// <param name="Key">As JSON and the store's views name it.</param>
/// <param name="Title">For people.</param>
/// <param name="Unit">Unit; empty for ratios.</param>
/// <param name="Of">Its value for a prompt; null where undefined.</param>
sealed record PairedMeasure(string Key, string Title, string Unit, Func<MeasuredPrompt, double?> Of)
{
    /// <summary>The family over which Holm adjusts, gain first.</summary>
    public static IReadOnlyList<PairedMeasure> All { get; } =
    [
        new("gain", "gain", "", p => p.Gain),
        new("entropy", "entropy", "nats", p => p.Entropy),
        new("align_attn", "alignment of attention", "", p => p.AlignAttn),
        new("align_mlp", "alignment of the MLP", "", p => p.AlignMlp),
    ];
}

/// <summary>One figure over the prompts of two models: first minus second, prompt by prompt.</summary>
sealed record PairedEstimate
{
    /// <summary>Which figure.</summary>
    public required PairedMeasure Measure { get; init; }

    /// <summary>Pairs left out because the figure is undefined for one of them.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Mean of the first over the pairs.</summary>
    public required Figure<double> MeanFirst { get; init; }

    /// <summary>Mean of the second.</summary>
    public required Figure<double> MeanSecond { get; init; }

    /// <summary>The differences, in the order of the pairs.</summary>
    public required IReadOnlyList<double> Differences { get; init; }

    /// <summary>Their mean, sd, median and 95 % BCa interval.</summary>
    public required Estimate Difference { get; init; }

    /// <summary>Student's t of the mean difference against 0, with its interval.</summary>
    public required Figure<TTest> T { get; init; }

    /// <summary>Wilcoxon's signed ranks of the differences.</summary>
    public required Figure<SignedRank> Wilcoxon { get; init; }

    /// <summary>Pairs in which the first is larger, against those in which the second is.</summary>
    public required Figure<Signs> Sign { get; init; }

    /// <summary>d_z: mean difference / sd of the differences.</summary>
    public required Figure<StandardisedMean> Effect { get; init; }

    /// <summary>Two one-sided tests of the mean difference within the margin; null where no margin was given or the figure is not the gain.</summary>
    public required Figure<Tost>? Equivalence { get; init; }

    /// <summary>p of t, adjusted by Holm over the figures compared that have one.</summary>
    public Figure<double> THolm { get; init; }

    /// <summary>p of Wilcoxon's test, adjusted alike.</summary>
    public Figure<double> WilcoxonHolm { get; init; }

    /// <summary>p of the sign test, adjusted alike.</summary>
    public Figure<double> SignHolm { get; init; }

    /// <summary>Every figure over the pairs.</summary>
    /// <param name="pairs">Prompts of both.</param>
    /// <param name="seed">Seed of the bootstraps.</param>
    /// <param name="margin">Largest difference of mean gain that counts as none; null where nobody said one.</param>
    public static IReadOnlyList<PairedEstimate> All(PromptPairs pairs, long seed, double? margin)
    {
        List<PairedEstimate> all = [.. PairedMeasure.All.Select((measure, i) => Of(measure, pairs, seed, i == 0 ? margin : null))];
        var t = Holm(all.Select(e => e.T.Then(t => Figure<double>.Of(t.PTwoSided))));
        var wilcoxon = Holm(all.Select(e => e.Wilcoxon.Then(w => Figure<double>.Of(w.PTwoSided))));
        var sign = Holm(all.Select(e => e.Sign.Then(s => Figure<double>.Of(s.PTwoSided))));
        return [.. all.Select((e, i) => e with { THolm = t[i], WilcoxonHolm = wilcoxon[i], SignHolm = sign[i] })];
    }

    static IReadOnlyList<Figure<double>> Holm(IEnumerable<Figure<double>> ps) => Multiplicity.OfDefined([.. ps], Multiplicity.Holm);

    static PairedEstimate Of(PairedMeasure measure, PromptPairs pairs, long seed, double? margin)
    {
        List<(double First, double Second)> values =
        [
            .. pairs.Pairs.Select(p => (First: measure.Of(p.First), Second: measure.Of(p.Second)))
                .Where(p => p.First is not null && p.Second is not null).Select(p => (p.First!.Value, p.Second!.Value)),
        ];
        double[] differences = [.. values.Select(v => v.First - v.Second)];
        return new()
        {
            Measure = measure,
            LeftOut = pairs.Pairs.Count - values.Count,
            MeanFirst = Mean([.. values.Select(v => v.First)]),
            MeanSecond = Mean([.. values.Select(v => v.Second)]),
            Differences = differences,
            Difference = Describe.Of(differences, seed),
            T = OneSampleT.Of(differences, 0),
            Wilcoxon = Statistics.Wilcoxon.SignedRank(differences, 0),
            Sign = SignTest.Of(differences, 0),
            Effect = EffectSize.OneSample(differences, 0),
            Equivalence = margin is { } bound ? Statistics.Equivalence.Mean(differences, 0, bound) : null,
        };
    }

    static Figure<double> Mean(double[] values) =>
        values.Length > 0 ? Figure<double>.Of(Describe.Mean(values)) : Figure<double>.Undefined("no pair has it in both");
}
