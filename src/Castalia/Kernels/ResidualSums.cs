using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    /// <summary>All eight in one reading of the three vectors; lanes and fold as in <see cref="DoubleSum"/>.</summary>
    /// <param name="h">resid_pre, [d_model].</param>
    /// <param name="a">attn_out, [d_model].</param>
    /// <param name="m">mlp_out, [d_model].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ResidualSums Of(ReadOnlySpan<float> h, ReadOnlySpan<float> a, ReadOnlySpan<float> m)
    {
        if (a.Length != h.Length || m.Length != h.Length)
            throw new ArgumentException($"Vectors of {h.Length}, {a.Length} and {m.Length} values.", nameof(h));
        ref float ph = ref MemoryMarshal.GetReference(h), pa = ref MemoryMarshal.GetReference(a), pm = ref MemoryMarshal.GetReference(m);
        Vector512<double> hh = default, aa = default, mm = default, ah = default, mh = default, am = default, dd = default, pp = default;
        int i = 0;
        for (; i <= h.Length - Lanes; i += Lanes)
        {
            Vector512<double> vh = DoubleSum.Widen(ref ph, i), va = DoubleSum.Widen(ref pa, i), vm = DoubleSum.Widen(ref pm, i);
            var delta = va + vm;
            var post = vh + delta;
            hh += vh * vh;
            aa += va * va;
            mm += vm * vm;
            ah += va * vh;
            mh += vm * vh;
            am += va * vm;
            dd += delta * delta;
            pp += post * post;
        }
        if (i < h.Length)
        {
            Vector512<double> vh = DoubleSum.WidenTail(h[i..]), va = DoubleSum.WidenTail(a[i..]), vm = DoubleSum.WidenTail(m[i..]);
            var delta = va + vm;
            var post = vh + delta;
            hh += vh * vh;
            aa += va * va;
            mm += vm * vm;
            ah += va * vh;
            mh += vm * vh;
            am += va * vm;
            dd += delta * delta;
            pp += post * post;
        }
        return new(
            DoubleSum.Fold(hh), DoubleSum.Fold(aa), DoubleSum.Fold(mm), DoubleSum.Fold(ah),
            DoubleSum.Fold(mh), DoubleSum.Fold(am), DoubleSum.Fold(dd), DoubleSum.Fold(pp));
    }
}
