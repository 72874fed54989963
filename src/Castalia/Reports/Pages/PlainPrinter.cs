using System.Text;
using Castalia.Errors;

namespace Castalia.Reports.Pages;

/// <summary>A page as plain text without a width: a paragraph is a line, a table's cells are parted by tabs, blocks by an empty line. For diffs, mail and screen readers.</summary>
public static class PlainPrinter
{
    /// <summary>The text, lines ended by LF.</summary>
    public static string Of(Page page)
    {
        var text = new StringBuilder();
        foreach (var block in page.Blocks.Where(block => block is not Gap))
        {
            if (text.Length > 0) text.Append('\n');
            foreach (string line in Lines(block)) text.Append(line).Append('\n');
        }
        return text.ToString();
    }

    static IEnumerable<string> Lines(PageBlock block) => block switch
    {
        Heading h => [Printable.Of(h.Whole)],
        Paragraph p => [Printable.Of(p.Text)],
        Remarks r => r.Items.Select(item => Printable.Of(r.Mark + item)),
        Line l => [Printable.Of(l.Text)],
        Facts f => f.Items.Select(item => $"{item.Label}\t{Printable.Of(item.Text)}"),
        Verbatim v => v.Text.TrimEnd('\n').Split('\n'),
        Table t => [.. t.Caption == "" ? [] : new[] { t.Caption }, string.Join('\t', t.Columns.Select(c => c.Header)), .. t.Rows.Select(row => string.Join('\t', row.Select(c => Printable.Of(c.Text)))), .. t.Undefined],
        DepthProfile d => [d.Caption, .. d.Values.Select((value, i) => FormattableString.Invariant($"{i + 1}\t{(value is { } v ? Wording.Figures.Real(v) : Wording.Figures.Missing)}"))],
        Spread s => [s.Caption, .. s.Samples.Select(sample => $"{sample.Name}\t{HistogramLine.Of(sample.Values, 24)}")],
        _ => throw new InvalidOperationException($"No plain form of {block.GetType().Name}."),
    };
}
