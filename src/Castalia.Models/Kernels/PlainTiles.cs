using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Tiles of a product, some rows by two panels of 32 columns at a time: fewer loads and steps for every multiply-add than one panel needs.</summary>
/// <remarks>A thread whose core another shares is given half its instructions: what counts there is how many of them are no multiply-adds. Arguments as of <see cref="PlainMatMul.Four"/>.</remarks>
static unsafe class PlainTiles
{
    const int Lanes = PlainMatMul.Lanes, Line = Lanes * sizeof(float);

    /// <summary>Six rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixByFour(float* a, long aRow, long aStep, float* b, long bStride, long bNext, float* c, long cStride, long cNext, int depth, bool add)
    {
        Vector512<float> p0 = default, q0 = default, r0 = default, s0 = default, p1 = default, q1 = default, r1 = default, s1 = default;
        Vector512<float> p2 = default, q2 = default, r2 = default, s2 = default, p3 = default, q3 = default, r3 = default, s3 = default;
        Vector512<float> p4 = default, q4 = default, r4 = default, s4 = default, p5 = default, q5 = default, r5 = default, s5 = default;
        float* c1 = c + cStride, c2 = c + 2 * cStride, c3 = c + 3 * cStride, c4 = c + 4 * cStride, c5 = c + 5 * cStride;
        if (add)
        {
            (p0, q0, r0, s0) = (Vector512.Load(c), Vector512.Load(c + Lanes), Vector512.Load(c + cNext), Vector512.Load(c + cNext + Lanes));
            (p1, q1, r1, s1) = (Vector512.Load(c1), Vector512.Load(c1 + Lanes), Vector512.Load(c1 + cNext), Vector512.Load(c1 + cNext + Lanes));
            (p2, q2, r2, s2) = (Vector512.Load(c2), Vector512.Load(c2 + Lanes), Vector512.Load(c2 + cNext), Vector512.Load(c2 + cNext + Lanes));
            (p3, q3, r3, s3) = (Vector512.Load(c3), Vector512.Load(c3 + Lanes), Vector512.Load(c3 + cNext), Vector512.Load(c3 + cNext + Lanes));
            (p4, q4, r4, s4) = (Vector512.Load(c4), Vector512.Load(c4 + Lanes), Vector512.Load(c4 + cNext), Vector512.Load(c4 + cNext + Lanes));
            (p5, q5, r5, s5) = (Vector512.Load(c5), Vector512.Load(c5 + Lanes), Vector512.Load(c5 + cNext), Vector512.Load(c5 + cNext + Lanes));
        }
        nint row = (nint)(aRow * sizeof(float)), two = 2 * row, step = (nint)(aStep * sizeof(float)), bytes = (nint)(bStride * sizeof(float)), next = (nint)(bNext * sizeof(float));
        byte* low = (byte*)a, high = low + 3 * row, at = (byte*)b, end = at + depth * bytes;
        do
        {
            Vector512<float> p = Vector512.Load((float*)at), q = Vector512.Load((float*)(at + Line)), r = Vector512.Load((float*)(at + next)), s = Vector512.Load((float*)(at + next + Line));
            var x = Vector512.Create(*(float*)low);
            p0 = Vector512.FusedMultiplyAdd(x, p, p0);
            q0 = Vector512.FusedMultiplyAdd(x, q, q0);
            r0 = Vector512.FusedMultiplyAdd(x, r, r0);
            s0 = Vector512.FusedMultiplyAdd(x, s, s0);
            x = Vector512.Create(*(float*)(low + row));
            p1 = Vector512.FusedMultiplyAdd(x, p, p1);
            q1 = Vector512.FusedMultiplyAdd(x, q, q1);
            r1 = Vector512.FusedMultiplyAdd(x, r, r1);
            s1 = Vector512.FusedMultiplyAdd(x, s, s1);
            x = Vector512.Create(*(float*)(low + two));
            p2 = Vector512.FusedMultiplyAdd(x, p, p2);
            q2 = Vector512.FusedMultiplyAdd(x, q, q2);
            r2 = Vector512.FusedMultiplyAdd(x, r, r2);
            s2 = Vector512.FusedMultiplyAdd(x, s, s2);
            x = Vector512.Create(*(float*)(high));
            p3 = Vector512.FusedMultiplyAdd(x, p, p3);
            q3 = Vector512.FusedMultiplyAdd(x, q, q3);
            r3 = Vector512.FusedMultiplyAdd(x, r, r3);
            s3 = Vector512.FusedMultiplyAdd(x, s, s3);
            x = Vector512.Create(*(float*)(high + row));
            p4 = Vector512.FusedMultiplyAdd(x, p, p4);
            q4 = Vector512.FusedMultiplyAdd(x, q, q4);
            r4 = Vector512.FusedMultiplyAdd(x, r, r4);
            s4 = Vector512.FusedMultiplyAdd(x, s, s4);
            x = Vector512.Create(*(float*)(high + two));
            p5 = Vector512.FusedMultiplyAdd(x, p, p5);
            q5 = Vector512.FusedMultiplyAdd(x, q, q5);
            r5 = Vector512.FusedMultiplyAdd(x, r, r5);
            s5 = Vector512.FusedMultiplyAdd(x, s, s5);
            low += step;
            high += step;
            at += bytes;
        } while (at != end);
        Store(c, cNext, p0, q0, r0, s0);
        Store(c1, cNext, p1, q1, r1, s1);
        Store(c2, cNext, p2, q2, r2, s2);
        Store(c3, cNext, p3, q3, r3, s3);
        Store(c4, cNext, p4, q4, r4, s4);
        Store(c5, cNext, p5, q5, r5, s5);
    }

