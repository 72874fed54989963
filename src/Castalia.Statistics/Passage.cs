namespace Castalia.Statistics;

/// <summary>Where a line through points goes from one side of a height to the other.</summary>
static class Passage
{
    /// <summary>The middle passage, NaN where the line ends on the side on which it began, and how many there are. A point at the height is on neither side.</summary>
    /// <param name="x">Ascending.</param>
    /// <param name="y">As many.</param>
    /// <param name="height">The height.</param>
    public static (double At, int Count) Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double height)
    {
        var found = new List<double>();
        int last = -1; // the last point beside the height
        for (int i = 0; i < x.Length; i++)
        {
            if (y[i] == height) continue;
            if (last >= 0 && y[i] > height != y[last] > height)
                found.Add(i == last + 1 ? x[last] + (x[i] - x[last]) * ((height - y[last]) / (y[i] - y[last])) : (x[last + 1] + x[i - 1]) / 2);
            last = i;
        }
        return (found.Count % 2 == 1 ? found[found.Count / 2] : double.NaN, found.Count);
    }
}
