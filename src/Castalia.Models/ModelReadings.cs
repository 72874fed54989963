using Castalia.Forward;
using Castalia.Residual;

namespace Castalia;

/// <summary>Readings of sequences, in their order.</summary>
/// <example>
/// <code>
/// ModelReadings readings = model.Measure(PositionRange.All, model.Tokenise("the cat"));
/// Show(readings.Count, readings.PaddedVocabularyRows, readings.MeanGain(model.Architecture.NLayers - 1));
/// </code>
/// </example>
public sealed class ModelReadings
{
    readonly SequenceReadings[] _sequences;

    internal ModelReadings(Measurement measurement)
    {
        _sequences = [.. measurement.Readings.Select(readings => new SequenceReadings(readings))];
        PaddedVocabularyRows = measurement.PaddedVocabularyRows;
    }

    /// <summary>Sequences.</summary>
    public int Count => _sequences.Length;

    /// <summary>Readings of a sequence.</summary>
    public SequenceReadings this[int sequence] => _sequences[sequence];

    /// <summary>Rows of the vocabulary that no token uses: they are left out of softmax and entropy.</summary>
    public int PaddedVocabularyRows { get; }

    /// <summary>Mean over sequences of a block's gain ‖resid_post‖/‖resid_pre‖ at the last token.</summary>
    /// <param name="block">From 0.</param>
    public double MeanGain(int block) => _sequences.Average(sequence => sequence.Block(block, sequence.Tokens - 1).Gain);
}

/// <summary>Readings of one sequence.</summary>
/// <example>
/// <code>
/// SequenceReadings one = model.Measure(PositionRange.All, model.Tokenise("the cat"))[0];
/// Show(one.Tokens, one.Blocks, one.LastGain, one.Block(0, 1).CosTheta, one.FinalNorm(1), one.Next.TopToken, one.Output(0).LossNats);
/// </code>
/// </example>
public sealed class SequenceReadings
{
    readonly PromptReadings _readings;

    internal SequenceReadings(PromptReadings readings) => _readings = readings;

    /// <summary>Tokens.</summary>
    public int Tokens => _readings.Tokens;

    /// <summary>Blocks.</summary>
    public int Blocks => _readings.Blocks.Length;

    /// <summary>A block at a position: norms, gain, and the parts of it.</summary>
    /// <param name="block">From 0.</param>
    /// <param name="position">From 0.</param>
    public BlockReading Block(int block, int position) => _readings.Blocks[block][position];

    /// <summary>Gain of the last block at the last token, ‖h_L‖/‖h_{L−1}‖.</summary>
    public double LastGain => _readings.Blocks[^1][^1].Gain;

    /// <summary>‖n‖ after the final norm at a position.</summary>
    public double FinalNorm(int position) => _readings.FinalNorm[position];

    /// <summary>What is predicted after the last token.</summary>
    public OutputReading Next => _readings.Outputs[^1]!.Value;

    /// <summary>What is predicted after a position.</summary>
    /// <exception cref="InvalidOperationException">Predictions were read at the last position only.</exception>
    public OutputReading Output(int position) => _readings.Outputs[position]
        ?? throw new InvalidOperationException(FormattableString.Invariant($"What is predicted after position {position} was not read. To do: measure with PositionRange.All."));
}
