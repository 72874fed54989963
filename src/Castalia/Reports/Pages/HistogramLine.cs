using System.Text;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>How values are spread, in one line of block characters with a bar where 0 lies.</summary>
static class HistogramLine
{
    const string Levels = " ▁▂▃▄▅▆▇█";
    const char Zero = '│';

    /// <summary>Most columns on a page.</summary>
    public const int MostColumns = 24;

    /// <summary>A line for each sample, each ended by LF: its name, then how its values are spread; the lines stand in line.</summary>
    public static string Of(Spread spread) => string.Concat(spread.Samples.Select(sample =>
        $"{Printable.Of(sample.Name).PadRight(spread.Samples.Max(other => Printable.Of(other.Name).Length))}  {Of(sample.Values, MostColumns)}\n"));

    /// <summary>"−0.30 ▁▃█│▅▁ 0.20, 0.10 a column": columns begin at multiples of their width, which is 1, 2 or 5 times a power of ten.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="columns">Most columns.</param>
    public static string Of(IReadOnlyList<double> values, int columns)
    {
        double low = values.Min(), high = values.Max();
        if (low == high) return $"every value is {TestFigures.Signed(low)}";
        double step = Step(low, high, columns);
        long first = Index(low), last = Index(high);
        int[] counts = new int[last - first + 1];
        foreach (double v in values) counts[Index(v) - first]++;
        int most = counts.Max();
        var line = new StringBuilder();
        for (int i = 0; i < counts.Length; i++)
        {
            if (first + i == 0 && i > 0) line.Append(Zero);
            // One value is still seen; an empty column is empty.
            line.Append(Levels[counts[i] == 0 ? 0 : Math.Max(1, (int)Math.Round(8.0 * counts[i] / most))]);
        }
        return $"{TestFigures.Round(first * step)} {line} {TestFigures.Round((last + 1) * step)}, {TestFigures.Round(step)} a column, highest {most}";

        long Index(double v) => (long)Math.Floor(v / step);
    }

    static double Step(double low, double high, int columns)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / columns)));
        foreach (double factor in (double[])[1, 2, 5, 10, 20])
            if (Math.Floor(high / (factor * power)) - Math.Floor(low / (factor * power)) < columns) return factor * power;
        throw new InvalidOperationException("Columns of twice the range divided by their number hold it.");
    }
}
