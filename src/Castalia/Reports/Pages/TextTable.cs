using System.Text;
using Castalia.Errors;

namespace Castalia.Reports.Pages;

/// <summary>Columns of plain text: words flush left, figures flush right, two spaces between them.</summary>
static class TextTable
{
    const string Gap = "  ";

    const int LongestCell = 400; // a name from a file may be longer than a page

    /// <summary>The table with a rule below its header, each line ended by LF. Where it would be too wide, long first cells stand on lines of their
    /// own above their rows, once for rows that share them and cut where even those lines are too short; where it still would, second cells with them.</summary>
    /// <param name="header">A title for each column.</param>
    /// <param name="rows">A cell for each column.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="indent">What every line begins with.</param>
    /// <param name="words">Which columns hold words; null: the first.</param>
    public static string Of(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int width, string indent = "  ", IReadOnlyList<bool>? words = null) =>
        Fitted(header, [.. rows.Select(row => row.Select(cell => Printable.Of(cell, LongestCell)).ToArray())], width, indent, words ?? [.. header.Select((_, i) => i == 0)]);

    /// <summary>Columns that each column needs.</summary>
    public static int[] Widths(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows) =>
        [.. header.Select((title, i) => rows.Select(row => row[i].Length).Append(title.Length).Max())];

    static string Fitted(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int width, string indent, IReadOnlyList<bool> words)
    {
        int[] widths = Widths(header, rows);
        int others = indent.Length + widths.Skip(1).Sum(w => w + Gap.Length);
        if (others > width && header.Count > 2)
            return Fitted(Joined(header), [.. rows.Select(Joined)], width, indent, [true, .. words.Skip(2)]);
        if (others + widths[0] > width)
            widths[0] = rows.Select(row => row[0].Length).Append(header[0].Length).Where(length => others + length <= width).DefaultIfEmpty(0).Max();
        var text = new StringBuilder();
        string above = "";
        Line(header);
        text.Append(indent).Append('─', others - indent.Length + widths[0]).Append('\n');
        foreach (var row in rows) Line(row);
        return text.ToString();

        void Line(IReadOnlyList<string> cells)
        {
            string first = cells[0];
            bool isAbove = first.Length > widths[0];
            if (isAbove && first != above)
            {
                int room = width - indent.Length;
                foreach (string part in first.Length <= room ? [first] : first.Split(Gap))
                    text.Append(indent).Append(part.Length <= room ? part : part[..(room - 1)] + "…").Append('\n');
            }
            above = isAbove ? first : "";
            if (isAbove) first = "";
            string line = indent + Padded(first, 0) + string.Concat(cells.Skip(1).Select((cell, i) => Gap + Padded(cell, i + 1)));
            text.Append(line.TrimEnd()).Append('\n');
        }

        string Padded(string cell, int i) => words[i] ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]);
    }

    static IReadOnlyList<string> Joined(IReadOnlyList<string> cells) => [cells[0] + Gap + cells[1], .. cells.Skip(2)];
}
