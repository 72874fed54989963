using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Cosines and sines of every rotary angle a batch needs, computed in float64 and rounded once.</summary>
/// <remarks>One table for all prompts, but for prompts beyond the original context where scaling is dynamic: those take a table of their length.</remarks>
sealed class RotaryTables
{
    readonly Architecture _a;
    readonly Dictionary<(Rotary Rotary, int Tokens), RotaryTable> _tables = [];

    public RotaryTables(Architecture architecture, RaggedBatch batch)
    {
        _a = architecture;
        foreach (var rotary in new[] { architecture.Rotary, architecture.WindowedRotary }.OfType<Rotary>())
            foreach (int tokens in batch.Prompts.Select(p => LengthThatMatters(rotary, p.Ids.Count)).Distinct())
                _tables[(rotary, tokens)] = new RotaryTable(rotary, tokens > 0 ? tokens : batch.Longest, tokens);
    }

    /// <summary>The table for a prompt in a block; null where positions enter another way.</summary>
    public RotaryTable? Of(int layer, int tokens) =>
        _a.RotaryOf(layer) is { } rotary ? _tables[(rotary, LengthThatMatters(rotary, tokens))] : null;

    /// <summary>The prompt's length where frequencies depend on it, else 0.</summary>
    static int LengthThatMatters(Rotary rotary, int tokens) =>
        rotary.Scaling is RotaryScaling.Dynamic dynamic && tokens > dynamic.OriginalContext ? tokens : 0;
}

/// <summary>Cosines and sines, [position × Dims/2].</summary>
sealed class RotaryTable
{
    readonly Rotary _rotary;
    readonly float[] _cos, _sin;

    /// <param name="rotary">The description.</param>
    /// <param name="positions">Positions, from 0.</param>
    /// <param name="tokens">Tokens of the prompt, where frequencies depend on it.</param>
    public RotaryTable(Rotary rotary, int positions, int tokens)
    {
        _rotary = rotary;
        double[] frequencies = RotaryFrequencies.Of(rotary, tokens);
        _cos = new float[(long)positions * frequencies.Length];
        _sin = new float[(long)positions * frequencies.Length];
        for (int position = 0, at = 0; position < positions; position++)
        {
            foreach (double frequency in frequencies)
            {
                var (sin, cos) = Elementary.SinCos(position * frequency);
                (_cos[at], _sin[at++]) = ((float)(cos * rotary.Amplitude), (float)(sin * rotary.Amplitude));
            }
        }
    }

    /// <summary>Turns every head's query or key at one position.</summary>
    /// <param name="heads">[heads × head_dim].</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="position">The position.</param>
    public void Turn(Span<float> heads, int headDim, int position)
    {
        int half = _rotary.Dims / 2;
        Turn(heads, headDim, _cos.AsSpan(position * half, half), _sin.AsSpan(position * half, half));
    }

    /// <summary>Multiplies by the transpose instead: what a derivative by a turned query or key is by the one before.</summary>
    /// <param name="heads">[heads × head_dim].</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="position">The position.</param>
    public void TurnBack(Span<float> heads, int headDim, int position)
    {
        int half = _rotary.Dims / 2;
        Span<float> negative = stackalloc float[half];
        for (int i = 0; i < half; i++) negative[i] = -_sin[position * half + i];
        Turn(heads, headDim, _cos.AsSpan(position * half, half), negative);
    }

    void Turn(Span<float> heads, int headDim, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        for (int at = 0; at < heads.Length; at += headDim)
        {
            var head = heads.Slice(at, headDim);
            if (_rotary.Pairing == RotaryPairing.HalfSplit) Rope.HalfSplit(head, cos, sin);
            else Rope.Interleaved(head, cos, sin);
        }
    }
}
