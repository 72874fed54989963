namespace Castalia.Analyses;

/// <summary>How the conventions of one model stand to a published figure.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Nearest">Defined cells, nearest first; equally near ones in the order of the grid.</param>
/// <param name="Matching">How many of them round to the figure; they stand first.</param>
/// <param name="Rules">Rules, a reference point with a position rule, that have a defined cell; the precisions of a norm are one rule read three ways.</param>
/// <param name="MatchingRules">How many of them round to the figure in any precision: the findings.</param>
/// <param name="Expected">How many rules would on average round to a figure of as many digits put at random within ± <see cref="FigureMatch.Span"/> of
/// this one: what the width of the rounding does alone.</param>
/// <param name="Covered">The share of that span in which a figure meets at least one cell: how densely cells lie, no probability of a finding.</param>
sealed record FigureMatch(
    PublishedFigure Figure, IReadOnlyList<ConventionCell> Nearest, int Matching, int Rules, int MatchingRules, double Expected, double Covered)
{
    /// <summary>Relative half-width of the span that chance matches are counted over.</summary>
    public const double Span = 0.1;

    /// <summary>The distance of a defined cell from the figure.</summary>
    public double Distance(ConventionCell cell) => Math.Abs(cell.Mean.Value!.Value - Figure.Value);

    /// <summary>Holds a grid against a figure.</summary>
    public static FigureMatch Of(IReadOnlyList<ConventionCell> grid, PublishedFigure figure)
    {
        ConventionCell[] nearest = [.. grid.Where(c => c.Mean.Value is not null).OrderBy(c => Math.Abs(c.Mean.Value!.Value - figure.Value))];
        var rules = nearest.GroupBy(c => (c.Point, c.Rule)).ToList();
        return new(
            figure, nearest, nearest.Count(MayBe), rules.Count, rules.Count(rule => rule.Any(MayBe)),
            rules.Sum(rule => Share(rule, figure)), Share(nearest, figure));

        bool MayBe(ConventionCell cell) => figure.MayBe(cell.Mean.Value!.Value);
    }

    /// <summary>The share of the span in which a figure rounds from at least one of the cells.</summary>
    static double Share(IEnumerable<ConventionCell> cells, PublishedFigure figure)
    {
        double low = figure.Value * (1 - Span), high = figure.Value * (1 + Span), union = 0, reached = low;
        foreach (double mean in cells.Select(c => c.Mean.Value!.Value).Order())
        {
            // The figures that this cell rounds to, as far as they lie in the span.
            double from = Math.Max(low, mean - figure.Half), to = Math.Min(high, mean + figure.Half);
            if (to <= from) continue;
            union += Math.Max(0, to - Math.Max(from, reached));
            reached = Math.Max(reached, to);
        }
        return union / (high - low);
    }
}
