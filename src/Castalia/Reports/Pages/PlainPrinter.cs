using Castalia.Errors;
using Castalia.Reports.Charts;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A page as plain text without a width: a paragraph is a line, a table's cells are parted by tabs, blocks by an empty line. For diffs, mail and screen readers.</summary>
static class PlainPrinter
{
    /// <summary>The text, lines ended by LF.</summary>
    public static string Of(Page page) => string.Join('\n', page.Blocks.Select(block => string.Concat(Lines(block).Select(line => line + "\n"))).Where(text => text != ""));

    static IEnumerable<string> Lines(PageBlock block) => block switch
    {
        Heading h => [Printable.Of(h.Whole)],
        Paragraph p => [Printable.Of(p.Text)],
        Remarks r => r.Items.Select(item => Printable.Of(r.Mark + item)),
        Line l => [Printable.Of(l.Text)],
        Gap => [],
        Facts f => f.Items.Select(item => Tabbed(item.Label, item.Text)),
        Verbatim v => Printable.Lines(v.Text.TrimEnd('\n')).Split('\n'),
        Table t => [.. t.Caption == "" ? [] : new[] { Printable.Of(t.Caption) }, Tabbed([.. t.Columns.Select(c => c.Header)]), .. t.Rows.Select(row => Tabbed([.. row.Select(c => c.Text)])), .. t.Undefined.Select(reason => Printable.Of(reason))],
        DepthProfile d => [Printable.Of(d.Whole), .. d.Values.Select((value, i) => FormattableString.Invariant($"{i + 1}\t{(value is { } v ? Figures.Real(v) : Figures.Missing)}"))],
        Spread s => [Printable.Of(s.Caption), .. s.Samples.Select(sample => Tabbed(sample.Name, HistogramLine.Of(sample.Values, HistogramLine.MostColumns)))],
        IntervalPlot i => [Printable.Of(i.Caption), .. i.Groups.SelectMany(group => group.Marks.Select(mark => $"{group.Title}\t{Printable.Of(mark.Name)}\t{Figures.Real(mark.Value)}\t{(mark.Low is { } low ? Figures.Real(low) : Figures.Missing)}\t{(mark.High is { } high ? Figures.Real(high) : Figures.Missing)}"))],
        Chart c => [Printable.Of($"{c.Title}. {c.Caption}"), .. Lines(c.Data)],
        Waterfall w => [Printable.Of(w.Caption), Tabbed(w.From.Name, Figures.Real(w.From.Value)), .. w.Steps.Select(step => Tabbed(step.Name, SignedFigures.Of(step.Value))), Tabbed(w.To.Name, Figures.Real(w.To.Value))],
        _ => throw new InvalidOperationException($"No plain form of {block.GetType().Name}."),
    };

    static string Tabbed(params IReadOnlyList<string> cells) => string.Join('\t', cells.Select(cell => Printable.Of(cell)));
}
