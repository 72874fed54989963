using Castalia.Architectures;
using Castalia.Derivatives;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Kernels of derivatives against their definitions.</summary>
public sealed unsafe class SlopeTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1.5204998778130465)]
    [InlineData(-0.5, 0.47950012218695346)]
    [InlineData(2, 1.9953222650189528)]
    [InlineData(-2, 0.004677734981047265)]
    [InlineData(-3, 2.209049699858544e-05)]
    [InlineData(-5, 1.5374597944280349e-12)]
    [InlineData(-10, 2.088487583762545e-45)]
    [InlineData(7, 2)]
    public void The_error_function_is_right_to_thirteen_digits(double z, double onePlus) => Assert.InRange(GaussError.OnePlus(z), onePlus * (1 - 1e-13), onePlus * (1 + 1e-13));

    [Fact]
    public void Slopes_are_differences_of_the_activations()
    {
        foreach (var activation in Enum.GetValues<Activation>())
            for (double x = -7.93; x < 8; x += 0.37)
            {
                const double h = 1e-5;
                double difference = (ActivationSlope.Of(activation, x + h).Value - ActivationSlope.Of(activation, x - h).Value) / (2 * h);
                Assert.True(Math.Abs(difference - ActivationSlope.Of(activation, x).Slope) < 1e-8, FormattableString.Invariant($"{activation} at {x}"));
            }
        Assert.Equal(0.8413447460685429, ActivationSlope.Of(Activation.GeluErf, 1).Value, 1e-15);
        Assert.Equal(0.8411919906082768, ActivationSlope.Of(Activation.GeluTanh, 1).Value, 1e-15);
        Assert.Equal(0.7310585786300049, ActivationSlope.Of(Activation.Silu, 1).Value, 1e-15);
    }

    [Fact]
    public void Products_have_the_bits_of_the_definition_at_every_width() => Gen.Select(Gen.Int[1, 30], Gen.Int[1, 300], Gen.Int[0, 1 << 20]).Sample((rows, columns, seed) =>
    {
        const int lanes = WideMatMul.Lanes;
        var random = new Random(seed);
        int tiles = (columns + WideMatMul.Tile - 1) / WideMatMul.Tile;
        double[] x = new double[columns * lanes], w = new double[rows * columns], c = new double[rows * lanes], narrow = new double[rows * lanes], tile = new double[rows * WideMatMul.Tile];
        for (int i = 0; i < x.Length; i++) x[i] = random.NextDouble() - 0.5;
        for (int i = 0; i < w.Length; i++) w[i] = random.NextDouble() - 0.5;
        for (int t = 0; t < tiles; t++)
        {
            int start = t * WideMatMul.Tile, count = Math.Min(WideMatMul.Tile, columns - start);
            for (int row = 0; row < rows; row++) w.AsSpan(row * columns + start, count).CopyTo(tile.AsSpan(row * WideMatMul.Tile));
            fixed (double* px = x, pt = tile, pc = c, pn = narrow)
                for (int run = 0; run < count; run += WideMatMul.Run)
                {
                    int k = Math.Min(WideMatMul.Run, count - run);
                    bool first = start + run == 0;
                    WideMatMul.Accumulate(px + (start + run) * lanes, pt + run, rows, k, pc, first);
                    int row = 0;
                    for (; row <= rows - 6; row += 6)
                        for (int half = 0; half < lanes; half += 8) WideMatMul.Wide256(px + (start + run) * lanes + half, pt + row * WideMatMul.Tile + run, k, pn + row * lanes + half, first);
                    for (; row < rows; row++) WideMatMul.One(px + (start + run) * lanes, pt + row * WideMatMul.Tile + run, k, pn + row * lanes, first);
                }
        }
        Assert.Equal(c, narrow);
        for (int row = 0; row < rows; row++)
            for (int lane = 0; lane < lanes; lane++)
            {
                double[] column = [.. Enumerable.Range(0, columns).Select(k => x[k * lanes + lane])];
                Assert.Equal(WideMatMul.Reference(column, w.AsSpan(row * columns, columns)), c[row * lanes + lane]);
            }
    }, iter: 40);

    [Theory]
    [InlineData(NormKind.LayerNorm)]
    [InlineData(NormKind.RmsNorm)]
    internal void A_norm_answers_as_its_definition_and_its_transpose_is_itself(NormKind kind)
    {
        using var checkpoint = Castalia.Tests.Architectures.InMemory.Folder(Castalia.Tests.Architectures.InMemory.Llama);
        var a = ArchitectureReader.Read(checkpoint) with { Norm = kind, NormEpsilon = 1e-3 };
        const int width = 37;
        var random = new Random(5);
        double[] Draw() => [.. Enumerable.Range(0, width).Select(_ => random.NextDouble() - 0.3)];
        double[] x = Draw(), y = new double[width], dx = Draw(), dz = Draw();
        float[] weight = [.. Draw().Select(value => (float)(value + 1))];
        var slope = NormSlope.Of(a, weight, [], x, y);
        double[] dy = slope.Reference(dx), panel = new double[width * WideMatMul.Lanes];
        for (int i = 0; i < width; i++) panel[i * WideMatMul.Lanes + 3] = dx[i];
        fixed (double* p = panel) slope.Apply(p, p);
        for (int i = 0; i < width; i++) Assert.Equal(dy[i], panel[i * WideMatMul.Lanes + 3], 1e-13);
        // dy = w ⊙ S·dx with a symmetric S: ⟨dz/w, dy⟩ = ⟨S·dz, dx⟩.
        double[] back = [.. slope.Reference(dz).Zip(weight, (value, w) => value / w)];
        Assert.Equal(dy.Zip(weight, (value, w) => value / w).Zip(dz, (p, q) => p * q).Sum(), back.Zip(dx, (p, q) => p * q).Sum(), 1e-12);
        // Along x itself it answers by ε alone.
        double[] along = slope.Reference(x), longer = slope.WithoutBias();
        for (int i = 0; i < width; i++) Assert.Equal(longer[i] * slope.EpsilonShare(a.NormEpsilon), along[i], 1e-12);
    }
}
