using System.Text;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A page as Markdown (CommonMark with tables): what came from files cannot be taken for markup.</summary>
public static class MarkdownPrinter
{
    /// <summary>The document, lines ended by LF, blocks parted by an empty line.</summary>
    public static string Of(Page page)
    {
        var text = new StringBuilder();
        foreach (var block in page.Blocks.Where(block => block is not Gap))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(Of(block));
        }
        return text.ToString();
    }

    static string Of(PageBlock block) => block switch
    {
        Heading h => $"{new string('#', h.Level)} {Safe(h.Whole)}\n",
        Paragraph p => Safe(p.Text) + "\n",
        Remarks r => string.Concat(r.Items.Select(item => $"- {Safe(item)}\n")),
        Line l => Safe(l.Text) + "\n",
        Facts f => OfTable(["", ""], [true, true], f.Items.Select(item => (IReadOnlyList<string>)[item.Label, item.Text])),
        Verbatim v => $"```\n{v.Text.TrimEnd('\n')}\n```\n",
        Table t => (t.Caption == "" ? "" : $"{Safe(t.Caption)}\n\n") + OfTable([.. t.Columns.Select(c => c.Header)], [.. t.Columns.Select((c, i) => i == 0 || c.Kind != ColumnKind.Figures)], t.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(c => c.Text)])) +
            string.Concat(t.Undefined.Select(reason => $"\n{Safe(reason)}\n")),
        DepthProfile d => $"{Safe(d.Caption)}\n\n```\n{DepthChart.Of(d.Values, 80).TrimEnd('\n')}\n```\n",
        Spread s => $"{Safe(s.Caption)}\n\n```\n{string.Join('\n', s.Samples.Select(sample => $"{sample.Name}: {HistogramLine.Of(sample.Values, 24)}"))}\n```\n",
        _ => throw new InvalidOperationException($"No Markdown form of {block.GetType().Name}."),
    };

    static string OfTable(IReadOnlyList<string> header, IReadOnlyList<bool> isLeft, IEnumerable<IReadOnlyList<string>> rows) =>
        Row(header) + "|" + string.Concat(isLeft.Select(left => left ? " --- |" : " ---: |")) + "\n" + string.Concat(rows.Select(Row));

    static string Row(IReadOnlyList<string> cells) => "|" + string.Concat(cells.Select(cell => $" {Safe(cell)} |")) + "\n";

    /// <summary>Text in which no character begins markup: names keep their underscores, |G| is no column.</summary>
    static string Safe(string text)
    {
        var safe = new StringBuilder();
        string printable = Printable.Of(text);
        for (int i = 0; i < printable.Length; i++)
        {
            char c = printable[i];
            bool isMarkup = c is '\\' or '`' or '*' or '|' or '<' or '[' or ']' or '&'
                || (c == '_' && !(i > 0 && i + 1 < printable.Length && char.IsLetterOrDigit(printable[i - 1]) && char.IsLetterOrDigit(printable[i + 1])))
                || (i == 0 && c is '#' or '>' or '+' or '-' && i == 0 && printable.Length > 1 && printable[1] == ' ');
            if (isMarkup) safe.Append('\\');
            safe.Append(c);
        }
        return safe.ToString();
    }
}
