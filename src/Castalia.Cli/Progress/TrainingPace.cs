using Castalia.Training;

namespace Castalia.Cli.Progress;

/// <summary>How far a network's training has come, and how fast it goes.</summary>
/// <param name="options">How it is trained.</param>
/// <param name="clock">The time.</param>
sealed class TrainingPace(TrainingOptions options, TimeProvider clock)
{
    const int Averaged = 20;

    readonly Queue<TrainingStep> _last = [];

    (long Began, int Step)? _first;

    /// <summary>Takes a step in.</summary>
    public TrainingPace After(TrainingStep step)
    {
        _first ??= (clock.GetTimestamp(), step.Step);
        _last.Enqueue(step);
        if (_last.Count > Averaged) _last.Dequeue();
        return this;
    }

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

    /// <summary>Tokens per second, learning rate and length of the gradient.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            if (_first is not var (began, first) || _last.Count == 0) return [];
            double seconds = clock.GetElapsedTime(began).TotalSeconds;
            var step = _last.Last();
            if (step.Step == first || seconds <= 0) return [];
            double tokens = (step.Step - first) * (double)options.Batch * options.Tokens / seconds;
            return [FormattableString.Invariant($"  {tokens:#,0} tokens/s, learning rate {step.Rate:0.00e0}, gradient {step.GradientNorm:0.000}")];
        }
    }
}
