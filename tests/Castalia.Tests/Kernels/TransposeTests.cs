using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class TransposeTests
{
    [Fact]
    public unsafe void Every_path_moves_what_the_definition_moves_and_nothing_else() =>
        Gen.Select(Gen.Int[0, 70], Gen.Int[0, 70], Gen.Int[0, 5], Gen.Int[0, 5]).Sample((rows, columns, fromGap, toGap) =>
        {
            int fromStride = columns + fromGap, toStride = rows + toGap;
            float[] from = [.. Enumerable.Range(1, rows * fromStride + 1).Select(i => (float)i)];
            float[] expected = new float[columns * toStride + 1], large = [.. expected], small = [.. expected];
            fixed (float* f = from, e = expected, l = large, s = small)
            {
                Transpose.Define(f, fromStride, rows, columns, e, toStride);
                Transpose.Run(f, fromStride, rows, columns, l, toStride);
                Transpose.Small(f, fromStride, rows, columns, s, toStride);
            }
            Assert.Equal(expected, large);
            Assert.Equal(expected, small);
        }, iter: 2000);
}
