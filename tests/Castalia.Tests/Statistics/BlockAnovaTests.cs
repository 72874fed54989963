using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

/// <summary>Analysis of variance in blocks against the examples of Montgomery (2017, Design and Analysis of Experiments), to the digits printed there.</summary>
public sealed class BlockAnovaTests
{
    /// <summary>Vascular grafts, percent without flicks: four extrusion pressures by six batches of resin.</summary>
    static readonly double[][] s_grafts =
    [
        [90.3, 89.2, 98.2, 93.9, 87.4, 97.9], [92.5, 89.5, 90.6, 94.7, 87.0, 95.8], [85.5, 90.8, 89.6, 86.2, 88.0, 93.4], [82.5, 89.5, 85.6, 87.4, 78.9, 90.7],
    ];

    /// <summary>Hardness under four tips on four coupons.</summary>
    static readonly double[][] s_tips = [[-2, -1, 1, 5], [-1, -2, 3, 4], [-3, -1, 0, 2], [2, 1, 5, 7]];

    /// <summary>Targets seen on a radar scope: three levels of ground clutter, two filters, four operators.</summary>
    static readonly double[][] s_scope = [[90, 96, 100, 92], [86, 84, 92, 81], [102, 106, 105, 96], [87, 90, 97, 80], [114, 112, 108, 98], [93, 91, 95, 83]];

    [Fact]
    public void The_grafts_have_the_published_table()
    {
        var table = BlockAnova.Of(Design(s_grafts)).Defined();
        var pressure = Assert.Single(table.Effects);
        Assert.Equal((178.17, 3, 8.11, 0.0019), (Math.Round(pressure.SumOfSquares, 2), pressure.Df, Math.Round(pressure.F, 2), Math.Round(pressure.P, 4)));
        Assert.Equal((192.25, 5), (Math.Round(table.Blocks.SumOfSquares, 2), table.Blocks.Df));
        Assert.Equal((109.89, 15, 7.33), (Math.Round(table.ResidualSquares, 2), table.ResidualDf, Math.Round(table.ResidualSd * table.ResidualSd, 2)));
        Assert.Equal(178.17 / (178.17 + 109.89), pressure.PartialEtaSquared, 1e-4);
        Assert.Equal(3 * (8.1071 - 1) / (3 * (8.1071 - 1) + 24), pressure.PartialOmegaSquared, 1e-4);
    }

    [Fact]
    public void The_tips_have_the_published_table()
    {
        var table = BlockAnova.Of(Design(s_tips)).Defined();
        Assert.Equal(38.5, table.Effects[0].SumOfSquares, 1e-12);
        Assert.Equal(82.5, table.Blocks.SumOfSquares, 1e-12);
        Assert.Equal(8, table.ResidualSquares, 1e-12);
        Assert.Equal((14.44, 0.0009), (Math.Round(table.Effects[0].F, 2), Math.Round(table.Effects[0].P, 4)));
    }

    [Fact]
    public void The_radar_scope_has_the_published_table()
    {
        var table = BlockAnova.Of(Scope()).Defined();
        Assert.Equal([("clutter", 335.58, 2, 15.13), ("filter", 1066.67, 1, 96.19), ("clutter × filter", 77.08, 2, 3.48)], table.Effects.Select(e => (e.Name, Math.Round(e.SumOfSquares, 2), e.Df, Math.Round(e.F, 2))));
        Assert.Equal((402.17, 3), (Math.Round(table.Blocks.SumOfSquares, 2), table.Blocks.Df));
        Assert.Equal((166.33, 15), (Math.Round(table.ResidualSquares, 2), table.ResidualDf));
        Assert.Equal(0.0003, Math.Round(table.Effects[0].P, 4));
        Assert.Equal(Math.Pow(1 + 2 * table.Effects[2].F / 15, -7.5), table.Effects[2].P, 1e-12); // F with 2 degrees of freedom
        Assert.Equal([94.5, 85.75, 102.25, 88.5, 108, 90.5], table.CellMeans);
    }

    /// <summary>Tukey's 5 % point of four means with 15 degrees of freedom is 4.08 in every table.</summary>
    [Fact]
    public void The_range_of_level_means_is_tukeys()
    {
        var range = LevelRange.Of(Design(s_grafts), 0).Defined();
        Assert.Equal((0, 3), (range.Highest, range.Lowest));
        Assert.Equal(92.8166667 - 85.7666667, range.Difference, 1e-6);
        Assert.Equal(4.08, (range.Interval95.High - range.Difference) / Math.Sqrt(109.88625 / 15 / 6), 0.005);
        Assert.InRange(range.P, 0.001, 0.01); // between the tables' points
    }

    static readonly Gen<double> s_reading = Gen.Int[-3000, 3000].Select(i => i / 1000.0);

    static readonly Gen<double[][]> s_cells = Gen.Select(Gen.Int[2, 5], Gen.Int[2, 6]).SelectMany((cells, blocks) => s_reading.Array[blocks].Array[cells]);

    [Fact]
    public void Of_two_levels_it_is_the_paired_t_test() => s_cells.Sample(cells =>
    {
        var design = Design(cells[..2]);
        if (OneSampleT.Of([.. cells[1].Zip(cells[0], (b, a) => b - a)], 0).Value is not { } t || BlockAnova.Of(design).Value is not { } table) return;
        Close(t.T * t.T, table.Effects[0].F);
        Close(t.PTwoSided, table.Effects[0].P);
        var range = LevelRange.Of(design, 0).Defined();
        Close(t.PTwoSided, range.P);
        Close(t.Interval95.High - t.Interval95.Low, range.Interval95.High - range.Interval95.Low);
    }, iter: 200);

