namespace Castalia.Reports.Charts;

/// <summary>What a page with charts adds to <see cref="Pages.HtmlStyle"/>.</summary>
static class ChartStyle
{
    /// <summary>A style sheet; it fetches nothing.</summary>
    public static string Css { get; } = $$"""
        :root{--grid:{{Palette.Grid}};--faint:{{Palette.Faint}};{{Palette.Variables(Palette.Light)}} }
        @media screen and (prefers-color-scheme:dark){:root{--grid:#9aa4ae2e;--faint:#1d3550;{{Palette.Variables(Palette.Dark)}} } }
        nav ol{columns:2 18rem;padding-left:1.4rem;font-size:.95rem}a{color:var(--up)}
        .chart{margin:1.8rem 0 2.4rem}.chart .plot{width:100%}.chart figcaption b{color:var(--ink)}
        .choices{border:0;padding:0 1.2rem 0 0;margin:.2rem 0;box-sizing:border-box;font-size:.88rem;min-width:0;max-width:100%;display:inline-block;vertical-align:top}
        .choices legend,.choices summary{float:left;color:var(--dim);margin-right:.6rem}.choices label{display:inline-block;margin-right:.8rem;white-space:nowrap;max-width:min(100%,30rem);overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
        details.choices{display:block}details.choices summary{float:none}
        .key{display:inline;width:1.25em;height:.625em;margin:0 .35em 0 .15em;overflow:visible}.large .key path{stroke-dasharray:none}
        .tools{display:flex;flex-wrap:wrap;gap:.4rem;margin:.3rem 0 .6rem}
        button{font:inherit;font-size:.85rem;padding:.2rem .6rem;border:1px solid var(--rule);border-radius:4px;background:var(--paper);color:var(--ink);cursor:pointer}
        .told{max-width:24rem;white-space:normal;overflow-wrap:anywhere;font-size:.85rem;line-height:1.4}
        @media (max-width:520px){.choices label{white-space:normal} }
        @media print{.tools,.choices,nav,details.rows:not([open]){display:none}.chart{break-inside:avoid} }
        """;
}
