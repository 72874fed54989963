using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Derivatives;

/// <summary>Readings of a model over prompts, and its blocks as maps.</summary>
/// <param name="Measurement">The readings.</param>
/// <param name="Prompts">The blocks by prompt, prompts in the same order.</param>
sealed record DynamicMeasurement(Measurement Measurement, IReadOnlyList<IReadOnlyList<BlockDynamics>> Prompts)
{
    /// <summary>Measures the prompts and reads the blocks as maps, in one pass.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="architecture">Its description, or another that its tensors fit.</param>
    /// <param name="prompts">Prompts with their ids.</param>
    /// <param name="tokenizer">As in Measurement.Take.</param>
    /// <param name="options">What is read.</param>
    /// <param name="dynamics">What is asked of the blocks.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="say">Told of every prompt that is done; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">As Measurement.Take; a block the model does not have; a stream of length 0; a Jacobian that is no number; a file that cannot be written.</exception>
    public static DynamicMeasurement Take(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        DynamicsOptions dynamics, IProgress<MeasureProgress>? progress, Action<string>? say, CancellationToken cancellation)
    {
        DynamicsPass? pass = null;
        try
        {
            var measurement = Measurement.Take(
                checkpoint, architecture, prompts, tokenizer, options, forward => pass = new DynamicsPass(forward, checkpoint, dynamics, say), progress, cancellation);
            pass!.Complete();
            return new(measurement, pass.Prompts);
        }
        finally
        {
            pass?.Dispose();
        }
    }
}
