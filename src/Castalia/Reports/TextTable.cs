using System.Text;

namespace Castalia.Reports;

/// <summary>Columns of plain text: the first flush left, the others flush right, two spaces between them.</summary>
static class TextTable
{
    const string Gap = "  ";

    /// <summary>The table with a rule below its header, each line ended by LF. Where it would be too wide, long first cells stand on lines of their
    /// own above their rows, cut where even those are too short.</summary>
    public static string Of(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int width, string indent = "  ")
    {
        int[] widths = [.. header.Select((title, i) => rows.Max(row => Math.Max(title.Length, row[i].Length)))];
        int others = indent.Length + widths.Skip(1).Sum(w => w + Gap.Length);
        if (others + widths[0] > width)
            widths[0] = rows.Select(row => row[0].Length).Append(header[0].Length).Where(length => others + length <= width).DefaultIfEmpty(0).Max();
        var text = new StringBuilder();
        Line(header);
        text.Append(indent).Append('─', others - indent.Length + widths[0]).Append('\n');
        foreach (var row in rows) Line(row);
        return text.ToString();

        void Line(IReadOnlyList<string> cells)
        {
            string first = cells[0];
            if (first.Length > widths[0])
            {
                int room = width - indent.Length;
                text.Append(indent).Append(first.Length <= room ? first : first[..(room - 1)] + "…").Append('\n');
                first = "";
            }
            string line = indent + first.PadRight(widths[0]) + string.Concat(cells.Skip(1).Select((cell, i) => Gap + cell.PadLeft(widths[i + 1])));
            text.Append(line.TrimEnd()).Append('\n');
        }
    }
}
