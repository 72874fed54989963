using Castalia.Anatomy.Spectra;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Anatomy;

/// <summary>Singular values by bisection against those of another decomposition, and against matrices whose values are known.</summary>
public sealed class SingularValuesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(120)]
    public void They_are_those_of_a_whole_decomposition(int n)
    {
        double[] a = Random(n, seed: (ulong)n);
        Near(SmallSvd.Values(a, n), SingularValues.Of(a, n), 1e-13);
    }

    [Fact]
    public void Of_a_rotated_diagonal_they_are_the_diagonal_down_to_rounding_of_the_largest()
    {
        const int n = 40;
        double[] expected = [.. Enumerable.Range(0, n).Select(i => Math.Pow(10, -i / 4.0))]; // 1 to 1.8e-10
        double[] a = new double[n * n];
        double[][] left = Orthonormal(n, 1), right = Orthonormal(n, 2);
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) a[i * n + j] += left[k][i] * expected[k] * right[k][j];
        Near(expected, SingularValues.Of(a, n), 1e-14);
    }

    [Fact]
    public void A_matrix_of_zeros_has_none_and_rank_one_has_one()
    {
        Assert.All(SingularValues.Of(new double[25], 5), value => Assert.Equal(0, value));
        double[] one = [.. Enumerable.Range(0, 36).Select(i => (1.0 + i / 6) * (i % 6))];
        double[] values = SingularValues.Of(one, 6);
        Assert.Equal(Math.Sqrt(one.Sum(value => value * value)), values[0], 1e-12);
        Assert.All(values[1..], value => Assert.InRange(value, 0, 1e-13 * values[0]));
    }

    [Fact]
    public void Probes_of_a_wide_matrix_are_within_their_errors_of_the_whole()
    {
        const int n = 150;
        double[] a = Random(n, 8);
        for (int i = 0; i < a.Length; i++) a[i] = 0.05 * a[i] + (i % (n + 1) == 0 ? 1 : 0);
        var exact = JacobianSpectrum.Exact(a, n);
        var probed = ProbedSpectrum.Of(a, n);
        Assert.Equal(exact.SingularValues[0], probed.SingularValues[0], 1e-8);
        Assert.Equal(exact.LogAbsDet, probed.LogAbsDet, 1e-10);
        Assert.InRange(probed.ShareContracting - exact.ShareContracting, -0.05, 0.05);
        Assert.True(probed.ShareContractingError > 0 && probed.TrailingLog is null);
        Assert.Equal(double.NegativeInfinity, LogDeterminant.Of([1, 2, 2, 4], 2));
        Assert.Equal(Math.Log(3), LogDeterminant.Of([0, 3, 1, 7], 2), 1e-15);
    }

    static void Near(double[] expected, double[] found, double most)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.InRange(found[i] - expected[i], -most * expected[0], most * expected[0]);
    }

    static double[] Random(int n, ulong seed) => [.. Enumerable.Range(0, n * n).Select(i => NormalDeviates.At(NormalDeviates.Key(seed, "matrix"), i))];

    /// <summary>Rows made orthonormal in their order.</summary>
    static double[][] Orthonormal(int n, ulong seed)
    {
        double[] a = Random(n, seed);
        double[][] rows = [.. Enumerable.Range(0, n).Select(i => a[(i * n)..((i + 1) * n)])];
        for (int i = 0; i < n; i++)
        {
            for (int round = 0; round < 2; round++)
                for (int j = 0; j < i; j++) Vectors.Add(-Vectors.Dot(rows[i], rows[j]), rows[j], rows[i]);
            Vectors.Scale(rows[i], 1 / Vectors.Norm(rows[i]));
        }
        return rows;
    }
}
