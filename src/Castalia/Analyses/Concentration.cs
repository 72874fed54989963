using Castalia.Attribution;
using Castalia.Runs;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>What goes with the certainty of the next token: how few neurons carry the negative part, and how large it is. Over prompts or positions, intervals by text.</summary>
/// <param name="Sampling">Last tokens, or every position but the first.</param>
/// <param name="Half">How many neurons carry half of the negative part, with entropy.</param>
/// <param name="Participation">Participation ratio of the negative part, with entropy.</param>
/// <param name="Controls">What the slopes hold fixed.</param>
/// <param name="Adjusted">Slope of ln of the participation ratio on entropy, errors by text.</param>
/// <param name="Below">The same of Σ A of the neurons below 0.</param>
/// <param name="Above">The same of Σ A of the others.</param>
sealed record Concentration(
    Sampling Sampling, ClusteredRelation Half, ClusteredRelation Participation, Controls Controls, Figure<AdjustedSlope> Adjusted, Figure<AdjustedSlope> Below,
    Figure<AdjustedSlope> Above)
{
    /// <summary>Of one block; null where no reading has an entropy and a neuron below 0.</summary>
    /// <param name="run">The model.</param>
    /// <param name="block">The block.</param>
    /// <param name="sampling">Which positions.</param>
    /// <param name="seed">Of the bootstraps.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Concentration? Of(AttributedRun run, int block, Sampling sampling, long seed, CancellationToken cancellation)
    {
        var readings = Readings(run, block, sampling).ToList();
        if (readings.Count == 0) return null;
        double[] entropy = [.. readings.Select(r => r.Entropy)];
        IReadOnlyList<IReadOnlyList<int>> clusters = [.. Enumerable.Range(0, readings.Count).GroupBy(i => readings[i].Prompt).Select(group => group.ToArray())];
        var controls = Held(run, readings, sampling);
        return new(
            sampling,
            ClusteredRelation.Of([.. readings.Select(r => (double)r.Parts.HalfOfNegative)], entropy, clusters, seed, cancellation),
            ClusteredRelation.Of([.. readings.Select(r => r.Parts.NegativeParticipation)], entropy, clusters, seed, cancellation),
            controls,
            Slope(parts => Math.Log(parts.NegativeParticipation)), Slope(parts => parts.Negative), Slope(parts => parts.Positive));

        Figure<AdjustedSlope> Slope(Func<Parts, double> figure) => AdjustedSlope.Of(
            entropy, [.. readings.Select(r => figure(r.Parts))], controls,
            sampling == Sampling.EveryPosition ? [.. readings.Select(r => FormattableString.Invariant($"{r.Prompt}"))] : null);
    }

    static IEnumerable<(int Prompt, int Position, double Entropy, Parts Parts)> Readings(AttributedRun run, int block, Sampling sampling) =>
        from prompt in run.Prompts.Index()
        let measured = run.Model.Measurement.Prompts[prompt.Index]
        from b in prompt.Item.Blocks
        where b.Block == block && b.Neurons.NegativeParticipation > 0 && (sampling == Sampling.EveryPosition ? b.Position > 0 : b.Position == measured.Ids.Count - 1)
        let output = run.Model.Measurement.Readings[prompt.Index].Outputs[b.Position]
        where output is not null
        select (prompt.Index, b.Position, output.Value.EntropyNats, b.Neurons);

    /// <summary>Length, and category where every text has one and no category has a single text.</summary>
    static Controls Held(AttributedRun run, IReadOnlyList<(int Prompt, int Position, double Entropy, Parts Parts)> readings, Sampling sampling)
    {
        var controls = Controls.None;
        double[] length = [.. readings.Select(r => Math.Log(r.Position + 1))];
        if (Array.Exists(length, l => l != length[0])) controls = controls.With(sampling == Sampling.EveryPosition ? "log position" : "log tokens", length);
        string?[] category = [.. readings.Select(r => run.Model.Measurement.Prompts[r.Prompt].Prompt.Category)];
        var kinds = readings.Select(r => r.Prompt).Distinct().GroupBy(p => run.Model.Measurement.Prompts[p].Prompt.Category).ToList();
        if (kinds.Count < 2 || kinds.Any(kind => kind.Key is null || kind.Count() == 1)) return controls;
        foreach (var kind in kinds.Skip(1)) controls = controls.With($"category {kind.Key}", [.. category.Select(c => c == kind.Key ? 1.0 : 0.0)]);
        return controls with { Names = [.. controls.Names.Where(name => !name.StartsWith("category ", StringComparison.Ordinal)), "category"] };
    }
}
