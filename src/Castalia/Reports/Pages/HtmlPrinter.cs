using System.Globalization;
using System.Net;
using System.Text;
using Castalia.Errors;
using Castalia.Reports.Charts;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A page as one HTML file that needs no other: styled, drawn as SVG, legible at any width, in the dark, in print and to screen readers.</summary>
static class HtmlPrinter
{
    /// <summary>The document.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">What a browser calls it.</param>
    public static string Of(Page page, string title)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        bool isDrawn = page.Blocks.Any(block => block is Chart);
        string css = isDrawn ? HtmlStyle.Css + "\n" + ChartStyle.Css : HtmlStyle.Css;
        if (isDrawn) text.Append(ChartScripts.Policy(css));
        text.Append($"<title>{Safe(title)}</title>\n<style>\n{css}\n</style>\n</head>\n<body>\n<main>\n");
        var outline = Outline.Of(page, title);
        if (outline.NeedsTitle) text.Append($"<h1>{Safe(title)}</h1>\n");
        var sections = isDrawn ? page.Blocks.OfType<Heading>().Where(h => h.Level == 2).ToList() : [];
        foreach (var block in page.Blocks.Where(block => block is not Gap))
        {
            int section = sections.FindIndex(heading => ReferenceEquals(heading, block));
            if (section == 0) text.Append(Contents(sections));
            text.Append(section < 0 ? Of(block, outline) : FormattableString.Invariant($"<h{outline.Rank(sections[section])} id=\"s{section + 1}\">{Prose(sections[section].Whole)}</h{outline.Rank(sections[section])}>\n"));
        }
        text.Append("</main>\n");
        if (isDrawn) text.Append(ChartScripts.Elements);
        return text.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>Links to the sections.</summary>
    static string Contents(List<Heading> sections) =>
        $"<nav aria-label=\"Sections\"><ol>\n{string.Concat(sections.Select((h, i) => FormattableString.Invariant($"<li><a href=\"#s{i + 1}\">{Prose(h.Whole)}</a></li>\n")))}</ol></nav>\n";

    static string Of(PageBlock block, Outline outline) => block switch
    {
        Heading h => $"<h{outline.Rank(h)}>{Prose(h.Whole)}</h{outline.Rank(h)}>\n",
        Paragraph p => $"<p>{Prose(p.Text)}</p>\n",
        Remarks { Items.Count: 0 } => "",
        Remarks r => $"<ul>\n{string.Concat(r.Items.Select(item => $"<li>{Prose(item)}</li>\n"))}</ul>\n",
        Line l => $"<p>{Prose(l.Text)}</p>\n",
        Facts f => $"{Open}<table class=\"facts\"><tbody>\n{string.Concat(Joined(f).Select(fact => $"<tr><th scope=\"row\" class=\"name\">{Safe(fact.Label)}</th><td class=\"prose\">{string.Join("<br/>", fact.Texts.Select(Prose))}</td></tr>\n"))}</tbody></table></div>\n",
        Verbatim v => Preformatted(v.Text),
        Table t => OfTable(t),
        DepthProfile d => OfProfile(d),
        Spread s => $"<figure>\n<figcaption>{Prose(s.Caption)}</figcaption>\n{Preformatted(HistogramLine.Of(s))}</figure>\n",
        IntervalPlot i => $"<figure>\n<figcaption>{Prose(i.Caption)}</figcaption>\n{Open}{IntervalChart.Svg(i)}</div></figure>\n",
        Chart c => HtmlChart.Of(c, table => OfTable(table, isExact: true), Prose),
        Waterfall w => $"<figure>\n<figcaption>{Prose(w.Caption)}</figcaption>\n{Open}{WaterfallChart.Svg(w)}</div></figure>\n",
        _ => throw new InvalidOperationException($"No HTML form of {block.GetType().Name}."),
    };

    const int LongestWords = 48; // what is longer in a cell may be broken as sentences are

    const int LongestOption = 24; // what is longer has to be broken on a telephone

    const string Open = "<div class=\"scroll\" tabindex=\"0\">";

    static string OfTable(Table table) => OfTable(table, isExact: false);

    /// <summary>The table; where it is exact a number in a cell is there for programs too.</summary>
    static string OfTable(Table table, bool isExact)
    {
        var text = new StringBuilder("<figure>\n");
        if (table.Caption != "") text.Append($"<figcaption>{Prose(table.Caption)}</figcaption>\n");
        string[] classes = [.. table.Columns.Select((column, i) => Class(table, column, i))];
        bool areRecords = classes.Count(c => c.Contains("prose", StringComparison.Ordinal)) is var prose && (prose >= 2 || (prose == 1 && classes.Length > 5));
        text.Append(Open).Append(areRecords ? "<table class=\"records\">\n<thead><tr>" : "<table>\n<thead><tr>").AppendJoin("", table.Columns.Select((column, i) => column.Header == "" ? $"<td{classes[i]}></td>" : $"<th scope=\"col\"{classes[i]}>{Safe(column.Header)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            text.Append("<tr>").AppendJoin("", row.Select((cell, i) =>
            {
                string tag = i == 0 && table.NamesRows ? "th" : "td";
                return $"<{tag}{(tag == "th" ? " scope=\"row\"" : "")}{classes[i]}{(areRecords && tag == "td" ? $" data-label=\"{Safe(table.Columns[i].Header)}\"" : "")}{Why(cell)}{(isExact && cell.Value is { } v ? FormattableString.Invariant($" data-v=\"{v:R}\"") : "")}>{Safe(cell.Text.TrimEnd())}</{tag}>";
            })).Append("</tr>\n");
        }
        if (table.Rows.Count == 0 && !isExact) text.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"words\" colspan=\"{table.Columns.Count}\">{Table.NoRows}</td></tr>\n");
        text.Append("</tbody></table></div>\n");
        foreach (string reason in table.Undefined) text.Append($"<p class=\"undefined\">{Prose(reason)}</p>\n");
        return text.Append("</figure>\n").ToString();
    }

    static string Class(Table table, Column column, int index) =>
        index == 0 && table.NamesRows ? " class=\"name\""
        : column.Kind == ColumnKind.Prose || table.Rows.Any(row => row[index].Text.Length > LongestWords) ? " class=\"prose\""
        : column.Kind == ColumnKind.Words ? " class=\"words\""
        : "";

    static string Why(Cell cell) => cell.UndefinedBecause is { } because ? $" title=\"undefined, because {Safe(because)}\"" : "";

    /// <summary>The drawing, and its figures for who wants or hears them.</summary>
    static string OfProfile(DepthProfile profile)
    {
        if (DepthDrawing.Scale(profile) is not { } scale) return $"<figure>\n<figcaption>{Prose(profile.Whole)}</figcaption>\n<p>{Figures.Missing}</p>\n</figure>\n";
        var beyond = scale.Beyond(profile.Values, "block");
        return $"<figure>\n<figcaption>{Prose($"{profile.Whole}; {scale.Words}{(beyond.Count == 0 ? "" : $", beyond it {string.Join(", ", beyond)}")}")}</figcaption>\n{DepthDrawing.Of(profile, scale)}" +
            $"<details><summary>Figures by block</summary><p>{string.Join("; ", profile.Values.Select((value, i) => FormattableString.Invariant($"{i + 1}:&#160;{(value is { } v ? Figures.Real(v) : Figures.Missing)}")))}</p></details>\n</figure>\n";
    }

    static string Preformatted(string lines) => $"<pre tabindex=\"0\">{WebUtility.HtmlEncode(Printable.Lines(lines.TrimEnd('\n')))}</pre>\n";

    /// <summary>Facts whose texts go on with the one before stand in its cell.</summary>
    static List<(string Label, List<string> Texts)> Joined(Facts facts)
    {
        List<(string Label, List<string> Texts)> joined = [];
        foreach (var (label, text) in facts.Items)
        {
            if (label == "" && joined.Count > 0) joined[^1].Texts.Add(text);
            else joined.Add((label, [text]));
        }
        return joined;
    }

    /// <summary>Sentences; a number stays with its sign, an option with its dashes.</summary>
    static string Prose(string text) => string.Join(' ', Wrapped.Joined(Printable.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(word =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Length <= LongestOption ? $"<span class=\"whole\">{WebUtility.HtmlEncode(word)}</span>" : WebUtility.HtmlEncode(word.Replace(' ', '\u00a0'))));

    static string Safe(string text) => WebUtility.HtmlEncode(Printable.Of(text));
}
