using Castalia.Anatomy.Spectra;
using Castalia.Forward;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Anatomy;

/// <summary>Matrices whose singular values are known, and the ways that find them.</summary>
public sealed class SingularValueTests
{
    sealed class Held(float[] values, int columns) : IWeightRows
    {
        public int Rows => values.Length / columns;
        public int Columns => columns;
        public void Widen(int row, int start, Span<float> destination) => values.AsSpan(row * columns + start, destination.Length).CopyTo(destination);
    }

    static Crew Crew() => new(2, TestContext.Current.CancellationToken);

    static HeldMatrix Hold(float[,] m, Crew crew) => new(new Held([.. m.Cast<float>()], m.GetLength(1)), crew);

    /// <summary>A diagonal matrix of more rows than columns, rows and columns in another order: every entry is exact.</summary>
    static float[,] Diagonal(float[] values, int rows)
    {
        int n = values.Length;
        var m = new float[rows, n];
        for (int i = 0; i < n; i++) m[(7 * i + 3) % rows, n - 1 - i] = values[i];
        return m;
    }

    static float[,] Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var m = new float[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) m[i, j] = (float)(random.NextDouble() - 0.5);
        return m;
    }

    static double[,] Doubles(float[,] m)
    {
        var d = new double[m.GetLength(0), m.GetLength(1)];
        for (int i = 0; i < d.GetLength(0); i++)
            for (int j = 0; j < d.GetLength(1); j++) d[i, j] = m[i, j];
        return d;
    }

    [Fact]
    public void A_planted_largest_value_is_found_to_the_last_digits()
    {
        using var crew = Crew();
        using var m = Hold(Diagonal([.. Enumerable.Range(1, 201).Select(i => (float)i)], 401), crew);
        var norm = SpectralNorm.Of(m);
        Assert.Equal(201, norm.Value, 201e-12);
        Assert.True(norm.Bound <= SpectralNorm.Tolerance * norm.Value && norm.Steps < 201);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(64, 64)]
    [InlineData(33, 200)]
    [InlineData(200, 33)]
    [InlineData(257, 300)]
    public void A_random_matrix_of_any_form(int rows, int columns)
    {
        using var crew = Crew();
        float[,] values = Random(rows, columns, rows + columns);
        using var m = Hold(values, crew);
        var norm = SpectralNorm.Of(m);
        Assert.Equal(Plain.Spectral(Doubles(values)), norm.Value, 1e-11 * norm.Value);
    }

    [Fact]
    public void The_largest_value_twice_and_a_matrix_of_nothing()
    {
        using var crew = Crew();
        using var twice = Hold(Diagonal([5, 5, 5, 2, 1], 8), crew);
        Assert.Equal(5, SpectralNorm.Of(twice).Value, 1e-12);
        using var nothing = Hold(new float[6, 4], crew);
        Assert.Equal(0, SpectralNorm.Of(nothing).Value);
        using var one = Hold(Diagonal([0, 0, 0, 1e-20f], 6), crew);
        Assert.Equal((double)1e-20f, SpectralNorm.Of(one).Value, 1e-30);
    }

    /// <summary>The two ways, where both can be taken.</summary>
    [Fact]
    public void Step_by_step_and_whole_the_leading_directions_are_the_same()
    {
        using var crew = Crew();
        using var m = Hold(Random(300, 90, 4), crew);
        double[] mean = new double[90];
        for (int i = 0; i < 90; i++) mean[i] = i * 0.001;
        var whole = LeadingDirections.Of(m, mean, 6);
        var steps = LeadingDirections.Stepwise(new CentredRows(m, mean), 6);
        for (int i = 0; i < 6; i++) Assert.Equal(whole.Values[i], steps.Values[i], 1e-10);
        Assert.Equal(whole.Next, steps.Next, 1e-9);
        var angles = PrincipalAngles.Between(whole.Vectors, steps.Vectors);
        Assert.All(angles.Sines, sine => Assert.True(sine < 1e-9, $"{sine}"));
        Assert.True(steps.Error is > 0 and < 1e-8 && whole.Error < 1e-9);
    }

    /// <summary>Of equal values one direction alone shows in a sequence from one vector: what is missed is found out, never passed over.</summary>
    [Fact]
    public void A_direction_that_steps_miss_is_noticed()
    {
        using var crew = Crew();
        float[] values = [.. Enumerable.Range(0, 300).Select(i => i < 6 ? 100f : 50f - i * 0.1f)];
        using var m = Hold(Diagonal(values, 400), crew);
        try
        {
            var found = LeadingDirections.Stepwise(m, 4);
            Assert.All(found.Values, value => Assert.Equal(100, value, 1e-9)); // rounding may bring the copies in
        }
        catch (ArithmeticException e)
        {
            Assert.StartsWith("A direction was missed: ", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_the_next_value_is_as_large_the_span_is_not_determined()
    {
        using var crew = Crew();
        using var m = Hold(Diagonal([9, 8, 5, 5, 1], 8), crew);
        var found = LeadingDirections.Of(m, new double[5], 3);
        Assert.True(found.Error > EmbeddingOverlap.MostError);
        Assert.True(LeadingDirections.Of(m, new double[5], 2).Error < 1e-12);
    }

    [Fact]
    public void Planted_angles_are_found_small_ones_by_their_sines()
    {
        const double Small = 1e-7;
        double[] E(int i, int j, double angle)
        {
            var e = new double[8];
            (e[i], e[j]) = (Math.Cos(angle), Math.Sin(angle));
            return e;
        }
        var angles = PrincipalAngles.Between([E(0, 7, 0), E(1, 7, 0), E(2, 7, 0)], [E(0, 4, Small), E(1, 5, 0.5), E(2, 6, Math.PI / 2)]);
        Assert.Equal(Math.Sin(Small), angles.Sines[0], 1e-20);
        Assert.Equal(Math.Sin(0.5), angles.Sines[1], 1e-15);
        Assert.Equal(1, angles.Sines[2], 1e-15);
        Assert.Equal(Math.Cos(0.5), angles.Cosines[1], 1e-15);
        Assert.Equal(0, angles.Cosines[2], 1e-15);
    }

    [Fact]
    public void The_triangle_of_rows_that_come_in_parts_is_that_of_all_of_them() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 12], Gen.Int[1, 9], Gen.Int[0, 1000]).Sample((rows, columns, atOnce, seed) =>
        {
            double[,] m = Doubles(Random(rows, columns, seed));
            var qr = new RowQr(columns);
            double[] all = [.. m.Cast<double>()];
            for (int row = 0; row < rows; row += atOnce) qr.Add(all.AsSpan(row * columns, Math.Min(atOnce, rows - row) * columns).ToArray());
            double[,] gram = Plain.Times(Plain.Transposed(m), m);
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < columns; k++) sum += qr.Triangle[k * columns + i] * qr.Triangle[k * columns + j];
                    Assert.Equal(gram[i, j], sum, 1e-12 * rows);
                    if (j < i) Assert.Equal(0, qr.Triangle[i * columns + j]);
                }
            }
        });

    [Fact]
    public void The_largest_value_of_a_bidiagonal_matrix_and_its_vectors() =>
        Gen.Int[1, 30].SelectMany(k => Gen.Select(Gen.Double[0, 3].Array[k], Gen.Double[0, 3].Array[k])).Sample((diagonal, beside) =>
        {
            int k = diagonal.Length;
            var b = new double[k, k];
            for (int i = 0; i < k; i++)
            {
                b[i, i] = diagonal[i];
                if (i < k - 1) b[i, i + 1] = beside[i];
            }
            var (sigma, left, right) = Bidiagonal.Largest(diagonal, beside);
            double expected = Plain.Spectral(b);
            Assert.Equal(expected, sigma, 1e-12 * expected + 1e-300);
            double off = 0;
            for (int i = 0; i < k; i++)
            {
                double times = -sigma * left[i];
                for (int j = 0; j < k; j++) times += b[i, j] * right[j];
                off = Math.Max(off, Math.Abs(times));
            }
            Assert.True(off <= 1e-9 * expected, $"{off} of {expected}");
        });
}
