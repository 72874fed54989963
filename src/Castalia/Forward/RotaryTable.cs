using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Cosines and sines of every rotary angle up to the longest prompt, computed in float64 and rounded once.</summary>
sealed class RotaryTable
{
    readonly Rotary _rotary;
    readonly float[] _cos, _sin;    // [position × Dims/2]

    public RotaryTable(Rotary rotary, int positions)
    {
        _rotary = rotary;
        double[] frequencies = RotaryFrequencies.Of(rotary);
        _cos = new float[(long)positions * frequencies.Length];
        _sin = new float[(long)positions * frequencies.Length];
        for (int position = 0, at = 0; position < positions; position++)
        {
            foreach (double frequency in frequencies)
            {
                var (sin, cos) = Elementary.SinCos(position * frequency);
                (_cos[at], _sin[at++]) = ((float)cos, (float)sin);
            }
        }
    }

    /// <summary>Turns one head's query or key, [head_dim].</summary>
    public void Turn(Span<float> head, int position)
    {
        int half = _rotary.Dims / 2;
        var cos = _cos.AsSpan(position * half, half);
        var sin = _sin.AsSpan(position * half, half);
        if (_rotary.Pairing == RotaryPairing.HalfSplit) Rope.HalfSplit(head, cos, sin);
        else Rope.Interleaved(head, cos, sin);
    }
}