    [Fact]
    public void Neither_offset_nor_unit_nor_what_a_block_adds_moves_f() => s_cells.Sample(cells =>
    {
        if (BlockAnova.Of(Design(cells)).Value is not { } table) return;
        var moved = BlockAnova.Of(Design([.. cells.Select(cell => cell.Select((value, block) => 16 * value + 100 + block * block).ToArray())])).Defined();
        Assert.Equal(table.Effects[0].F, moved.Effects[0].F, 1e-9 * Math.Max(1, table.Effects[0].F));
    }, iter: 200);

    /// <summary>Squares of the whole are those of its parts.</summary>
    [Fact]
    public void Squares_add_up() => s_reading.Array[3].Array[6].Sample(cells =>
    {
        var table = BlockAnova.Of(TwoFactors(cells, 3, 2)).Defined();
        double mean = cells.Average(cell => cell.Average()), total = cells.Sum(cell => cell.Sum(value => (value - mean) * (value - mean)));
        Close(total, table.Effects.Sum(e => e.SumOfSquares) + table.Blocks.SumOfSquares + table.ResidualSquares);
    }, iter: 200);

    [Fact]
    public void The_order_of_rows_changes_no_bit()
    {
        double[] values = [.. s_scope.SelectMany(cell => cell)];
        var order = Enumerable.Range(0, 24).Reverse().OrderBy(i => i * 7 % 24).ToArray();
        string[] clutter = [.. Enumerable.Range(0, 24).Select(i => $"{i / 8}")], filter = [.. Enumerable.Range(0, 24).Select(i => $"{i / 4 % 2}")], operators = [.. Enumerable.Range(0, 24).Select(i => $"{i % 4}")];
        var plain = BlockAnova.Of(BlockDesign.Of(values, [new("clutter", clutter), new("filter", filter)], new("operator", operators)).Defined()).Defined();
        var shuffled = BlockAnova.Of(BlockDesign.Of(Of(values), [new("clutter", Of(clutter)), new("filter", Of(filter))], new("operator", Of(operators))).Defined()).Defined();
        Assert.Equal(plain.Effects, shuffled.Effects);
        Assert.Equal(plain.ResidualSd, shuffled.ResidualSd);

        T[] Of<T>(T[] all) => [.. order.Select(i => all[i])];
    }

    [Fact]
    public void Designs_that_are_none_say_why()
    {
        Assert.Equal("a = 2 has no value for seed 7: the design is incomplete, 3 of 4", Because([1, 2, 3], ["1", "1", "2"], ["7", "8", "8"]));
        Assert.Equal("a = 2 has 2 values, not one, for seed 8", Because([1, 2, 3, 4, 5], ["1", "1", "2", "2", "2"], ["7", "8", "7", "8", "8"]));
        Assert.Equal("a has one level, 1", Because([1, 2], ["1", "1"], ["7", "8"]));
        Assert.Equal("there is one seed, so nothing says how far they differ", Because([1, 2], ["1", "2"], ["7", "7"]));
        Assert.Equal("value 2 of 2 is NaN", Because([1, double.NaN], ["1", "2"], ["7", "7"]));
        Assert.Equal("there are no values", Because([], [], []));
        Assert.StartsWith("nothing varies beside cells and seeds", BlockAnova.Of(Design([[0.1, 0.2, 0.4], [0.3, 0.4, 0.6]])).UndefinedBecause);
        Assert.Equal("squares of the values leave the range of float64", BlockAnova.Of(Design([[1e200, 2e200], [3e200, -1e200]])).UndefinedBecause);

        static string? Because(double[] values, string[] levels, string[] seeds) => BlockDesign.Of(values, [new("a", levels)], new("seed", seeds)).UndefinedBecause;
    }

    /// <summary>As numbers where all are: 9 before 10, 1E-05 first.</summary>
    [Fact]
    public void Levels_are_in_order()
    {
        Assert.Equal(["1E-05", "9", "10"], BlockDesign.Of([1, 2, 3, 4, 5, 6], [new("a", ["10", "9", "1E-05", "10", "9", "1E-05"])], new("seed", ["1", "1", "1", "2", "2", "2"])).Defined().Factors[0].Levels);
        Assert.Equal(["10", "9", "none"], BlockDesign.Of([1, 2, 3, 4, 5, 6], [new("a", ["none", "9", "10", "10", "9", "none"])], new("seed", ["1", "1", "1", "2", "2", "2"])).Defined().Factors[0].Levels);
    }

    internal static BlockDesign Design(double[][] cells, params double[] levels) => BlockDesign.Of(
        [.. cells.SelectMany(cell => cell)], [Grouping.OfNumbers("level", [.. cells.SelectMany((cell, i) => cell.Select(_ => levels.Length > 0 ? levels[i] : i))])],
        new("seed", [.. cells.SelectMany(cell => cell.Select((_, block) => $"{block}"))])).Defined();

    static BlockDesign Scope() => TwoFactors(s_scope, 3, 2, "clutter", "filter");

    static BlockDesign TwoFactors(double[][] cells, int first, int second, string one = "a", string other = "b")
    {
        Assert.Equal(first * second, cells.Length);
        return BlockDesign.Of(
            [.. cells.SelectMany(cell => cell)],
            [new(one, [.. cells.SelectMany((cell, i) => cell.Select(_ => $"{i / second}"))]), new(other, [.. cells.SelectMany((cell, i) => cell.Select(_ => $"{i % second}"))])],
            new("seed", [.. cells.SelectMany(cell => cell.Select((_, block) => $"{block}"))])).Defined();
    }

    static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));
}
