using System.Globalization;
using System.Net;
using System.Text;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>A page as one HTML file that needs no other: styled, drawn as SVG, legible at any width, in the dark, in print and to screen readers.</summary>
public static class HtmlPrinter
{
    const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--dim:#57606a;--rule:#d0d7de;--paper:#fff;--mark:#0b62c4}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9aa4ae;--rule:#3d444d;--paper:#0d1117;--mark:#6cb2ff}}
        body{margin:0 auto;max-width:72rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
        p,ul,h1,h2,h3{max-width:46rem;overflow-wrap:anywhere}h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.3rem;margin-top:2.2rem}h3{font-size:1.05rem}
        .scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--dim);padding-bottom:.3rem}th,td{padding:.3rem .7rem;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top}
        th:first-child,td:first-child,.facts td,.words{text-align:left}thead th{border-bottom:2px solid var(--ink)}tbody th{font-weight:500}
        .undefined{color:var(--dim);font-size:.9rem}pre{overflow-x:auto;font-size:.85rem;line-height:1.3}figure{margin:1rem 0}figcaption{color:var(--dim);font-size:.92rem}
        svg{max-width:100%;height:auto;color:var(--ink)}a{color:var(--mark)}
        @media print{body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible}table{font-size:8pt}tr,figure,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}}
        """;

    /// <summary>The document.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">What a browser calls it.</param>
    public static string Of(Page page, string title)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        text.Append($"<title>{Safe(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n");
        // A document has one heading of the first rank; what a page heads below it goes one further down.
        int first = page.Blocks.OfType<Heading>().Count(h => h.Level == 1) == 1 ? 0 : 1;
        if (first == 1) text.Append($"<h1>{Safe(title)}</h1>\n");
        foreach (var block in page.Blocks.Where(block => block is not Gap)) text.Append(Of(block, first));
        return text.Append("</main>\n</body>\n</html>\n").ToString();
    }

    static string Of(PageBlock block, int further) => block switch
    {
        Heading h => $"<h{h.Level + further}>{Safe(h.Whole)}</h{h.Level + further}>\n",
        Paragraph p => $"<p>{Safe(p.Text)}</p>\n",
        Remarks r => $"<ul>\n{string.Concat(r.Items.Select(item => $"<li>{Safe(item)}</li>\n"))}</ul>\n",
        Line l => $"<p>{Safe(l.Text)}</p>\n",
        Facts f => $"<div class=\"scroll\" tabindex=\"0\"><table class=\"facts\"><tbody>\n{string.Concat(f.Items.Select(item => $"<tr><th scope=\"row\">{Safe(item.Label)}</th><td>{Safe(item.Text)}</td></tr>\n"))}</tbody></table></div>\n",
        Verbatim v => $"<pre tabindex=\"0\">{Safe(v.Text, isLines: true)}</pre>\n",
        Table t => OfTable(t),
        DepthProfile d => $"<figure>\n{Columns(d)}<figcaption>{Safe(d.Caption)}{(d.Unit == "" ? "" : $" ({Safe(d.Unit)})")}</figcaption>\n</figure>\n",
        Spread s => $"<figure><pre tabindex=\"0\">{Safe(string.Join('\n', s.Samples.Select(sample => $"{sample.Name}: {HistogramLine.Of(sample.Values, 24)}")), isLines: true)}</pre><figcaption>{Safe(s.Caption)}</figcaption></figure>\n",
        _ => throw new InvalidOperationException($"No HTML form of {block.GetType().Name}."),
    };

    static string OfTable(Table table)
    {
        var text = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table>\n");
        if (table.Caption != "") text.Append($"<caption>{Safe(table.Caption)}</caption>\n");
        text.Append("<thead><tr>").AppendJoin("", table.Columns.Select((column, i) => i == 0 && column.Header == "" ? "<td></td>" : $"<th scope=\"col\"{Class(column)}>{Safe(column.Header)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
            text.Append("<tr>").AppendJoin("", row.Select((cell, i) => i == 0 ? $"<th scope=\"row\">{Safe(cell.Text)}</th>" : $"<td{Class(table.Columns[i])}>{Safe(cell.Text)}</td>")).Append("</tr>\n");
        text.Append("</tbody></table></div>\n");
        foreach (string reason in table.Undefined) text.Append($"<p class=\"undefined\">{Safe(reason)}</p>\n");
        return text.ToString();
    }

    /// <summary>A column for each block, from 0, and a line at 1.</summary>
    static string Columns(DepthProfile profile)
    {
        const int Height = 180, Left = 56, Bottom = 22, Wide = 640;
        double[] defined = [.. profile.Values.OfType<double>()];
        if (defined.Length == 0) return $"<p>{Figures.Missing}</p>\n";
        double most = Math.Max(1, defined.Max()), step = (double)Wide / profile.Values.Count;
        var svg = new StringBuilder(Inv($"<svg viewBox=\"0 0 {Left + Wide + 8} {Height + Bottom + 8}\" width=\"{Left + Wide + 8}\" role=\"img\" aria-label=\"{Safe(profile.Caption)}: from {Figures.Real(defined.Min())} to {Figures.Real(defined.Max())}\" fill=\"currentColor\" font-size=\"12\">\n"));
        foreach (var (i, value) in profile.Values.Index())
            if (value is { } v)
                svg.Append(Inv($"<rect x=\"{Left + i * step + step * 0.1:0.##}\" y=\"{Y(v):0.##}\" width=\"{step * 0.8:0.##}\" height=\"{8 + Height - Y(v):0.##}\" fill=\"var(--mark)\"><title>block {i + 1}: {Figures.Real(v)}</title></rect>\n"));
        svg.Append(Inv($"<line x1=\"{Left}\" x2=\"{Left + Wide}\" y1=\"{Y(1):0.##}\" y2=\"{Y(1):0.##}\" stroke=\"currentColor\" stroke-dasharray=\"4 3\"/>\n"));
        svg.Append(Inv($"<text x=\"{Left - 6}\" y=\"{Y(1) + 4:0.##}\" text-anchor=\"end\">1</text>\n"));
        if (Y(most) + 14 < Y(1)) svg.Append(Inv($"<text x=\"{Left - 6}\" y=\"{Y(most) + 8:0.##}\" text-anchor=\"end\">{Figures.Real(most)}</text>\n"));
        svg.Append(Inv($"<text x=\"{Left + step / 2:0.##}\" y=\"{Height + Bottom + 2}\" text-anchor=\"middle\">1</text><text x=\"{Left + Wide - step / 2:0.##}\" y=\"{Height + Bottom + 2}\" text-anchor=\"middle\">{profile.Values.Count}</text>\n"));
        return svg.Append("</svg>\n").ToString();

        double Y(double v) => 8 + Height * (1 - v / most);
        static string Inv(FormattableString s) => s.ToString(CultureInfo.InvariantCulture);
    }

    static string Class(Column column) => column.Kind == ColumnKind.Figures ? "" : " class=\"words\"";

    static string Safe(string text, bool isLines = false) => WebUtility.HtmlEncode(isLines ? Printable.Lines(text) : Printable.Of(text));
}
