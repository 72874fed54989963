namespace Castalia.Attribution;

/// <summary>G² − 1 and the squared length of the stream, split along orthonormal directions, with what lies outside of them.</summary>
/// <remarks>A_b = ⟨Δ, b⟩⟨h + h′, b⟩/‖h‖², summed over the directions of a group. Each of the three adds up, with what is outside: to G² − 1, to 1 and to 1.</remarks>
/// <param name="Name">Of the set.</param>
/// <param name="Parts">A of each group.</param>
/// <param name="Outside">A of what lies outside.</param>
/// <param name="Before">Share of ‖h‖² in each group.</param>
/// <param name="BeforeOutside">Outside.</param>
/// <param name="After">Share of ‖h′‖² in each group; NaN where h′ is 0.</param>
/// <param name="AfterOutside">Outside.</param>
sealed record DirectionSplit(
    string Name, IReadOnlyList<double> Parts, double Outside, IReadOnlyList<double> Before, double BeforeOutside, IReadOnlyList<double> After, double AfterOutside)
{
    /// <summary>Splits one block at one position.</summary>
    /// <param name="set">The directions.</param>
    /// <param name="pre">h.</param>
    /// <param name="post">h′.</param>
    internal static DirectionSplit Of(DirectionSet set, ReadOnlySpan<double> pre, ReadOnlySpan<double> post)
    {
        double square = Wide.Dot(pre, pre), squareAfter = Wide.Dot(post, post);
        double[] delta = new double[pre.Length], both = new double[pre.Length];
        for (int d = 0; d < delta.Length; d++) (delta[d], both[d]) = (post[d] - pre[d], post[d] + pre[d]);
        double[] restOfDelta = [.. delta], restOfBoth = [.. both];
        double[] parts = new double[set.Sizes.Count], before = new double[parts.Length], after = new double[parts.Length];
        for (int group = 0, direction = 0; group < parts.Length; group++)
        {
            for (int end = direction + set.Sizes[group]; direction < end; direction++)
            {
                var b = set[direction];
                double step = LaneSums.Dot(delta, b), sum = LaneSums.Dot(both, b), from = (sum - step) / 2, to = (sum + step) / 2;
                LaneSums.Add(-step, b, restOfDelta);
                LaneSums.Add(-sum, b, restOfBoth);
                parts[group] += step * sum / square;
                before[group] += from * from / square;
                after[group] += to * to / squareAfter;
            }
        }
        double outside = 0, outsideBefore = 0, outsideAfter = 0;
        for (int d = 0; d < delta.Length; d++)
        {
            double from = (restOfBoth[d] - restOfDelta[d]) / 2, to = (restOfBoth[d] + restOfDelta[d]) / 2;
            outside += restOfDelta[d] * restOfBoth[d];
            outsideBefore += from * from;
            outsideAfter += to * to;
        }
        return new(set.Name, parts, outside / square, before, outsideBefore / square, after, outsideAfter / squareAfter);
    }
}
