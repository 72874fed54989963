using System.Text;
using System.Text.RegularExpressions;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;

namespace Castalia.Reports.Print;

/// <summary>How wide figures are printed.</summary>
/// <param name="Millimetres">Breadth.</param>
readonly record struct PrintWidth(int Millimetres)
{
    /// <summary>One column, and both, of a journal.</summary>
    public static IReadOnlyList<PrintWidth> All { get; } = [new(86), new(178)];

    /// <summary>Points, 1/72 inch.</summary>
    public int Points => (int)Math.Round(Millimetres / 25.4 * 72);
}

/// <summary>Every chart of a page as files for a paper: SVG and PNG for one column and for two, the caption beside them.</summary>
static partial class FigureFiles
{
    /// <summary>Dots an inch of PNG files.</summary>
    public const int DotsPerInch = 300;

    /// <summary>Makes sure, before the work, that the folder is not there.</summary>
    /// <exception cref="InputException">It is, or what it is to stand in is not.</exception>
    public static void CheckFree(string folder)
    {
        if (Path.Exists(folder)) throw ReportErrors.FiguresTaken(folder);
        if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent && !Directory.Exists(parent)) throw ReportErrors.NoFolderForFigures(folder, parent);
    }

    /// <summary>Writes them into a folder that appears when they are complete.</summary>
    /// <param name="page">The page.</param>
    /// <param name="folder">Not there yet.</param>
    /// <param name="cancellation">Stops between figures.</param>
    /// <returns>How many charts there were.</returns>
    public static int Write(Page page, string folder, CancellationToken cancellation)
    {
        CheckFree(folder);
        Chart[] charts = [.. page.Blocks.OfType<Chart>()];
        try
        {
            using var unfinished = Unfinished.Beside(folder);
            Directory.CreateDirectory(unfinished.Path);
            foreach (var chart in charts)
            {
                bool leavesNamesOut = false;
                foreach (var width in PrintWidth.All)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var figure = FigurePlot.Of(chart, width.Points);
                    leavesNamesOut = figure.LeavesNamesOut;
                    string name = Path.Combine(unfinished.Path, FormattableString.Invariant($"{chart.Id}-{width.Millimetres}mm"));
                    File.WriteAllText(name + ".svg", Svg(figure, width));
                    File.WriteAllBytes(name + ".png", Png(figure));
                    figure.Plot.Dispose();
                }
                File.WriteAllText(Path.Combine(unfinished.Path, chart.Id + ".txt"), Caption(chart, leavesNamesOut));
            }
            Directory.Move(unfinished.Path, folder);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw Path.Exists(folder) ? ReportErrors.FiguresTaken(folder) : ReportErrors.FiguresNotWritten(folder, e);
        }
        return charts.Length;
    }

    /// <summary>The drawing, as wide as it is printed. A program that lacks the font takes one of the same measures.</summary>
    internal static string Svg(FigurePlot figure, PrintWidth width)
    {
        figure.Plot.ScaleFactor = 1;
        string svg = figure.Plot.GetSvgXml(figure.Width, figure.Height);
        string size = FormattableString.Invariant($"width=\"{width.Millimetres}mm\" height=\"{figure.Height * (double)width.Millimetres / figure.Width:0.##}mm\" viewBox=\"0 0 {figure.Width} {figure.Height}\"");
        svg = Size().Replace(svg, match => match.Groups[1].Value + size, 1);
        svg = EndOfList().Replace(Inside().Replace(svg, "$1$2$3"), "\""); // Skia's writer leaves room around texts, and a comma after the last of a list
        // It numbers what it refers to over all drawings of a process.
        var numbers = new Dictionary<string, string>();
        svg = Identifier().Replace(svg, match => numbers.TryGetValue(match.Value, out string? known) ? known : numbers[match.Value] = FormattableString.Invariant($"{match.Groups[1].Value}_{numbers.Count}"));
        return svg.Replace($"font-family=\"{PrintFont.Name}\"", $"font-family=\"{PrintFont.Name}, Verdana, sans-serif\"", StringComparison.Ordinal);
    }

    internal static byte[] Png(FigurePlot figure)
    {
        const double Scale = DotsPerInch / 72.0;
        figure.Plot.ScaleFactor = Scale;
        using var image = figure.Plot.GetImage((int)Math.Round(figure.Width * Scale), (int)Math.Round(figure.Height * Scale));
        return PngResolution.With(image.GetImageBytes(ScottPlot.ImageFormat.Png), DotsPerInch);
    }

    static string Caption(Chart chart, bool leavesNamesOut)
    {
        var text = new StringBuilder(Printable.Of(chart.Title)).Append(". ").Append(Printable.Of(chart.Caption));
        if (chart.X.Count > 1 || chart.Y.Count > 1) text.Append($" Drawn: {Printable.Of(chart.Y[0].Title)} over {Printable.Of(chart.X[0].Title)}.");
        if (leavesNamesOut) text.Append(" The series are too many to be named in the figure; the report names them.");
        if (LacksCharacters(chart)) text.Append(" Characters that the figure's font lacks stand in it by their numbers.");
        return text.Append('\n').ToString();
    }

    static bool LacksCharacters(Chart chart) =>
        new[] { chart.X[0], chart.Y[0] }.SelectMany(axis => axis.Names.Append(axis.Title)).Concat(chart.Series.Where(series => series.IsNamed).Select(series => series.Name)).Append(chart.Colours?.Title ?? "")
            .Any(text => PrintFont.Lacks(Printable.Of(text)));

    [GeneratedRegex("(<svg [^>]*?)width=\"\\d+\" height=\"\\d+\"")]
    private static partial Regex Size();

    [GeneratedRegex("(<text [^>]*>)\\s*\\n\\s*(.*?)\\s*\\n\\s*(</text>)")]
    private static partial Regex Inside();

    [GeneratedRegex(", \"(?=[ />])")]
    private static partial Regex EndOfList();

    [GeneratedRegex("(?<=(?: id=\"|#))(cl|img|gr|pat|pattern)_[0-9a-f]+(?=[\")])")]
    private static partial Regex Identifier();
}
