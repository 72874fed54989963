namespace Castalia.Attribution;

/// <summary>How few of some values below 0 make up half of their sum.</summary>
static class HalfCount
{
    const int Few = 24;

    /// <summary>The fewest whose sum is at or below half of all; found by parting the values, not by putting all in order.</summary>
    /// <param name="values">Below 0; put in another order.</param>
    /// <param name="sum">Their sum.</param>
    public static int Of(Span<double> values, double sum)
    {
        double half = sum / 2, taken = 0; // taken: what lies before the values that are still looked at
        int before = 0;
        while (values.Length > Few)
        {
            double pivot = Middle(values[0], values[values.Length / 2], values[^1]), below = 0;
            int lower = 0, upper = values.Length; // values below the pivot, equal to it, not yet seen, above it
            for (int i = 0; i < upper;)
            {
                double value = values[i];
                if (value < pivot)
                {
                    values[i++] = values[lower];
                    values[lower++] = value;
                    below += value;
                }
                else if (value > pivot)
                {
                    values[i] = values[--upper];
                    values[upper] = value;
                }
                else
                {
                    i++;
                }
            }
            if (taken + below <= half)
            {
                values = values[..lower];
                continue;
            }
            before += lower;
            taken += below;
            for (int i = lower; i < upper; i++)
            {
                before++;
                taken += pivot;
                if (taken <= half) return before;
            }
            values = values[upper..];
        }
        values.Sort();
        foreach (double value in values)
        {
            if (taken <= half) break;
            taken += value;
            before++;
        }
        return before;
    }

    static double Middle(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
