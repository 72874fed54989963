using Castalia.Reports.Pages;
using Castalia.Training;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Cli.Progress;

/// <summary>How far a network's training has come, and how fast it goes.</summary>
/// <param name="options">How it is trained.</param>
/// <param name="clock">The time.</param>
sealed class TrainingPace(TrainingOptions options, TimeProvider clock)
{
    const int Averaged = 20;

    const int RowsForGains = 14; // of a terminal, below which the drawing would take all of it

    const int Widest = 100;

    readonly Queue<TrainingStep> _last = [];

    (long Began, int Step)? _first;

    GainProfile? _gains;

    /// <summary>Takes a step in.</summary>
    public TrainingPace After(TrainingStep step)
    {
        _first ??= (clock.GetTimestamp(), step.Step);
        _last.Enqueue(step);
        if (_last.Count > Averaged) _last.Dequeue();
        return this;
    }

    /// <summary>Takes the gains at a checkpoint in.</summary>
    public void At(GainProfile gains) => _gains = gains;

    /// <summary>How much of the training is done, 0 to 1.</summary>
    public double Share => _last.Count == 0 ? 0 : _last.Last().Step / (double)options.Steps;

    /// <summary>"step 120 of 600, loss 2.310 nats, least 0.842".</summary>
    public string Text
    {
        get
        {
            double? least = _last.Average(step => step.Entropy);
            return FormattableString.Invariant($"step {_last.Last().Step} of {options.Steps}, loss {_last.Average(step => step.Loss):0.000} nats") +
                (least is { } known ? FormattableString.Invariant($", least {known:0.000}") : "");
        }
    }

    /// <summary>"120 of 600, loss 2.310, gain 1.234".</summary>
    public string Brief => FormattableString.Invariant($"{_last.Last().Step} of {options.Steps}, loss {_last.Average(step => step.Loss):0.000}") +
        (_gains is { } gains ? $", gain {Figure(gains.Blocks[^1])}" : "");

    /// <summary>Tokens per second, learning rate and length of the gradient; the last block's gains at the last checkpoint.</summary>
    public IReadOnlyList<string> Lines => [.. Speed(), .. OfLastBlock()];

    /// <summary>The same, and the gains of all blocks where the terminal has room.</summary>
    /// <param name="room">Columns.</param>
    /// <param name="rows">Rows of the terminal.</param>
    public IReadOnlyList<string> Below(int room, int rows)
    {
        if (_gains is not { } gains || rows < RowsForGains || gains.Blocks.All(gain => gain is null)) return Lines;
        return [.. Lines, "  Gain of every block there, last token, mean over prompts", .. DepthChart.Of(gains.Blocks, Math.Min(room, Widest)).TrimEnd('\n').Split('\n')];
    }

    IEnumerable<string> Speed()
    {
        if (_first is not var (began, first) || _last.Count == 0) yield break;
        double seconds = clock.GetElapsedTime(began).TotalSeconds;
        var step = _last.Last();
        if (step.Step == first || seconds <= 0) yield break;
        double tokens = (step.Step - first) * (double)options.Batch * options.Tokens / seconds;
        yield return FormattableString.Invariant($"  {tokens:#,0} tokens/s, learning rate {step.Rate:0.00e0}, gradient {step.GradientNorm:0.000}");
    }

    IEnumerable<string> OfLastBlock()
    {
        if (_gains is not { } gains) yield break;
        string below = gains.BelowOneShare is { } share ? FormattableString.Invariant($", below 1: {share * 100:0} %") : "";
        yield return FormattableString.Invariant($"  gain of the last block at step {gains.Step}: {Figure(gains.Blocks[^1])}{below}");
        if (gains.Settled is not null || gains.Open is not null || gains.LongRange is not null)
            yield return $"  settled {Figure(gains.Settled)}, open {Figure(gains.Open)}, long-range {Figure(gains.LongRange)}";
    }

    static string Figure(double? value) => value is { } known ? Figures.Real(known) : Figures.Missing;
}
