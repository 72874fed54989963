using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;
using Xunit;

namespace Castalia.Tests.Attribution;

public sealed class TileProductsTests
{
    sealed class Rows(float[][] rows) : IWeightRows
    {
        int IWeightRows.Rows => rows.Length;
        public int Columns => rows[0].Length;
        public void Widen(int row, int start, Span<float> destination) => rows[row].AsSpan(start, destination.Length).CopyTo(destination);
    }

    /// <summary>Sizes on both sides of tiles, steps of columns and tokens, and stripes; each sum in the order that is promised.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(16, 16, 4)]
    [InlineData(17, 15, 3)]
    [InlineData(128, 256, 5)]
    [InlineData(129, 257, 8)]
    [InlineData(300, 530, 2)]
    [InlineData(33, 70, 11)]
    public void Both_products_are_their_chains_bit_for_bit(int rows, int columns, int tokens)
    {
        var random = new Random(rows);
        float[][] w = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray())];
        using TokenVectors x = Random(random, tokens, columns), v = Random(random, tokens, rows), y = new(), u = new(), alone = new();
        using var crew = new Crew(2, TestContext.Current.CancellationToken);
        using var products = new BothSides(crew);
        products.Run(new Rows(w), x, y, v, u);
        int stripe = TokenVectors.Up((rows + 7) / 8, 16);
        for (int t = 0; t < tokens; t++)
        {
            for (int r = 0; r < rows; r++)
            {
                double[] lanes = new double[8];
                for (int k = 0; k < columns; k++) lanes[k % 8] = Math.FusedMultiplyAdd(w[r][k], x.Row(t)[k], lanes[k % 8]);
                Assert.Equal(((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7])), y.Row(t)[r]);
            }
            for (int k = 0; k < columns; k++)
            {
                double sum = 0;
                for (int first = 0; first < rows; first += stripe)
                {
                    double share = 0;
                    for (int r = first; r < Math.Min(rows, first + stripe); r++) share = Math.FusedMultiplyAdd(w[r][k], v.Row(t)[r], share);
                    sum += share;
                }
                Assert.Equal(sum, u.Row(t)[k]);
            }
        }
        products.Run(new Rows(w), null, null, v, alone);
        for (int t = 0; t < tokens; t++) Assert.Equal(u.Row(t), alone.Row(t));
    }

    /// <summary>Whichever the processor has registers for.</summary>
    [Fact]
    public unsafe void Tiles_of_either_shape_give_the_same_bits()
    {
        const int columns = 2 * TileProducts.ColumnStep, tokens = 2 * TileProducts.TokenStep;
        var random = new Random(1);
        using TokenVectors w = Random(random, TileProducts.Rows, columns), x = Random(random, tokens, columns), v = Random(random, tokens, TileProducts.Rows);
        double[] across = new double[tokens * TileProducts.Rows * TileProducts.Lanes], otherAcross = new double[across.Length], down = new double[tokens * columns], otherDown = new double[down.Length];
        fixed (double* first = across, second = otherAcross, third = down, fourth = otherDown)
        {
            TileAcross.FourRows(w.Data, (int)w.Stride, columns, x.Data, x.Stride, tokens, first);
            TileAcross.OneRow(w.Data, (int)w.Stride, columns, x.Data, x.Stride, tokens, second);
            for (int twice = 0; twice < 2; twice++)
            {
                TileDown.FourVectors(w.Data, (int)w.Stride, columns, v.Data, v.Stride, tokens, third, columns, fresh: twice == 0);
                TileDown.OneVector(w.Data, (int)w.Stride, columns, v.Data, v.Stride, tokens, fourth, columns, fresh: twice == 0);
            }
        }
        Assert.Equal(across, otherAcross);
        Assert.Equal(down, otherDown);
        Assert.DoesNotContain(0, down);
    }

    static TokenVectors Random(Random random, int tokens, int width)
    {
        var vectors = new TokenVectors().Clear(tokens, width);
        for (int t = 0; t < tokens; t++)
            foreach (ref double value in vectors.Row(t)) value = random.NextDouble() - 0.5;
        return vectors;
    }
}