    /// <summary>Four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourByFour(float* a, long aRow, long aStep, float* b, long bStride, long bNext, float* c, long cStride, long cNext, int depth, bool add)
    {
        Vector512<float> p0 = default, q0 = default, r0 = default, s0 = default, p1 = default, q1 = default, r1 = default, s1 = default;
        Vector512<float> p2 = default, q2 = default, r2 = default, s2 = default, p3 = default, q3 = default, r3 = default, s3 = default;
        float* c1 = c + cStride, c2 = c + 2 * cStride, c3 = c + 3 * cStride;
        if (add)
        {
            (p0, q0, r0, s0) = (Vector512.Load(c), Vector512.Load(c + Lanes), Vector512.Load(c + cNext), Vector512.Load(c + cNext + Lanes));
            (p1, q1, r1, s1) = (Vector512.Load(c1), Vector512.Load(c1 + Lanes), Vector512.Load(c1 + cNext), Vector512.Load(c1 + cNext + Lanes));
            (p2, q2, r2, s2) = (Vector512.Load(c2), Vector512.Load(c2 + Lanes), Vector512.Load(c2 + cNext), Vector512.Load(c2 + cNext + Lanes));
            (p3, q3, r3, s3) = (Vector512.Load(c3), Vector512.Load(c3 + Lanes), Vector512.Load(c3 + cNext), Vector512.Load(c3 + cNext + Lanes));
        }
        nint row = (nint)(aRow * sizeof(float)), two = 2 * row, step = (nint)(aStep * sizeof(float)), bytes = (nint)(bStride * sizeof(float)), next = (nint)(bNext * sizeof(float));
        byte* low = (byte*)a, high = low + 3 * row, at = (byte*)b, end = at + depth * bytes;
        do
        {
            Vector512<float> p = Vector512.Load((float*)at), q = Vector512.Load((float*)(at + Line)), r = Vector512.Load((float*)(at + next)), s = Vector512.Load((float*)(at + next + Line));
            var x = Vector512.Create(*(float*)low);
            p0 = Vector512.FusedMultiplyAdd(x, p, p0);
            q0 = Vector512.FusedMultiplyAdd(x, q, q0);
            r0 = Vector512.FusedMultiplyAdd(x, r, r0);
            s0 = Vector512.FusedMultiplyAdd(x, s, s0);
            x = Vector512.Create(*(float*)(low + row));
            p1 = Vector512.FusedMultiplyAdd(x, p, p1);
            q1 = Vector512.FusedMultiplyAdd(x, q, q1);
            r1 = Vector512.FusedMultiplyAdd(x, r, r1);
            s1 = Vector512.FusedMultiplyAdd(x, s, s1);
            x = Vector512.Create(*(float*)(low + two));
            p2 = Vector512.FusedMultiplyAdd(x, p, p2);
            q2 = Vector512.FusedMultiplyAdd(x, q, q2);
            r2 = Vector512.FusedMultiplyAdd(x, r, r2);
            s2 = Vector512.FusedMultiplyAdd(x, s, s2);
            x = Vector512.Create(*(float*)(high));
            p3 = Vector512.FusedMultiplyAdd(x, p, p3);
            q3 = Vector512.FusedMultiplyAdd(x, q, q3);
            r3 = Vector512.FusedMultiplyAdd(x, r, r3);
            s3 = Vector512.FusedMultiplyAdd(x, s, s3);
            low += step;
            high += step;
            at += bytes;
        } while (at != end);
        Store(c, cNext, p0, q0, r0, s0);
        Store(c1, cNext, p1, q1, r1, s1);
        Store(c2, cNext, p2, q2, r2, s2);
        Store(c3, cNext, p3, q3, r3, s3);
    }

