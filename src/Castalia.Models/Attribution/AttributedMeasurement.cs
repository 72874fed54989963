using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Attribution;

/// <summary>Readings of a model over prompts, and where the gain of its blocks comes from.</summary>
/// <param name="Measurement">The readings.</param>
/// <param name="Prompts">The attributions, prompts in the same order.</param>
/// <param name="Means">Means over the prompts, of each block that was attributed.</param>
sealed record AttributedMeasurement(Measurement Measurement, IReadOnlyList<PromptAttribution> Prompts, IReadOnlyList<UnitMeans> Means)
{
    /// <summary>Measures the prompts and attributes what the blocks add, in one pass.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="architecture">Its description, or another that its tensors fit.</param>
    /// <param name="prompts">Prompts with their ids.</param>
    /// <param name="tokenizer">As in Measurement.Take.</param>
    /// <param name="options">What is read.</param>
    /// <param name="attribution">What is attributed.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">As Measurement.Take; a block the model does not have; a stream of length 0; rounding above 1e-6.</exception>
    /// <exception cref="InvalidOperationException">Parts that do not add up to 1e-9: our arithmetic is wrong.</exception>
    public static AttributedMeasurement Take(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        AttributionOptions attribution, IProgress<MeasureProgress>? progress, CancellationToken cancellation)
    {
        AttributionPass? pass = null;
        try
        {
            var measurement = Measurement.Take(
                checkpoint, architecture, prompts, tokenizer, options, forward => pass = new AttributionPass(forward, checkpoint, attribution), progress, cancellation);
            return new(measurement, pass!.Prompts, pass.Means);
        }
        finally
        {
            pass?.Dispose();
        }
    }
}
