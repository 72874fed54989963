using System.Text;
using Castalia.Errors;
using Castalia.Reports.Charts;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A page as Markdown (CommonMark with tables): what came from files cannot be taken for markup.</summary>
static class MarkdownPrinter
{
    /// <summary>The document, lines ended by LF, blocks parted by an empty line.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">Heads a page that does not begin with its own title; empty: nothing does.</param>
    public static string Of(Page page, string title = "")
    {
        var outline = Outline.Of(page, title);
        return string.Join('\n', page.Blocks.Select(block => Of(block, outline)).Prepend(outline.NeedsTitle ? $"# {Safe(title)}\n" : "").Where(text => text != ""));
    }

    static string Of(PageBlock block, Outline outline) => block switch
    {
        Heading h => $"{new string('#', outline.Rank(h))} {Safe(h.Whole)}\n",
        Paragraph p => Safe(p.Text) + "\n",
        Remarks r => string.Concat(r.Items.Select(item => $"- {Safe(item)}\n")),
        Line l => Safe(l.Text) + "\n",
        Gap => "",
        Facts f => OfTable(["", ""], [true, true], f.Items.Select(item => (IReadOnlyList<string>)[item.Label, item.Text])),
        Verbatim v => Fenced(v.Text),
        Table t => OfTable(t),
        DepthProfile d => $"{Safe(d.Whole)}\n\n{Fenced(DepthChart.Of(d.Values, Columns))}",
        Spread s => $"{Safe(s.Caption)}\n\n{Fenced(HistogramLine.Of(s))}",
        IntervalPlot i => $"{Safe(i.Caption)}\n\n{Fenced(IntervalChart.Text(i, 100))}",
        Chart c => $"**{Safe(c.Title)}.** {Safe(c.Caption)}\n\n{OfTable(c.Data)}",
        Waterfall w => $"{Safe(w.Caption)}\n\n{Fenced(WaterfallChart.Text(w, 100))}",
        _ => throw new InvalidOperationException($"No Markdown form of {block.GetType().Name}."),
    };

    const int Columns = 80; // of a chart

    static string OfTable(Table table) => (table.Caption == "" ? "" : $"{Safe(table.Caption)}\n\n") +
        OfTable([.. table.Columns.Select(c => c.Header)], [.. table.Columns.Select((c, i) => (i == 0 && table.NamesRows) || c.Kind != ColumnKind.Figures)], table.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(c => c.Text)])) +
        (table.Rows.Count == 0 ? $"\n{Table.NoRows}\n" : "") + string.Concat(table.Undefined.Select(reason => $"\n{Safe(reason)}\n"));

    static string OfTable(IReadOnlyList<string> header, IReadOnlyList<bool> isLeft, IEnumerable<IReadOnlyList<string>> rows) =>
        Row(header) + "|" + string.Concat(isLeft.Select(left => left ? " --- |" : " ---: |")) + "\n" + string.Concat(rows.Select(Row));

    static string Row(IReadOnlyList<string> cells) => "|" + string.Concat(cells.Select(cell => $" {Safe(cell)} |")) + "\n";

    /// <summary>Lines whose columns matter, in a fence longer than any in them.</summary>
    static string Fenced(string lines)
    {
        string fence = "```", text = Printable.Lines(lines.TrimEnd('\n'));
        while (text.Contains(fence, StringComparison.Ordinal)) fence += "`";
        return $"{fence}\n{text}\n{fence}\n";
    }

    /// <summary>Text in which no character begins markup: names keep their underscores, |G| is no column.</summary>
    static string Safe(string text)
    {
        string printable = Printable.Of(text).Trim(' ');
        var safe = new StringBuilder();
        int start = StartsBlock(printable);
        for (int i = 0; i < printable.Length; i++)
        {
            char c = printable[i];
            char next = i + 1 < printable.Length ? printable[i + 1] : ' ';
            bool isMarkup = c is '\\' or '`' or '*' or '|' or '[' or ']' or '~' or '$' || i == start
                || (c == '<' && (char.IsAsciiLetter(next) || next is '/' or '!' or '?'))
                || (c == '&' && (char.IsAsciiLetter(next) || next == '#'))
                || (c == '#' && i == printable.Length - 1) // would end a heading
                || (c == '_' && !(i > 0 && char.IsLetterOrDigit(printable[i - 1]) && char.IsLetterOrDigit(next)));
            if (isMarkup) safe.Append('\\');
            safe.Append(c);
        }
        return safe.ToString();
    }

    /// <summary>Which character makes the line a heading, a quotation, an item of a list or a rule; −1: none does.</summary>
    static int StartsBlock(string line)
    {
        if (line == "") return -1;
        if (line[0] is '>' or '#') return 0;
        if (line[0] is '-' or '+' or '=') return line.AsSpan().IndexOfAnyExcept(line[0], ' ') < 0 || line[1] == ' ' ? 0 : -1;
        int digits = line.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && line[digits] is '.' or ')' && (digits + 1 == line.Length || line[digits + 1] == ' ') ? digits : -1;
    }
}
