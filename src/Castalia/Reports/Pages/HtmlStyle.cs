namespace Castalia.Reports.Pages;

/// <summary>How a document looks: legible on a telephone, on a wide screen, in the dark and on paper.</summary>
static class HtmlStyle
{
    /// <summary>A style sheet; it fetches nothing.</summary>
    public const string Css = """
        :root{color-scheme:light;--ink:#1b1f24;--dim:#57606a;--rule:#d0d7de;--paper:#fff;--shade:#8c959f66;--up:#0b62c4;--down:#b45309}
        @media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--ink:#e6edf3;--dim:#9aa4ae;--rule:#3d444d;--paper:#0d1117;--shade:#000c;--up:#6cb2ff;--down:#f0a35e}}
        body{margin:0 auto;max-width:66rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
        p,ul,h1,h2,h3,h4,figcaption,details{max-width:46rem;overflow-wrap:anywhere}
        h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.3rem;line-height:1.3;margin-top:2.4rem}h3,h4{font-size:1.08rem;margin-top:1.8rem}
        ul{padding-left:1.25rem}li{margin:.25rem 0}
        figure{margin:1.2rem 0}figcaption{color:var(--dim);font-size:.92rem;margin-bottom:.35rem}
        .scroll{overflow-x:auto;background:linear-gradient(to left,var(--paper) 40%,transparent) right/2.5rem 100% no-repeat local,linear-gradient(to left,var(--shade),transparent) right/.9rem 100% no-repeat scroll}
        table{border-collapse:separate;border-spacing:0;font-size:.92rem;line-height:1.4;font-variant-numeric:tabular-nums}
        th,td{padding:.35rem .7rem;border-top:1px solid var(--rule);text-align:right;vertical-align:top;white-space:nowrap}
        tr>:first-child{padding-left:0}.words,.prose,.name{text-align:left}.name{position:sticky;left:0;background:var(--paper)}
        td.prose{white-space:normal;overflow-wrap:anywhere;min-width:11rem}.name{white-space:normal;overflow-wrap:anywhere;min-width:7.5rem}tbody .name{font-weight:500}
        thead :is(th,td){border-top:0;border-bottom:2px solid var(--ink);vertical-align:bottom}tbody tr:first-child>*{border-top:0}tbody tr:last-child>*{border-bottom:1px solid var(--rule)}
        .facts .name{min-width:6.5rem}.facts td.prose{min-width:8rem}
        .whole{white-space:nowrap}.undefined{color:var(--dim);font-size:.9rem;margin:.3rem 0}
        pre{overflow-x:auto;font-size:.85rem;line-height:1.3;font-family:ui-monospace,"DejaVu Sans Mono",monospace}
        svg{display:block;max-width:100%;height:auto;font:12px system-ui,sans-serif}summary{cursor:pointer;color:var(--dim);font-size:.92rem}
        :focus-visible{outline:2px solid var(--up);outline-offset:2px}
        .scroll svg{min-width:36rem}
        @media screen and (max-width:40rem){.records,.records :is(tbody,tr,td,th){display:block}.records thead{display:none}.records :is(td,th){border:0!important;padding:.1rem 0;min-width:0;text-align:left;white-space:normal}
        .records tr{border-top:1px solid var(--rule);padding:.45rem 0}.records .name{font-weight:600}.records td::before{content:attr(data-label) ": ";color:var(--dim)}.records td:empty{display:none}}
        @media print{.scroll svg{min-width:0}body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible;background:none}table{font-size:8pt}
        th,td{padding:.15rem .35rem;white-space:normal;position:static!important}.name,td.prose{min-width:0}
        thead{display:table-header-group}tr,figure:has(svg),h1,h2,h3,h4{break-inside:avoid}h1,h2,h3,h4,figcaption{break-after:avoid}}
        """;
}
