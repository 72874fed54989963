using System.Security.Cryptography;
using System.Text;

namespace Castalia.Reports.Charts;

/// <summary>The two scripts of a page with charts, and the policy under which a browser runs these two and no other.</summary>
static class ChartScripts
{
    static readonly Lazy<string> s_library = new(() => Read("echarts.min.js")), s_own = new(() => Read("report.js"));

    /// <summary>The scripts' elements.</summary>
    public static string Elements => $"<script>{s_library.Value}</script>\n<script>{s_own.Value}</script>\n";

    /// <summary>Licence of the first script.</summary>
    public const string Licence = "Charts are drawn by Apache ECharts 6.1.0 (Apache License 2.0, the Apache Software Foundation).";

    /// <summary>Nothing is fetched, nothing but these scripts and this style is obeyed; drawings have colours in attributes of their own.</summary>
    /// <param name="css">The page's style sheet, as it stands between line ends.</param>
    public static string Policy(string css) =>
        $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';base-uri 'none';form-action 'none';img-src data: blob:;script-src {Hash(s_library.Value)} {Hash(s_own.Value)};" +
        $"style-src {Hash($"\n{css}\n")};style-src-attr 'unsafe-inline'\">\n";

    static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    static string Read(string name)
    {
        using var stream = typeof(ChartScripts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
