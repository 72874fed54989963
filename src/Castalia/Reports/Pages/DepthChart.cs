using System.Text;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A small column chart of one figure over the blocks of a model, in block characters.</summary>
static class DepthChart
{
    const int Rows = 5;
    const int LevelsPerRow = 8;
    const int LabelWidth = 9;
    const string Levels = " ▁▂▃▄▅▆▇█";

    /// <summary>The chart, each line ended by LF: largest and smallest value labelled, the row where 1 falls marked.</summary>
    /// <param name="values">By block; positive; null where undefined, which leaves a gap.</param>
    /// <param name="width">Columns it may take.</param>
    public static string Of(IReadOnlyList<double?> values, int width)
    {
        int room = width - LabelWidth - 2;
        int perColumn = (values.Count + room - 1) / room, wide = values.Count * 2 <= room ? 2 : 1;
        double?[] columns = [.. values.Chunk(perColumn).Select(Mean)];
        double[] defined = [.. columns.Where(v => v is not null).Select(v => v!.Value)];
        if (defined.Length == 0) return $"  {Figures.Missing}\n";
        var scale = DepthScale.Of(defined);
        var (low, high, _) = scale;
        var text = new StringBuilder();
        text.Append("  ").Append(scale.Words).Append(perColumn > 1 ? FormattableString.Invariant($", each column the mean of {perColumn} blocks") : "").Append('\n');
        var beyond = scale.Beyond(columns, perColumn > 1 ? "column" : "block");
        if (beyond.Count > 0) text.Append($"  ↑ beyond the scale: {string.Join(", ", beyond)}\n");
        for (int row = Rows - 1; row >= 0; row--)
        {
            string label = row == Rows - 1 ? Figures.Real(high)
                : row == 0 && high > low ? Figures.Real(low)
                : low < 1 && 1 < high && (Level(1) - 1) / LevelsPerRow == row ? "1"
                : "";
            var line = new StringBuilder(label.PadLeft(LabelWidth)).Append('┤');
            foreach (double? value in columns)
            {
                int level = value is { } v ? Math.Clamp(Level(v) - row * LevelsPerRow, 0, LevelsPerRow) : 0;
                line.Append(value > high && row == Rows - 1 ? '↑' : Levels[level]).Append(wide == 2 ? " " : "");
            }
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
        string first = "1", last = FormattableString.Invariant($"{values.Count}");
        int span = columns.Length * wide - (wide - 1);
        string axis = span > first.Length + last.Length ? first + last.PadLeft(span - 1) : first;
        return text.Append("block".PadLeft(LabelWidth)).Append(' ').Append(axis).Append('\n').ToString();

        // 1 to Rows·LevelsPerRow: the smallest value is still seen.
        int Level(double v) => 1 + (int)Math.Round(scale.Share(v) * (Rows * LevelsPerRow - 1));
    }

    static double? Mean(double?[] values)
    {
        double[] defined = [.. values.Where(v => v is not null).Select(v => v!.Value)];
        return defined.Length == 0 ? null : defined.Average();
    }
}
