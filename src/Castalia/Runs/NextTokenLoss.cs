using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Runs;

/// <summary>How well a model predicts the tokens that follow: the mean of −ln p over the positions whose next token is known, and its exponential.</summary>
/// <remarks>
/// Of a text of T tokens the T − 1 next tokens that are fed count, each with the probability at the position before it, softmax over the vocabulary
/// without padding rows. A text's perplexity is that of its own tokens; of several texts, of all their tokens together, so long texts weigh more.
/// </remarks>
/// <param name="Tokens">Next tokens that are known.</param>
/// <param name="MeanNats">Mean of −ln p; nats; undefined without any.</param>
sealed record NextTokenLoss(int Tokens, Figure<double> MeanNats)
{
    /// <summary>exp of the mean loss: the number of equally likely tokens that would be as hard to foretell.</summary>
    public double? Perplexity => MeanNats.Value is { } nats ? Math.Exp(nats) : null;

    /// <summary>Of one text; null where outputs were read at the last position only, whose next token nobody knows.</summary>
    public static NextTokenLoss? Of(PromptReadings readings, RunOptions options) => options.AllPositions ? Of(Losses(readings)) : null;

    /// <summary>Of every text of a model together; null where outputs were read at the last position only.</summary>
    public static NextTokenLoss? Of(ModelRun model, RunOptions options) => options.AllPositions ? Of(model.Measurement.Readings.SelectMany(Losses)) : null;

    static NextTokenLoss Of(IEnumerable<double> losses)
    {
        double[] all = [.. losses];
        return new(all.Length, all.Length == 0 ? Figure<double>.Undefined("no next token is known") : Figure<double>.Of(Describe.Mean(all)));
    }

    static IEnumerable<double> Losses(PromptReadings readings) => readings.Outputs.OfType<OutputReading>().Select(output => output.LossNats).Where(double.IsFinite);
}
