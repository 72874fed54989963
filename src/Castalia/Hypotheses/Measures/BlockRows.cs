using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Hypotheses.Measures;

/// <summary>Rows of a test with <c>block</c>, as a design: a reading of each combination of levels in every block.</summary>
static class BlockRows
{
    /// <summary>The reading `of` by the columns in `factors`.</summary>
    public static (Figure<BlockDesign> Design, int N, IReadOnlyList<string> Notes) ByFactors(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        return (BlockDesign.Of(rows.Numbers(test.Of!), [.. test.Factors.Select(factor => ByLabel(factor, rows))], ByLabel(test.Block!, rows)), rows.Count, notes);
    }

    /// <summary>The reading `of` by `on`, the mean over what `within` crosses with it.</summary>
    /// <param name="test">The test.</param>
    /// <param name="sample">Its rows.</param>
    /// <param name="areNumbers">Whether `on` is a number.</param>
    public static (Figure<BlockDesign> Design, int N, IReadOnlyList<string> Notes) ByLevels(Measure test, MeasureRows sample, bool areNumbers)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        var levels = areNumbers ? Grouping.OfNumbers(test.On!.Name, rows.Numbers(test.On!)) : ByLabel(test.On!, rows);
        var design = BlockDesign.Of(rows.Numbers(test.Of!), [levels, .. test.Within.Select(within => ByLabel(within, rows))], ByLabel(test.Block!, rows));
        return (design.Then(d => Figure<BlockDesign>.Of(d.Averaged(0))), rows.Count, notes);
    }

    /// <summary>What a percentile interval over few blocks is worth; nothing where there are enough.</summary>
    public static IEnumerable<string> FewBlocks(BlockDesign design) => design.Blocks.Levels.Count >= Dependence.FewClusters ? []
        : [$"{Figures.Of(design.Blocks.Levels.Count, "block")} ({design.Blocks.Name}) drawn again, fewer than {Dependence.FewClusters}: the interval is too narrow"];

    static Grouping ByLabel(Column column, MeasureRows rows) => new(column.Name, rows.Labels(column));
}
