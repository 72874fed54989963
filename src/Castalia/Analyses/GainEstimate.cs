using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>What makes a row of the table of gains.</summary>
enum GainGrouping
{
    /// <summary>A model of a run.</summary>
    Model,
    /// <summary>A category of a model of a run.</summary>
    Category,
}

/// <summary>One row: the last-layer gain at the last token over a group of prompts, and the tests of MEASUREMENT §6 against 1.</summary>
sealed record GainEstimate
{
    /// <summary>The rule by which a status is given.</summary>
    public const string StatusRule =
        "expansion: the 95 % BCa interval of the mean lies above 1; dampening: it lies below 1; neutral: it contains 1 (not shown to differ from 1, nor to be equal to it)";

    /// <summary>The model.</summary>
    public required MeasuredModel Model { get; init; }

    /// <summary>The category; null in rows of whole models, and of the prompts that have none.</summary>
    public required string? Category { get; init; }

    /// <summary>Prompts of the group.</summary>
    public required int Prompts { get; init; }

    /// <summary>Mean, sd, median and 95 % BCa interval over the prompts where the gain is defined.</summary>
    public required Estimate Gain { get; init; }

    /// <summary>Where 1 lies against that interval.</summary>
    public required GainStatus Status { get; init; }

    /// <summary>Prompts with a gain below 1.</summary>
    public required int BelowOne { get; init; }

    /// <summary>Wilson's 95 % interval of their share.</summary>
    public required Figure<Interval> BelowOneShare { get; init; }

    /// <summary>Student's t of the mean against 1.</summary>
    public required Figure<TTest> T { get; init; }

    /// <summary>Wilcoxon's signed ranks against 1.</summary>
    public required Figure<SignedRank> Wilcoxon { get; init; }

    /// <summary>(mean − 1)/sd, and Hedges' g.</summary>
    public required Figure<StandardisedMean> Effect { get; init; }

    /// <summary>p of t, adjusted by Holm over the rows shown that have one.</summary>
    public Figure<double> THolm { get; init; }

    /// <summary>p of Wilcoxon's test, adjusted alike.</summary>
    public Figure<double> WilcoxonHolm { get; init; }

    /// <summary>A row for each model, or for each category of each, in their order; stops between resamples.</summary>
    /// <remarks>The bootstrap starts from the run's own seed, so that intervals are those that the run's summary.json holds.</remarks>
    public static IReadOnlyList<GainEstimate> All(IReadOnlyList<MeasuredModel> models, GainGrouping by, CancellationToken cancellation = default)
    {
        List<(MeasuredModel Model, string? Category, IReadOnlyList<MeasuredPrompt> Prompts)> groups =
        [
            .. models.SelectMany(model => by == GainGrouping.Model
                ? [(model, (string?)null, model.Prompts)]
                : model.Prompts.GroupBy(p => p.Category).Select(category => (model, category.Key, (IReadOnlyList<MeasuredPrompt>)[.. category]))),
        ];
        var rows = new GainEstimate[groups.Count];
        Parallel.For(0, rows.Length, new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            i => rows[i] = Of(groups[i].Model, groups[i].Category, groups[i].Prompts, cancellation));
        var t = Holm(rows.Select(r => r.T.Then(t => Figure<double>.Of(t.PTwoSided))));
        var wilcoxon = Holm(rows.Select(r => r.Wilcoxon.Then(w => Figure<double>.Of(w.PTwoSided))));
        return [.. rows.Select((row, i) => row with { THolm = t[i], WilcoxonHolm = wilcoxon[i] })];
    }

    static IReadOnlyList<Figure<double>> Holm(IEnumerable<Figure<double>> ps) => Multiplicity.OfDefined([.. ps], Multiplicity.Holm);

    static GainEstimate Of(MeasuredModel model, string? category, IReadOnlyList<MeasuredPrompt> prompts, CancellationToken cancellation)
    {
        double[] gains = [.. prompts.Where(p => p.Gain is not null).Select(p => p.Gain!.Value)];
        var gain = Describe.Of(gains, model.Settings.Seed, cancellation);
        int below = gains.Count(g => g < 1);
        return new()
        {
            Model = model,
            Category = category,
            Prompts = prompts.Count,
            Gain = gain,
            Status = GainStatuses.Of(gain.Interval95),
            BelowOne = below,
            BelowOneShare = Proportion.Wilson(below, gains.Length),
            T = OneSampleT.Of(gains, 1),
            Wilcoxon = Statistics.Wilcoxon.SignedRank(gains, 1),
            Effect = EffectSize.OneSample(gains, 1),
        };
    }
}
