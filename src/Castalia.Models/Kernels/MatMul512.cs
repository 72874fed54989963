using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Castalia.Kernels;

/// <summary>The inner kernels of 512 bits, which also prefetch.</summary>
static unsafe partial class MatMul
{
    /// <summary>12 rows × 32 tokens: 24 running sums, 2 vectors of x and 1 of w fill 27 of the 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide512(float* x, float* w, int count, float* c, bool first, Ahead ahead)
    {
        Vector512<float> r0a = default, r1a = default, r2a = default, r3a = default, r4a = default, r5a = default,
            r6a = default, r7a = default, r8a = default, r9a = default, r10a = default, r11a = default;
        Vector512<float> r0b = default, r1b = default, r2b = default, r3b = default, r4b = default, r5b = default,
            r6b = default, r7b = default, r8b = default, r9b = default, r10b = default, r11b = default;
        byte* line = (byte*)ahead.At;
        int step = ahead.Step, inRow = ahead.InRow, left = inRow;
        long skip = ahead.Skip;
        for (int k = 0; k < count; k++, x += 32, w++)
        {
            if (Sse.IsSupported) Sse.Prefetch1(line);
            line += step;
            if (--left == 0)
            {
                line += skip;
                left = inRow;
            }
            var xa = Vector512.Load(x);
            var xb = Vector512.Load(x + 16);
            var v = Vector512.Create(w[0]);
            r0a = Vector512.FusedMultiplyAdd(xa, v, r0a);
            r0b = Vector512.FusedMultiplyAdd(xb, v, r0b);
            v = Vector512.Create(w[Run]);
            r1a = Vector512.FusedMultiplyAdd(xa, v, r1a);
            r1b = Vector512.FusedMultiplyAdd(xb, v, r1b);
            v = Vector512.Create(w[2 * Run]);
            r2a = Vector512.FusedMultiplyAdd(xa, v, r2a);
            r2b = Vector512.FusedMultiplyAdd(xb, v, r2b);
            v = Vector512.Create(w[3 * Run]);
            r3a = Vector512.FusedMultiplyAdd(xa, v, r3a);
            r3b = Vector512.FusedMultiplyAdd(xb, v, r3b);
            v = Vector512.Create(w[4 * Run]);
            r4a = Vector512.FusedMultiplyAdd(xa, v, r4a);
            r4b = Vector512.FusedMultiplyAdd(xb, v, r4b);
            v = Vector512.Create(w[5 * Run]);
            r5a = Vector512.FusedMultiplyAdd(xa, v, r5a);
            r5b = Vector512.FusedMultiplyAdd(xb, v, r5b);
            v = Vector512.Create(w[6 * Run]);
            r6a = Vector512.FusedMultiplyAdd(xa, v, r6a);
            r6b = Vector512.FusedMultiplyAdd(xb, v, r6b);
            v = Vector512.Create(w[7 * Run]);
            r7a = Vector512.FusedMultiplyAdd(xa, v, r7a);
            r7b = Vector512.FusedMultiplyAdd(xb, v, r7b);
            v = Vector512.Create(w[8 * Run]);
            r8a = Vector512.FusedMultiplyAdd(xa, v, r8a);
            r8b = Vector512.FusedMultiplyAdd(xb, v, r8b);
            v = Vector512.Create(w[9 * Run]);
            r9a = Vector512.FusedMultiplyAdd(xa, v, r9a);
            r9b = Vector512.FusedMultiplyAdd(xb, v, r9b);
            v = Vector512.Create(w[10 * Run]);
            r10a = Vector512.FusedMultiplyAdd(xa, v, r10a);
            r10b = Vector512.FusedMultiplyAdd(xb, v, r10b);
            v = Vector512.Create(w[11 * Run]);
            r11a = Vector512.FusedMultiplyAdd(xa, v, r11a);
            r11b = Vector512.FusedMultiplyAdd(xb, v, r11b);
        }
        Add(c, r0a, first);
        Add(c + 16, r0b, first);
        Add(c + 32, r1a, first);
        Add(c + 48, r1b, first);
        Add(c + 64, r2a, first);
        Add(c + 80, r2b, first);
        Add(c + 96, r3a, first);
        Add(c + 112, r3b, first);
        Add(c + 128, r4a, first);
        Add(c + 144, r4b, first);
        Add(c + 160, r5a, first);
        Add(c + 176, r5b, first);
        Add(c + 192, r6a, first);
        Add(c + 208, r6b, first);
        Add(c + 224, r7a, first);
        Add(c + 240, r7b, first);
        Add(c + 256, r8a, first);
        Add(c + 272, r8b, first);
        Add(c + 288, r9a, first);
        Add(c + 304, r9b, first);
        Add(c + 320, r10a, first);
        Add(c + 336, r10b, first);
        Add(c + 352, r11a, first);
        Add(c + 368, r11b, first);
    }

