using System.Text;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A table whose cells are sentences: a first column of names, and columns that share what room is left, each cell broken over as many lines as it needs.</summary>
static class ProseTable
{
    const int Least = 7; // columns of a cell, however narrow the terminal

    const int Legible = 12, Several = 4; // columns of a cell below which so many of them are not read side by side

    /// <summary>The table with a rule below its header, each line ended by LF; of many columns in a narrow terminal each row by itself, its cells below each other.</summary>
    /// <param name="header">A title for each column.</param>
    /// <param name="rows">A cell for each column.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="firstWidth">Least width of the first column.</param>
    public static string Of(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, int width, int firstWidth)
    {
        int first = rows.Append(header).Max(row => Math.Max(firstWidth, row[0].Length)), each = Math.Max(Least, (width - 2 - first) / (header.Count - 1) - 2);
        var text = new StringBuilder();
        if (each < Legible && header.Count >= Several)
        {
            foreach (var row in rows) text.Append(Record(header, row, width));
            return text.ToString();
        }
        Row(header);
        text.Append("  ").Append('─', width - 2).Append('\n');
        foreach (var row in rows) Row(row);
        return text.ToString();

        void Row(IReadOnlyList<string> cells)
        {
            List<string>[] lines = [.. cells.Skip(1).Select(cell => Lines(cell, each))];
            for (int i = 0; i < lines.Max(of => of.Count); i++)
            {
                string line = "  " + (i == 0 ? cells[0] : "").PadRight(first) + string.Concat(lines.Select(of => "  " + (i < of.Count ? of[i] : "").PadRight(each)));
                text.Append(line.TrimEnd()).Append('\n');
            }
        }
    }

    static string Record(IReadOnlyList<string> header, IReadOnlyList<string> row, int width) =>
        (row[0] == "" ? "" : Wrapped.Of(row[0], width)) + string.Concat(Enumerable.Range(1, row.Count - 1).Where(i => row[i] != "").Select(i =>
            string.Concat(Wrapped.Of($"{header[i]}: {row[i]}", width - 2, hang: 2).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  {line}\n"))));

    static List<string> Lines(string sentence, int width)
    {
        List<string> lines = [""];
        foreach (string word in Wrapped.Joined(sentence.Split(' ')))
        {
            if (lines[^1].Length == 0) lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= width) lines[^1] += " " + word;
            else lines.Add(word);
            // A key or a tensor's name that is too long is broken after a point or a line.
            for (int cut; lines[^1].Length > width && (cut = lines[^1].LastIndexOfAny(['_', '.'], width - 1) + 1) > 0;)
            {
                string whole = lines[^1];
                lines[^1] = whole[..cut];
                lines.Add(whole[cut..]);
            }
        }
        return lines;
    }
}
