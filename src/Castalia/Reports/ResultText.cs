using System.Globalization;
using System.Text;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>A query's result for people: a table where it fits the width, else one block of lines for each row.</summary>
public static class ResultText
{
    const string Indent = "  ", Gap = "  ";

    const int Digits = 6; // significant

    /// <summary>The text; lines end in LF.</summary>
    /// <param name="result">The result.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(QueryResult result, int width)
    {
        bool isRounded = false;
        string[][] cells = [.. result.Rows.Select(row => row.Select(Cell).ToArray())];
        int[] widths = [.. result.Columns.Select((column, i) => cells.Select(row => row[i].Length).Append(column.Name.Length).Max())];
        var text = new StringBuilder();
        if (Indent.Length + widths.Sum() + Gap.Length * (widths.Length - 1) <= width) Table(text, result.Columns, cells, widths);
        else Blocks(text, result.Columns, cells, width);
        text.Append('\n').Append(Indent).Append(Figures.Of(cells.Length, "row")).Append('.');
        if (isRounded) text.Append(CultureInfo.InvariantCulture, $" Numbers to {Digits} digits; --format csv and json give all.");
        return text.Append('\n').ToString();

        string Cell(object? value)
        {
            if (value is not double real) return Words(value);
            string shown = Rounded(real);
            isRounded |= double.Parse(shown, CultureInfo.InvariantCulture) != real;
            return shown;
        }
    }

    static void Table(StringBuilder text, IReadOnlyList<QueryColumn> columns, string[][] cells, int[] widths)
    {
        Line([.. columns.Select(column => column.Name)]);
        text.Append(Indent).Append('─', widths.Sum() + Gap.Length * (widths.Length - 1)).Append('\n');
        foreach (string[] row in cells) Line(row);

        void Line(string[] row) => text
            .Append((Indent + string.Join(Gap, row.Select((cell, i) => columns[i].IsNumber ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])))).TrimEnd()).Append('\n');
    }

    static void Blocks(StringBuilder text, IReadOnlyList<QueryColumn> columns, string[][] cells, int width)
    {
        int label = columns.Max(column => column.Name.Length);
        for (int row = 0; row < cells.Length; row++)
        {
            text.Append(row > 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"Row {row + 1}\n");
            for (int i = 0; i < columns.Count; i++)
            {
                // The value beside its name, and below it where it needs more lines.
                string value = Wrapped.Of(cells[row][i], Math.Max(width - label - Gap.Length, 20)).TrimEnd('\n');
                text.Append(Indent).Append(columns[i].Name.PadRight(label)).Append(value.Replace("\n", "\n" + new string(' ', Indent.Length + label))).Append('\n');
            }
        }
        if (cells.Length == 0) text.Append(Wrapped.Of(string.Join(", ", columns.Select(column => column.Name)), width));
    }

    /// <summary>A value in one line: control characters are shown as ·.</summary>
    static string Words(object? value) => value switch
    {
        null => Figures.Missing,
        bool flag => flag ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture),
        object?[] list => $"[{string.Join(", ", list.Select(item => item is double real ? Rounded(real) : Words(item)))}]",
        string line => string.Concat(line.Select(c => char.IsControl(c) ? '·' : c)),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    static string Rounded(double value) => value.ToString($"G{Digits}", CultureInfo.InvariantCulture);
}
