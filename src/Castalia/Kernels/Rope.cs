namespace Castalia.Kernels;

/// <summary>Rotary position embedding of one head at one position: pairs of dimensions turned by position·frequency.</summary>
static class Rope
{
    /// <summary>Turns (x[i], x[i + R/2]) for i &lt; R/2, R = 2·cos.Length; the rest of x is left alone.</summary>
    /// <param name="x">[head_dim], changed in place.</param>
    /// <param name="cos">Cosines of the angles, [R/2].</param>
    /// <param name="sin">Sines of the angles, [R/2].</param>
    public static void HalfSplit(Span<float> x, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        int half = cos.Length;
        for (int i = 0; i < half; i++) Turn(ref x[i], ref x[half + i], cos[i], sin[i]);
    }

    /// <summary>Turns (x[2i], x[2i + 1]) for i &lt; R/2.</summary>
    /// <param name="x">[head_dim], changed in place.</param>
    /// <param name="cos">Cosines of the angles, [R/2].</param>
    /// <param name="sin">Sines of the angles, [R/2].</param>
    public static void Interleaved(Span<float> x, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        for (int i = 0; i < cos.Length; i++) Turn(ref x[2 * i], ref x[2 * i + 1], cos[i], sin[i]);
    }

    /// <summary>(a, b) ← (a·cos − b·sin, b·cos + a·sin), each sum in float64 and rounded once.</summary>
    static void Turn(ref float a, ref float b, float cos, float sin)
    {
        float first = (float)((double)a * cos - (double)b * sin);
        b = (float)((double)b * cos + (double)a * sin);
        a = first;
    }
}