    /// <summary>24 rows × 16 tokens, for short prompts and a short last panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Narrow512(float* x, float* w, int count, float* c, bool first, Ahead ahead)
    {
        Vector512<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        Vector512<float> r6 = default, r7 = default, r8 = default, r9 = default, r10 = default, r11 = default;
        Vector512<float> r12 = default, r13 = default, r14 = default, r15 = default, r16 = default, r17 = default;
        Vector512<float> r18 = default, r19 = default, r20 = default, r21 = default, r22 = default, r23 = default;
        byte* line = (byte*)ahead.At;
        int step = ahead.Step, inRow = ahead.InRow, left = inRow;
        long skip = ahead.Skip;
        for (int k = 0; k < count; k++, x += 16, w++)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(line);
                Sse.Prefetch1(line + 64); // of float32 a step is longer than a line
            }
            line += step;
            if (--left == 0)
            {
                line += skip;
                left = inRow;
            }
            var v = Vector512.Load(x);
            r0 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[0]), r0);
            r1 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[Run]), r1);
            r2 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[2 * Run]), r2);
            r3 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[3 * Run]), r3);
            r4 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[4 * Run]), r4);
            r5 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[5 * Run]), r5);
            r6 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[6 * Run]), r6);
            r7 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[7 * Run]), r7);
            r8 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[8 * Run]), r8);
            r9 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[9 * Run]), r9);
            r10 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[10 * Run]), r10);
            r11 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[11 * Run]), r11);
            r12 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[12 * Run]), r12);
            r13 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[13 * Run]), r13);
            r14 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[14 * Run]), r14);
            r15 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[15 * Run]), r15);
            r16 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[16 * Run]), r16);
            r17 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[17 * Run]), r17);
            r18 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[18 * Run]), r18);
            r19 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[19 * Run]), r19);
            r20 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[20 * Run]), r20);
            r21 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[21 * Run]), r21);
            r22 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[22 * Run]), r22);
            r23 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[23 * Run]), r23);
        }
        Add(c, r0, first);
        Add(c + 16, r1, first);
        Add(c + 32, r2, first);
        Add(c + 48, r3, first);
        Add(c + 64, r4, first);
        Add(c + 80, r5, first);
        Add(c + 96, r6, first);
        Add(c + 112, r7, first);
        Add(c + 128, r8, first);
        Add(c + 144, r9, first);
        Add(c + 160, r10, first);
        Add(c + 176, r11, first);
        Add(c + 192, r12, first);
        Add(c + 208, r13, first);
        Add(c + 224, r14, first);
        Add(c + 240, r15, first);
        Add(c + 256, r16, first);
        Add(c + 272, r17, first);
        Add(c + 288, r18, first);
        Add(c + 304, r19, first);
        Add(c + 320, r20, first);
        Add(c + 336, r21, first);
        Add(c + 352, r22, first);
        Add(c + 368, r23, first);
    }

    /// <summary>12 rows × 16 tokens, for what is left of those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Last512(float* x, float* w, int count, float* c, bool first)
    {
        Vector512<float> r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        Vector512<float> r6 = default, r7 = default, r8 = default, r9 = default, r10 = default, r11 = default;
        for (int k = 0; k < count; k++, x += 16, w++)
        {
            var v = Vector512.Load(x);
            r0 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[0]), r0);
            r1 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[Run]), r1);
            r2 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[2 * Run]), r2);
            r3 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[3 * Run]), r3);
            r4 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[4 * Run]), r4);
            r5 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[5 * Run]), r5);
            r6 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[6 * Run]), r6);
            r7 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[7 * Run]), r7);
            r8 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[8 * Run]), r8);
            r9 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[9 * Run]), r9);
            r10 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[10 * Run]), r10);
            r11 = Vector512.FusedMultiplyAdd(v, Vector512.Create(w[11 * Run]), r11);
        }
        Add(c, r0, first);
        Add(c + 16, r1, first);
        Add(c + 32, r2, first);
        Add(c + 48, r3, first);
        Add(c + 64, r4, first);
        Add(c + 80, r5, first);
        Add(c + 96, r6, first);
        Add(c + 112, r7, first);
        Add(c + 128, r8, first);
        Add(c + 144, r9, first);
        Add(c + 160, r10, first);
        Add(c + 176, r11, first);
    }
}
