using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary><see cref="AttentionTile"/> on 512-bit registers: all twelve rows at once.</summary>
/// <remarks>Four pointers and two strides reach twelve rows by the processor's own addressing.</remarks>
static unsafe class AttentionTile512
{
    /// <summary>12 rows × 2 panels: 24 running sums, 2 vectors of x and 1 of w fill 27 of the 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide(float* x, nint next, float* w, nint s, int count, float* c, nint cStride, bool fresh)
    {
        Vector512<float> r0a = default, r1a = default, r2a = default, r3a = default, r4a = default, r5a = default,
            r6a = default, r7a = default, r8a = default, r9a = default, r10a = default, r11a = default;
        Vector512<float> r0b = default, r1b = default, r2b = default, r3b = default, r4b = default, r5b = default,
            r6b = default, r7b = default, r8b = default, r9b = default, r10b = default, r11b = default;
        if (!fresh)
        {
            float* from = c;
            (r0a, r0b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r1a, r1b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r2a, r2b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r3a, r3b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r4a, r4b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r5a, r5b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r6a, r6b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r7a, r7b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r8a, r8b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r9a, r9b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r10a, r10b) = (Vector512.Load(from), Vector512.Load(from + 16));
            from += cStride;
            (r11a, r11b) = (Vector512.Load(from), Vector512.Load(from + 16));
        }
        float* w0 = w, w3 = w + 3 * s, w6 = w + 6 * s, w9 = w + 9 * s;
        nint s2 = 2 * s;
        for (int k = 0; k < count; k++, x += 16, w0++, w3++, w6++, w9++)
        {
            var xa = Vector512.Load(x);
            var xb = Vector512.Load(x + next);
            var v = Vector512.Create(w0[0]);
            r0a = Vector512.FusedMultiplyAdd(xa, v, r0a);
            r0b = Vector512.FusedMultiplyAdd(xb, v, r0b);
            v = Vector512.Create(w0[s]);
            r1a = Vector512.FusedMultiplyAdd(xa, v, r1a);
            r1b = Vector512.FusedMultiplyAdd(xb, v, r1b);
            v = Vector512.Create(w0[s2]);
            r2a = Vector512.FusedMultiplyAdd(xa, v, r2a);
            r2b = Vector512.FusedMultiplyAdd(xb, v, r2b);
            v = Vector512.Create(w3[0]);
            r3a = Vector512.FusedMultiplyAdd(xa, v, r3a);
            r3b = Vector512.FusedMultiplyAdd(xb, v, r3b);
            v = Vector512.Create(w3[s]);
            r4a = Vector512.FusedMultiplyAdd(xa, v, r4a);
            r4b = Vector512.FusedMultiplyAdd(xb, v, r4b);
            v = Vector512.Create(w3[s2]);
            r5a = Vector512.FusedMultiplyAdd(xa, v, r5a);
            r5b = Vector512.FusedMultiplyAdd(xb, v, r5b);
            v = Vector512.Create(w6[0]);
            r6a = Vector512.FusedMultiplyAdd(xa, v, r6a);
            r6b = Vector512.FusedMultiplyAdd(xb, v, r6b);
            v = Vector512.Create(w6[s]);
            r7a = Vector512.FusedMultiplyAdd(xa, v, r7a);
            r7b = Vector512.FusedMultiplyAdd(xb, v, r7b);
            v = Vector512.Create(w6[s2]);
            r8a = Vector512.FusedMultiplyAdd(xa, v, r8a);
            r8b = Vector512.FusedMultiplyAdd(xb, v, r8b);
            v = Vector512.Create(w9[0]);
            r9a = Vector512.FusedMultiplyAdd(xa, v, r9a);
            r9b = Vector512.FusedMultiplyAdd(xb, v, r9b);
            v = Vector512.Create(w9[s]);
            r10a = Vector512.FusedMultiplyAdd(xa, v, r10a);
            r10b = Vector512.FusedMultiplyAdd(xb, v, r10b);
            v = Vector512.Create(w9[s2]);
            r11a = Vector512.FusedMultiplyAdd(xa, v, r11a);
            r11b = Vector512.FusedMultiplyAdd(xb, v, r11b);
        }
        Put(c, r0a, r0b);
        c += cStride;
        Put(c, r1a, r1b);
        c += cStride;
        Put(c, r2a, r2b);
        c += cStride;
        Put(c, r3a, r3b);
        c += cStride;
        Put(c, r4a, r4b);
        c += cStride;
        Put(c, r5a, r5b);
        c += cStride;
        Put(c, r6a, r6b);
        c += cStride;
        Put(c, r7a, r7b);
        c += cStride;
        Put(c, r8a, r8b);
        c += cStride;
        Put(c, r9a, r9b);
        c += cStride;
        Put(c, r10a, r10b);
        c += cStride;
        Put(c, r11a, r11b);
    }

    /// <summary>12 rows × 1 panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Narrow(float* x, float* w, nint s, int count, float* c, nint cStride, bool fresh)
    {
        Vector512<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default,
            r6 = default, r7 = default, r8 = default, r9 = default, r10 = default, r11 = default;
        if (!fresh)
        {
            float* from = c;
            r0 = Vector512.Load(from);
            from += cStride;
            r1 = Vector512.Load(from);
            from += cStride;
            r2 = Vector512.Load(from);
            from += cStride;
            r3 = Vector512.Load(from);
            from += cStride;
            r4 = Vector512.Load(from);
            from += cStride;
            r5 = Vector512.Load(from);
            from += cStride;
            r6 = Vector512.Load(from);
            from += cStride;
            r7 = Vector512.Load(from);
            from += cStride;
            r8 = Vector512.Load(from);
            from += cStride;
            r9 = Vector512.Load(from);
            from += cStride;
            r10 = Vector512.Load(from);
            from += cStride;
            r11 = Vector512.Load(from);
        }
        float* w0 = w, w3 = w + 3 * s, w6 = w + 6 * s, w9 = w + 9 * s;
        nint s2 = 2 * s;
        for (int k = 0; k < count; k++, x += 16, w0++, w3++, w6++, w9++)
        {
            var xa = Vector512.Load(x);
            r0 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w0[0]), r0);
            r1 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w0[s]), r1);
            r2 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w0[s2]), r2);
            r3 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w3[0]), r3);
            r4 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w3[s]), r4);
            r5 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w3[s2]), r5);
            r6 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w6[0]), r6);
            r7 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w6[s]), r7);
            r8 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w6[s2]), r8);
            r9 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w9[0]), r9);
            r10 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w9[s]), r10);
            r11 = Vector512.FusedMultiplyAdd(xa, Vector512.Create(w9[s2]), r11);
        }
        r0.Store(c);
        c += cStride;
        r1.Store(c);
        c += cStride;
        r2.Store(c);
        c += cStride;
        r3.Store(c);
        c += cStride;
        r4.Store(c);
        c += cStride;
        r5.Store(c);
        c += cStride;
        r6.Store(c);
        c += cStride;
        r7.Store(c);
        c += cStride;
        r8.Store(c);
        c += cStride;
        r9.Store(c);
        c += cStride;
        r10.Store(c);
        c += cStride;
        r11.Store(c);
    }

    static void Put(float* c, Vector512<float> a, Vector512<float> b)
    {
        a.Store(c);
        b.Store(c + 16);
    }
}