    /// <summary>Two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByFour(float* a, long aRow, long aStep, float* b, long bStride, long bNext, float* c, long cStride, long cNext, int depth, bool add)
    {
        Vector512<float> p0 = default, q0 = default, r0 = default, s0 = default, p1 = default, q1 = default, r1 = default, s1 = default;
        float* c1 = c + cStride;
        if (add)
        {
            (p0, q0, r0, s0) = (Vector512.Load(c), Vector512.Load(c + Lanes), Vector512.Load(c + cNext), Vector512.Load(c + cNext + Lanes));
            (p1, q1, r1, s1) = (Vector512.Load(c1), Vector512.Load(c1 + Lanes), Vector512.Load(c1 + cNext), Vector512.Load(c1 + cNext + Lanes));
        }
        nint row = (nint)(aRow * sizeof(float)), step = (nint)(aStep * sizeof(float)), bytes = (nint)(bStride * sizeof(float)), next = (nint)(bNext * sizeof(float));
        byte* low = (byte*)a, at = (byte*)b, end = at + depth * bytes;
        do
        {
            Vector512<float> p = Vector512.Load((float*)at), q = Vector512.Load((float*)(at + Line)), r = Vector512.Load((float*)(at + next)), s = Vector512.Load((float*)(at + next + Line));
            var x = Vector512.Create(*(float*)low);
            p0 = Vector512.FusedMultiplyAdd(x, p, p0);
            q0 = Vector512.FusedMultiplyAdd(x, q, q0);
            r0 = Vector512.FusedMultiplyAdd(x, r, r0);
            s0 = Vector512.FusedMultiplyAdd(x, s, s0);
            x = Vector512.Create(*(float*)(low + row));
            p1 = Vector512.FusedMultiplyAdd(x, p, p1);
            q1 = Vector512.FusedMultiplyAdd(x, q, q1);
            r1 = Vector512.FusedMultiplyAdd(x, r, r1);
            s1 = Vector512.FusedMultiplyAdd(x, s, s1);
            low += step;
            at += bytes;
        } while (at != end);
        Store(c, cNext, p0, q0, r0, s0);
        Store(c1, cNext, p1, q1, r1, s1);
    }

    /// <summary>Eight rows by half a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EightByOne(float* a, long aRow, long aStep, float* b, long bStride, float* c, long cStride, int depth, bool add)
    {
        Vector512<float> p0 = default, p1 = default, p2 = default, p3 = default, p4 = default, p5 = default, p6 = default, p7 = default;
        float* c4 = c + 4 * cStride;
        if (add)
        {
            (p0, p1, p2, p3) = (Vector512.Load(c), Vector512.Load(c + cStride), Vector512.Load(c + 2 * cStride), Vector512.Load(c + 3 * cStride));
            (p4, p5, p6, p7) = (Vector512.Load(c4), Vector512.Load(c4 + cStride), Vector512.Load(c4 + 2 * cStride), Vector512.Load(c4 + 3 * cStride));
        }
        float* a3 = a + 3 * aRow, a6 = a + 6 * aRow, end = b + depth * bStride;
        for (; b != end; a += aStep, a3 += aStep, a6 += aStep, b += bStride)
        {
            var p = Vector512.Load(b);
            p0 = Vector512.FusedMultiplyAdd(Vector512.Create(*a), p, p0);
            p1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[aRow]), p, p1);
            p2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * aRow]), p, p2);
            p3 = Vector512.FusedMultiplyAdd(Vector512.Create(*a3), p, p3);
            p4 = Vector512.FusedMultiplyAdd(Vector512.Create(a3[aRow]), p, p4);
            p5 = Vector512.FusedMultiplyAdd(Vector512.Create(a3[2 * aRow]), p, p5);
            p6 = Vector512.FusedMultiplyAdd(Vector512.Create(*a6), p, p6);
            p7 = Vector512.FusedMultiplyAdd(Vector512.Create(a6[aRow]), p, p7);
        }
        p0.Store(c);
        p1.Store(c + cStride);
        p2.Store(c + 2 * cStride);
        p3.Store(c + 3 * cStride);
        p4.Store(c4);
        p5.Store(c4 + cStride);
        p6.Store(c4 + 2 * cStride);
        p7.Store(c4 + 3 * cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* c, long next, Vector512<float> p, Vector512<float> q, Vector512<float> r, Vector512<float> s)
    {
        p.Store(c);
        q.Store(c + Lanes);
        r.Store(c + next);
        s.Store(c + next + Lanes);
    }
}
