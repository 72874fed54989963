using Castalia.Interventions;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>What one intervention does, over the prompts that have a gain under it and without it.</summary>
/// <param name="Intervention">What was done.</param>
/// <param name="Prompts">How many prompts it was made on.</param>
/// <param name="Gain">Mean gain of the last block.</param>
/// <param name="GainChange">Change of that gain.</param>
/// <param name="EntropyChange">Mean change of the entropy; nats.</param>
/// <param name="Kl">Mean KL(clean ‖ do); nats.</param>
/// <param name="TopKept">Prompts whose top token stays.</param>
/// <param name="LossChange">Mean change of the cross-entropy of the texts; nats; NaN where it was not read.</param>
/// <param name="Form">How it was computed.</param>
sealed record InterventionEffect(
    Intervention Intervention, int Prompts, double Gain, Estimate GainChange, double EntropyChange, double Kl, int TopKept, double LossChange, EffectForm Form)
{
    /// <summary>Of some interventions of a run, in their order.</summary>
    /// <param name="run">The run.</param>
    /// <param name="some">Their indices.</param>
    /// <param name="seed">Seed of the intervals.</param>
    public static IReadOnlyList<InterventionEffect> Of(IntervenedRun run, IEnumerable<int> some, long seed) => [.. some.Select(k => Of(run, k, seed))];

    /// <summary>Mean change of the last block's gain under each intervention; NaN where no prompt has one.</summary>
    public static double[] GainChanges(IntervenedRun run) =>
        [.. Enumerable.Range(0, run.Measured.Interventions.Count).Select(k => Changes(run, k) is { Length: > 0 } changes ? changes.Average() : double.NaN)];

    static double[] Changes(IntervenedRun run, int k) =>
        [.. Made(run, k).Select(one => one.Reading.Gains[^1] - one.Clean.Blocks[^1][^1].Gain).Where(double.IsFinite)];

    /// <summary>Prompts that it was made on.</summary>
    static IEnumerable<(InterventionReading Reading, PromptReadings Clean)> Made(IntervenedRun run, int k) =>
        run.Measured.Prompts.Select((readings, p) => (Reading: readings[k], Clean: run.Model.Measurement.Readings[p])).Where(one => one.Reading is not null).Select(one => (one.Reading!, one.Clean));

    static InterventionEffect Of(IntervenedRun run, int k, long seed)
    {
        var (readings, clean) = (Made(run, k).Select(one => one.Reading).ToArray(), Made(run, k).Select(one => one.Clean).ToArray());
        double[] gains = [.. readings.Select(reading => reading.Gains[^1]).Where(double.IsFinite)];
        return new(
            run.Measured.Interventions[k], readings.Length, gains.Length == 0 ? double.NaN : gains.Average(), Describe.Of(Changes(run, k), seed),
            readings.Select((reading, p) => reading.EntropyNats - clean[p].Outputs[^1]!.Value.EntropyNats).Average(), readings.Average(reading => reading.KlNats),
            readings.Where((reading, p) => reading.TopToken == clean[p].Outputs[^1]!.Value.TopToken).Count(),
            LossChangeOf(readings.Select((reading, p) => reading.LossNats - MeanLoss.Of(clean[p])).Where(double.IsFinite)), readings[0].Form);
    }

    static double LossChangeOf(IEnumerable<double> changes) => changes.DefaultIfEmpty(double.NaN).Average();
}
