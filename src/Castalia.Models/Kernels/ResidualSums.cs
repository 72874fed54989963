using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The squares and inner products behind one block's reading at one position, float64.</summary>
/// <param name="Pre">‖h‖².</param>
/// <param name="Attn">‖a‖².</param>
/// <param name="Mlp">‖m‖².</param>
/// <param name="AttnPre">⟨a, h⟩.</param>
/// <param name="MlpPre">⟨m, h⟩.</param>
/// <param name="AttnMlp">⟨a, m⟩.</param>
/// <param name="Delta">‖a + m‖².</param>
/// <param name="Post">‖h + a + m‖².</param>
readonly record struct ResidualSums(
    double Pre, double Attn, double Mlp, double AttnPre, double MlpPre, double AttnMlp, double Delta, double Post)
{
    const int Lanes = 8;

    /// <summary>The definition, for one token: lanes and fold as in <see cref="DoubleSum"/>.</summary>
    /// <param name="h">resid_pre, [d_model].</param>
    /// <param name="a">attn_out, [d_model].</param>
    /// <param name="m">mlp_out, [d_model].</param>
    internal static ResidualSums Reference(ReadOnlySpan<float> h, ReadOnlySpan<float> a, ReadOnlySpan<float> m)
    {
        Span<double> sums = stackalloc double[8 * Lanes];
        sums.Clear();
        for (int i = 0; i < h.Length; i++)
        {
            double delta = (double)a[i] + m[i], post = h[i] + delta;
            ReadOnlySpan<double> terms =
                [(double)h[i] * h[i], (double)a[i] * a[i], (double)m[i] * m[i], (double)a[i] * h[i], (double)m[i] * h[i], (double)a[i] * m[i], delta * delta, post * post];
            for (int term = 0; term < terms.Length; term++) sums[term * Lanes + i % Lanes] += terms[term];
        }
        return new(Fold(sums, 0), Fold(sums, 1), Fold(sums, 2), Fold(sums, 3), Fold(sums, 4), Fold(sums, 5), Fold(sums, 6), Fold(sums, 7));

        static double Fold(ReadOnlySpan<double> sums, int term) => DoubleSum.Fold(Vector512.Create(sums.Slice(term * Lanes, Lanes)));
    }
}
