using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Statistics;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>The gains of a network at a checkpoint, at the last token of its study's prompts. Null is what is undefined.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Loss">Mean loss over the steps since the checkpoint before, nats.</param>
/// <param name="Blocks">Mean over prompts, by block.</param>
/// <param name="Settled">Of the last block, the mean over settled contexts.</param>
/// <param name="Open">The same over open ones.</param>
/// <param name="LongRange">The same over copied and agreeing ones.</param>
/// <param name="BelowOneShare">Share of the prompts that the last block dampens.</param>
sealed record GainProfile(int Step, double? Loss, IReadOnlyList<double?> Blocks, double? Settled, double? Open, double? LongRange, double? BelowOneShare)
{
    /// <summary>Reads it from a checkpoint, by the forward pass that every measurement takes.</summary>
    /// <param name="kept">The checkpoint.</param>
    /// <param name="prompts">The prompts, as ids.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">The checkpoint cannot be read.</exception>
    public static GainProfile Of(KeptCheckpoint kept, IReadOnlyList<Prompt> prompts, int threads, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(kept.Folder);
        var architecture = ArchitectureReader.Read(checkpoint);
        IReadOnlyList<PromptReadings> readings;
        try
        {
            IReadOnlyList<TokenizedPrompt> tokenized = [.. prompts.Select(prompt => new TokenizedPrompt(prompt, prompt.Ids!, 0, 0))];
            readings = Measurement.Take(checkpoint, architecture, tokenized, null, new() { Threads = threads }, null, cancellation).Readings;
        }
        catch (InputException) // activations beyond float32: the training that goes on says where it diverges
        {
            return new(kept.Step, kept.Loss, new double?[architecture.NLayers], null, null, null, null);
        }
        int last = architecture.NLayers - 1;
        double?[][] gains = [.. readings.Select(reading => (double?[])[.. Enumerable.Range(0, last + 1).Select(layer => Gain(reading, layer))])];
        return new(
            kept.Step, kept.Loss, [.. Enumerable.Range(0, last + 1).Select(layer => Mean(gains.Select(of => of[layer])))],
            Of(TwinPrompts.Settled), Of(TwinPrompts.Open), Of(TwinPrompts.LongRange), Mean(gains.Select(of => of[last] is { } gain ? gain < 1 ? 1.0 : 0 : (double?)null)));

        double? Of(string category) => Mean(gains.Where((_, prompt) => prompts[prompt].Category == category).Select(of => of[last]));
    }

    static double? Gain(PromptReadings reading, int layer) => Gains.Of(reading, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32);

    static double? Mean(IEnumerable<double?> values)
    {
        double[] defined = [.. values.OfType<double>()];
        return defined.Length == 0 ? null : Describe.Mean(defined);
    }
}
