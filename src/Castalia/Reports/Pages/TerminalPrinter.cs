using System.Text;
using Castalia.Errors;
using Castalia.Reports.Charts;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A page for a terminal, or for a pipe that is read by people.</summary>
static class TerminalPrinter
{
    const string Bold = "\e[1m", Plain = "\e[0m";

    /// <summary>Lines of at most <paramref name="width"/> columns where words and tables allow it, each ended by LF.</summary>
    /// <param name="page">The page.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="hasColour">Whether headings stand out.</param>
    public static string Of(Page page, int width, bool hasColour = false)
    {
        var text = new StringBuilder();
        foreach (var block in page.Blocks) text.Append(block is Heading h ? Heading(h, width, hasColour) : Printable.Lines(Of(block, width)));
        return text.ToString();
    }

    static string Heading(Heading h, int width, bool hasColour)
    {
        string start = new string(' ', h.Indent) + string.Concat(h.Before.Select(before => Padded(before.Word, before.Columns)));
        string lines = Hanging(start, h.Text, width, further: h.Before.Count == 0 ? 2 : 0)[h.Indent..^1];
        return new string(' ', h.Indent) + (hasColour ? $"{Bold}{lines}{Plain}" : lines) + "\n";
    }

    static string Of(PageBlock block, int width) => block switch
    {
        Paragraph p => Indented(p, width),
        Remarks r => string.Concat(r.Items.Select(item => Wrapped.Of(r.Mark + item, width, r.Hang))),
        Line l => Printable.Of(l.Text) + "\n",
        Gap => "\n",
        Facts f => string.Concat(f.Items.Select(item => Hanging("  " + Padded(item.Label, f.LabelWidth), item.Text, width))),
        Verbatim v => v.Text,
        Table t => OfTable(t, width),
        DepthProfile d => $"  {d.Whole}\n{DepthChart.Of(d.Values, width)}",
        Spread s => $"  {s.Caption}\n" + string.Concat(HistogramLine.Of(s).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  {line}\n")),
        IntervalPlot i => $"  {i.Caption}\n{IntervalChart.Text(i, width)}",
        Chart c => Wrapped.Of($"  {c.Title}. {c.Caption}", width, 2) + OfTable(c.Data, width),
        Waterfall w => $"  {w.Caption}\n{WaterfallChart.Text(w, width)}",
        _ => throw new InvalidOperationException($"No terminal form of {block.GetType().Name}."),
    };

    static string OfTable(Table table, int width)
    {
        int[] shown = [.. table.Columns.Index().Where(column => column.Item.FromWidth <= width).Select(column => column.Index)];
        Column[] columns = [.. shown.Select(i => table.Columns[i])];
        IReadOnlyList<string>[] rows = [.. table.Rows.Select(row => (IReadOnlyList<string>)[.. shown.Select(i => Printable.Of(row[i].Text))])];
        string[] header = [.. columns.Select(column => column.Header)];
        string text = columns is [{ Kind: ColumnKind.Prose }] ? string.Concat(rows.Prepend(header).Select(row => Wrapped.Of(row[0], width)))
            : columns.Any(column => column.Kind == ColumnKind.Prose) ? ProseTable.Of(header, rows, width, table.FirstWidth)
            : table.FallsIntoRows && table.Indent + TextTable.Widths(header, rows).Sum(w => w + 2) - 2 > width ? Rows(header, rows, width)
            : TextTable.Of(header, rows, width, new string(' ', table.Indent), [.. columns.Select((column, i) => column.Kind == ColumnKind.Words || (i == 0 && table.NamesRows))]);
        return (table.IsTitled ? Wrapped.Of(table.Caption, width) : "") + text + string.Concat(table.Undefined.Select(reason => Wrapped.Of(reason, width, hang: 2)));
    }

    /// <summary>Rows below each other: a heading, then each column's name and what stands in it.</summary>
    static string Rows(string[] header, IReadOnlyList<string>[] rows, int width) => rows.Length == 0
        ? Wrapped.Of(string.Join(", ", header), width)
        : string.Join('\n', rows.Select((row, i) => FormattableString.Invariant($"Row {i + 1}\n") +
            string.Concat(row.Select((cell, j) => Hanging("  " + header[j].PadRight(header.Max(title => title.Length) + 2), cell, width)))));

    static string Indented(Paragraph paragraph, int width) => paragraph.Indent == 2
        ? Wrapped.Of(paragraph.Text, width, paragraph.Hang)
        : string.Concat(Wrapped.Of(paragraph.Text, width - paragraph.Indent + 2, paragraph.Hang).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => new string(' ', paragraph.Indent) + line[2..] + "\n"));

    /// <summary>A word in its columns, never joined to what follows.</summary>
    static string Padded(string word, int columns) => Printable.Of(word) is var printable && printable.Length < columns ? printable.PadRight(columns) : printable + "  ";

    /// <summary>Words broken over lines, later lines under the first word or further in.</summary>
    static string Hanging(string start, string words, int width, int further = 0)
    {
        int column = start.Length;
        var text = new StringBuilder(start);
        bool first = true;
        foreach (string word in Wrapped.Joined(Printable.Of(words).Split(' ')))
        {
            if (!first && column + 1 + word.Length > Math.Min(width, Wrapped.Widest))
            {
                column = start.Length + further;
                text.Append('\n').Append(' ', column);
                first = true;
            }
            text.Append(first ? "" : " ").Append(word);
            column += word.Length + (first ? 0 : 1);
            first = false;
        }
        return text.Append('\n').ToString();
    }
}
