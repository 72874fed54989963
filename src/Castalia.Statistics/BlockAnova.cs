using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>What a factor, two of them together, or the blocks contribute.</summary>
/// <param name="Name">The factor; "a × b" of an interaction.</param>
/// <param name="SumOfSquares">Its sum of squares, in the squared unit of the readings.</param>
/// <param name="Df">Its degrees of freedom.</param>
/// <param name="F">Its mean square over the residual one.</param>
/// <param name="P">Upper tail of F.</param>
/// <param name="PartialEtaSquared">SS/(SS + residual SS); 0 to 1, too large in small samples.</param>
/// <param name="PartialOmegaSquared">df (F − 1)/(df (F − 1) + N), the share of variance with less bias (Kirk 2013, Experimental Design, 8.5); below 0 where F is below 1.</param>
sealed record BlockEffect(string Name, double SumOfSquares, int Df, double F, double P, double PartialEtaSquared, double PartialOmegaSquared);

/// <summary>An analysis of variance of one or two crossed factors in blocks.</summary>
/// <param name="N">Readings.</param>
/// <param name="Effects">The factors, then their interaction where there are two.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="ResidualSquares">Squares that neither cells nor blocks explain.</param>
/// <param name="ResidualDf">(cells − 1)(blocks − 1).</param>
/// <param name="ResidualSd">√(residual squares/df), in the unit of the readings.</param>
/// <param name="CellMeans">Mean of each cell over the blocks, in the design's order.</param>
readonly record struct BlockVariance(
    int N, IReadOnlyList<BlockEffect> Effects, BlockEffect Blocks, double ResidualSquares, int ResidualDf, double ResidualSd, IReadOnlyList<double> CellMeans) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => (double[])
    [
        ResidualSquares, ResidualSd, .. Effects.Append(Blocks).SelectMany(e => (double[])[e.SumOfSquares, e.F, e.P, e.PartialEtaSquared, e.PartialOmegaSquared]),
    ];
}

/// <summary>Analysis of variance of a complete, balanced block design (Fisher 1935; Montgomery 2017, Design and Analysis of Experiments, 4.1 and 5.6).</summary>
/// <remarks>
/// y = cell + block + residual, and cells split into factors and interaction, which are orthogonal. All effects are tested against the residual, as in the mixed model with a random intercept for
/// each block: of a balanced complete design both give the same F unless that model's variance of blocks ends at 0. Residuals are assumed normal, of one variance, and equally related between any two cells.
/// </remarks>
static class BlockAnova
{
    /// <summary>Rounding of a residual, relative to the largest reading: it is a difference of four means.</summary>
    const double Rounding = 1e-15;

    /// <summary>The analysis; undefined for more than two factors and where nothing is left beside cells and blocks.</summary>
    /// <param name="design">The readings.</param>
    public static Figure<BlockVariance> Of(BlockDesign design)
    {
        if (design.Factors.Count > 2) return Figure<BlockVariance>.Undefined($"there are {design.Factors.Count} factors, and one or two are analysed");
        double[] cells = design.CellMeans(), blocks = design.BlockMeans();
        double grand = Describe.Mean(cells), residual = 0, largest = 0;
        for (int cell = 0; cell < cells.Length; cell++)
        {
            for (int block = 0; block < blocks.Length; block++)
            {
                double e = design.At(cell, block) - cells[cell] - (blocks[block] - grand);
                residual += e * e;
                largest = Math.Max(largest, Math.Abs(design.At(cell, block)));
            }
        }
        int df = (cells.Length - 1) * (blocks.Length - 1);
        if (!double.IsFinite(residual)) return Figure<BlockVariance>.Undefined(Pearson.OutOfRange);
        if (residual <= design.N * (Rounding * largest) * (Rounding * largest))
            return Figure<BlockVariance>.Undefined($"nothing varies beside cells and {design.Blocks.Name}s: every {design.Blocks.Name} differs from cell to cell as the others do");
        if (!double.IsNormal(residual)) return Figure<BlockVariance>.Undefined(Pearson.OutOfRange);
        double[][] means = [.. design.Factors.Select((_, f) => design.LevelMeans(f))];
        List<BlockEffect> effects = [.. design.Factors.Select((factor, f) => Effect(factor.Name, Between(means[f], grand, design.N), factor.Levels.Count - 1))];
        if (design.Factors is [var a, var b])
            effects.Add(Effect($"{a.Name} × {b.Name}", Interaction(design, cells, means, grand), (a.Levels.Count - 1) * (b.Levels.Count - 1)));
        return Figure<BlockVariance>.Of(new(
            design.N, effects, Effect(design.Blocks.Name, Between(blocks, grand, design.N), blocks.Length - 1), residual, df, Math.Sqrt(residual / df), cells));

        BlockEffect Effect(string name, double squares, int of)
        {
            double f = squares / of / (residual / df), excess = of * (f - 1);
            return new(name, squares, of, f, FisherF.Survival(f, of, df), squares / (squares + residual), excess / (excess + design.N));
        }
    }

    /// <summary>Σ over readings of (mean of their group − grand mean)².</summary>
    static double Between(double[] means, double grand, int n) => n / means.Length * means.Sum(mean => (mean - grand) * (mean - grand));

    static double Interaction(BlockDesign design, double[] cells, double[][] means, double grand)
    {
        double squares = 0;
        for (int cell = 0; cell < cells.Length; cell++)
        {
            double left = cells[cell] - means[0][design.Level(0, cell)] - (means[1][design.Level(1, cell)] - grand);
            squares += left * left;
        }
        return design.Blocks.Levels.Count * squares;
    }
}
