using Castalia.Forward;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class LinearPassTests
{
    /// <summary>A matrix in memory.</summary>
    sealed class Matrix(float[] values, int rows, int columns) : IWeightRows
    {
        public int Rows => rows;

        public int Columns => columns;

        public ReadOnlySpan<float> Row(int row) => values.AsSpan(row * columns, columns);

        public void Widen(int row, int start, Span<float> destination) => Row(row).Slice(start, destination.Length).CopyTo(destination);
    }

    static readonly Gen<(int Tokens, int Columns, int Rows)> Shapes =
        Gen.Select(Gen.Int[1, 70], Gen.OneOf(Gen.Int[1, 70], Gen.Int[250, 260], Gen.Int[510, 530]), Gen.OneOf(Gen.Int[1, 40], Gen.Int[140, 170]));

    [Fact]
    public void Every_output_has_the_bits_of_the_definition() => Gen.Select(Shapes, Gen.Int[1, 4], Gen.Bool, Gen.Int).Sample((shape, threads, biased, seed) =>
    {
        var (tokens, columns, rows) = shape;
        float[] x = Values(tokens * columns, seed), w = Values(rows * columns, seed + 1);
        float[]? bias = biased ? Values(rows, seed + 2) : null;
        var matrix = new Matrix(w, rows, columns);
        float[] y = Multiply(x, tokens, matrix, bias, threads);
        for (int t = 0; t < tokens; t++)
            for (int n = 0; n < rows; n++)
                Assert.Equal(
                    BitConverter.SingleToInt32Bits(MatMul.Reference(x.AsSpan(t * columns, columns), matrix.Row(n), bias?[n])),
                    BitConverter.SingleToInt32Bits(y[t * rows + n]));
    }, iter: 300);

    [Fact]
    public void The_definition_is_the_inner_product_within_its_bound() => Gen.Select(Gen.Int[1, 3000], Gen.Int).Sample((n, seed) =>
    {
        float[] x = Values(n, seed), w = Values(n, seed + 1);
        double exact = 0, size = 0;
        for (int k = 0; k < n; k++)
        {
            exact += (double)x[k] * w[k];
            size += Math.Abs((double)x[k] * w[k]);
        }
        double bound = (Math.Min(n, MatMul.Run) + n / MatMul.Run + 2) * Math.Pow(2, -24) * size;
        Assert.True(Math.Abs(MatMul.Reference(x, w, null) - exact) <= bound);
    }, iter: 300);

    [Fact]
    public unsafe void Every_vector_width_returns_the_same_bits() => Gen.Select(Gen.Int[1, MatMul.Run], Gen.Bool, Gen.Bool, Gen.Int).Sample((count, wide, first, seed) =>
    {
        int width = wide ? 32 : 16;
        float[] x = Values(count * width, seed), w = Values(12 * MatMul.Run, seed + 1), start = Values(12 * width, seed + 2);
        float[] expected = Run((px, pw, pc) => MatMul.Scalar(px, pw, 12, count, pc, width, first));
        Assert.Equal(expected, Run((px, pw, pc) => MatMul.Accumulate(px, pw, 12, count, pc, width, first, default)));
        Assert.Equal(expected, Run((px, pw, pc) =>
        {
            for (int row = 0; row < 12; row += 6)
                for (int t = 0; t < width; t += 16)
                    MatMul.Wide256(px + t, pw + row * MatMul.Run, count, pc + row * width + t, width, first);
        }));
        Assert.Equal(expected, Run((px, pw, pc) =>
        {
            for (int row = 0; row < 12; row += 6)
                for (int t = 0; t < width; t += 16)
                    MatMul.Wide128(px + t, pw + row * MatMul.Run, count, pc + row * width + t, width, first);
        }));

        float[] Run(Kernel kernel)
        {
            float[] c = [.. start];
            fixed (float* px = x, pw = w, pc = c) kernel(px, pw, pc);
            return c;
        }
    }, iter: 200);

    unsafe delegate void Kernel(float* x, float* w, float* c);

    static unsafe float[] Multiply(float[] x, int tokens, Matrix w, float[]? bias, int threads)
    {
        using var crew = new Crew(threads, CancellationToken.None);
        using var linear = new LinearPass(crew);
        using var packed = new PackedTokens();
        using var laidOut = new PackedTokens();
        var weights = new LinearWeights(w, bias);
        float[] y = new float[tokens * w.Rows], unpacked = new float[y.Length], one = new float[w.Rows];
        fixed (float* px = x, py = y, pu = unpacked)
        {
            linear.Run(packed.Pack(crew, px, tokens, w.Columns), weights, py);
            linear.Run(packed, weights, laidOut);
            laidOut.Unpack(crew, pu);
        }
        Assert.Equal(y, unpacked);
        for (int t = 0; t < tokens; t++)
        {
            laidOut.Read(t, one);
            Assert.Equal(y[(t * w.Rows)..((t + 1) * w.Rows)], one);
        }
        return y;
    }

    [Fact]
    public void A_layer_does_not_write_its_own_input()
    {
        using var crew = new Crew(1, CancellationToken.None);
        using var linear = new LinearPass(crew);
        using var packed = new PackedTokens();
        Assert.Throws<ArgumentException>(() => linear.Run(packed.Resize(3, 4), new LinearWeights(new Matrix(new float[16], 4, 4), null), packed));
    }

    static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }
}
