namespace Castalia.Analyses;

/// <summary>How the conventions of one model stand to a published figure.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Nearest">Defined cells, nearest first; equally near ones in the order of the grid.</param>
/// <param name="Matching">How many of them round to the figure; they stand first.</param>
/// <param name="Expected">How many would on average round to a figure of as many digits put at random within ± <see cref="FigureMatch.Span"/> of
/// this one: what the width of the rounding does alone.</param>
/// <param name="ChanceOfAny">The share of such figures that at least one cell would round to.</param>
public sealed record FigureMatch(
    PublishedFigure Figure, IReadOnlyList<ConventionCell> Nearest, int Matching, double Expected, double ChanceOfAny)
{
    /// <summary>Relative half-width of the span that chance matches are counted over.</summary>
    public const double Span = 0.1;

    /// <summary>The distance of a defined cell from the figure.</summary>
    public double Distance(ConventionCell cell) => Math.Abs(cell.Mean.Value!.Value - Figure.Value);

    /// <summary>Holds a grid against a figure.</summary>
    public static FigureMatch Of(IReadOnlyList<ConventionCell> grid, PublishedFigure figure)
    {
        ConventionCell[] nearest = [.. grid.Where(c => c.Mean.Value is not null).OrderBy(c => Math.Abs(c.Mean.Value!.Value - figure.Value))];
        double low = figure.Value * (1 - Span), high = figure.Value * (1 + Span), covered = 0, union = 0, reached = low;
        foreach (double mean in nearest.Select(c => c.Mean.Value!.Value).Order())
        {
            // The figures that this cell rounds to, as far as they lie in the span.
            double from = Math.Max(low, mean - figure.Half), to = Math.Min(high, mean + figure.Half);
            if (to <= from) continue;
            covered += to - from;
            union += Math.Max(0, to - Math.Max(from, reached));
            reached = Math.Max(reached, to);
        }
        return new(figure, nearest, nearest.Count(c => figure.MayBe(c.Mean.Value!.Value)), covered / (high - low), union / (high - low));
    }
}
