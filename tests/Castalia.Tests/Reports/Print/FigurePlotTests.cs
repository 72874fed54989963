using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Reports.Print;
using Castalia.Tests.Browser;
using Xunit;
using Palette = Castalia.Reports.Charts.Palette;

namespace Castalia.Tests.Reports.Print;

public sealed class FigurePlotTests
{
    static readonly PrintWidth s_column = PrintWidth.All[0];

    static Chart Of(Axis x, Axis y, params Series[] series) => new("id", "Title", "Caption.", [x], [y], series, new(["a"], []));

    static XElement[] Svg(Chart chart) => [.. XDocument.Parse(FigureFiles.Svg(FigurePlot.Of(chart, s_column.Points), s_column)).Descendants()];

    static string Colour(XElement element, string which) => element.Attribute(which)?.Value.ToLowerInvariant() ?? "";

    /// <summary>Turns of the pen in strokes of a colour.</summary>
    static int Strokes(XElement[] svg, string colour) => svg.Where(e => e.Name.LocalName == "path" && Colour(e, "stroke") == colour).Sum(e => e.Attribute("d")!.Value.Count(c => c == 'M'));

    [Fact]
    public void Every_place_of_the_data_is_a_mark_and_a_missing_one_parts_a_line()
    {
        var svg = Svg(Of(
            new("x") { Reference = 2 }, new("y") { MayBeLog = true, IsLog = true },
            Series.Of("line", Mark.Line, [1, 2, 3, 4, 5], [1, 2, null, 4, 5]) with { IsNamed = false },
            Series.Of("points", Mark.Points, [1, 2, 3], [3, 0, 10]) with { Colour = 8 }, // 0 has no place on a logarithmic axis
            Series.Of("strokes", Mark.Strokes, [1, 2, null, 3, 4, null], [2, 2, null, 3, 3, null]) with { Colour = 2, IsNamed = false },
            Series.Of("dashes", Mark.Dashes, [1, 5], [1, 10]) with { Colour = 3 },
            Series.Of("second round", Mark.Points, [1, 2], [3, 4]) with { Colour = Palette.Size + 4 }));
        int Circles(int colour) => svg.Count(e => e.Name.LocalName == "ellipse" && e.Parent!.Attribute("clip-path") is not null && Colour(e, "fill") == Palette.Light[colour]);
        Assert.Equal(4, Circles(0));
        Assert.Equal(2, Strokes(svg, Palette.Light[0]));
        Assert.Equal(2, Circles(8));
        Assert.Equal(2, Strokes(svg, Palette.Light[2]));
        Assert.InRange(Strokes(svg, Palette.Light[3]), 20, 60); // a dash each
        Assert.InRange(Strokes(svg, Palette.Ink), 20, 60);
        Assert.Equal(0, Circles(4));
        Assert.Contains(svg, e => e.Value == "second round");
        Assert.Contains(svg, e => e.Value == "10");
    }

    [Fact]
    public void Cells_have_the_colours_of_their_values_and_names_read_from_above()
    {
        var chart = Of(Axis.Of("", ["a", "b"]), Axis.Of("", ["first", "second"]), new Series("v", Mark.Cells, [[0, 1, 0]], [[0, 0, 1]]) { Values = [0, 1, null], IsNamed = false }) with { Colours = new("v", -1, 1, 0) };
        var svg = Svg(chart);
        double Top(string name) => double.Parse(svg.First(e => e.Name.LocalName == "text" && e.Value == name).Attribute("transform")!.Value.Split(' ', ')')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Top("first") < Top("second"));
        Assert.Equal(1, svg.Count(e => Colour(e, "fill") == Palette.Up));
        Assert.DoesNotContain(svg, e => Colour(e, "fill") == Palette.Down);
    }

    [Fact]
    public void The_same_chart_gives_the_same_bytes_and_says_how_wide_it_is()
    {
        var chart = Of(new("x"), new("y"), Series.Of("a", Mark.Line, [1, 2, 3], [3, 1, 2]), Series.Of("b", Mark.Points, [1, 2], [2, 3]) with { Colour = 1 });
        foreach (var width in PrintWidth.All)
        {
            string[] svg = [.. Enumerable.Range(0, 2).Select(_ => FigureFiles.Svg(FigurePlot.Of(chart, width.Points), width))];
            byte[][] png = [.. Enumerable.Range(0, 2).AsParallel().Select(_ => FigureFiles.Png(FigurePlot.Of(chart, width.Points)))];
            Assert.Equal(svg[0], svg[1]);
            Assert.Equal(png[0], png[1]);
            Assert.Equal($"{width.Millimetres}mm", XDocument.Parse(svg[0]).Root!.Attribute("width")!.Value);
            Assert.Equal("pHYs", Encoding.ASCII.GetString(png[0], 37, 4));
            double millimetres = BinaryPrimitives.ReadInt32BigEndian(png[0].AsSpan(16)) * 1000.0 / BinaryPrimitives.ReadInt32BigEndian(png[0].AsSpan(41));
            Assert.Equal(width.Millimetres, millimetres, 0.2);
        }
    }

    [Fact]
    public void The_resolution_is_a_chunk_as_PNG_has_them()
    {
        byte[] header = [.. new byte[8], .. new byte[25], 1, 2, 3];
        byte[] with = PngResolution.With(header, 300);
        // Of 300 dots an inch, as other programs write it.
        Assert.Equal("00000009704859730000" + "2E2300002E2301" + "78A53F76", Convert.ToHexString(with[33..54]));
        Assert.Equal([1, 2, 3], with[54..]);
    }

    [Fact]
    public void Hostile_names_are_text_in_drawings_and_captions()
    {
        using var folder = new TemporaryFolder();
        string figures = Path.Combine(folder.Path, "f");
        Chart[] charts = [.. ReportsToOpen.HostilePage.Blocks.OfType<Chart>().Take(2)];
        Assert.Equal(2, FigureFiles.Write(new(charts), figures, TestContext.Current.CancellationToken));
        Assert.Equal(10, Directory.GetFiles(figures).Length);
        foreach (string file in Directory.GetFiles(figures, "*.svg"))
        {
            XElement[] svg = [.. XDocument.Load(file).Descendants()];
            Assert.DoesNotContain(svg, e => e.Name.LocalName is "script" or "img" or "foreignObject" or "a");
            Assert.DoesNotContain(svg, e => e.Value.Contains('\u202e', StringComparison.Ordinal));
        }
        Assert.Contains(XDocument.Load(Path.Combine(figures, "gains-178mm.svg")).Descendants(), e => e.Value == "<img src=x onerror=alert(1)>");
        Assert.StartsWith("Mean gain of the last block. Points are means", File.ReadAllText(Path.Combine(figures, "gains.txt")));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.25, "−0.25")]
    [InlineData(1e-7, "10⁻⁷")]
    [InlineData(2_500_000, "2.5·10⁶")]
    [InlineData(99_999, "99999")]
    [InlineData(0.30000000000000004, "0.3")]
    public void Numbers_at_axes_are_written_as_on_the_page(double value, string text) => Assert.Equal(text, TickLabel.Of(value));

    [Theory]
    [InlineData(new[] { 1, 1.02, 1.04 }, new[] { "1.00", "1.02", "1.04" })]
    [InlineData(new[] { -0.5, 0, 0.30000000000000004 }, new[] { "−0.5", "0.0", "0.3" })]
    [InlineData(new[] { 0, 20.0, 40 }, new[] { "0", "20", "40" })]
    [InlineData(new[] { 1e-4, 0.001, 0.01 }, new[] { "10⁻⁴", "0.001", "0.01" })]
    public void Numbers_of_one_axis_have_as_many_decimals(double[] values, string[] texts) => Assert.Equal(texts, TickLabel.Of(values));

    [Fact]
    public void What_the_font_lacks_is_written_by_its_number_and_the_caption_says_so()
    {
        Assert.Equal(@"gain of \u4e2d\u6587 \U00020000, Δ, ж", PrintFont.Shown("gain of 中文 \U00020000, Δ, ж"));
        var chart = Of(new("x"), Axis.Of("", ["中", "b"]), Series.Of("模", Mark.Points, [1], [0]), Series.Of("c", Mark.Points, [1], [1]));
        var svg = Svg(chart);
        Assert.Contains(svg, e => e.Value == @"\u4e2d");
        Assert.Contains(svg, e => e.Value == @"\u6a21");
        using var folder = new TemporaryFolder();
        string figures = Path.Combine(folder.Path, "f");
        FigureFiles.Write(new([chart, chart with { Id = "latin", Y = [new("y")], Series = [] }]), figures, TestContext.Current.CancellationToken);
        const string Said = "Characters that the figure's font lacks stand in it by their numbers.";
        Assert.Contains(Said, File.ReadAllText(Path.Combine(figures, "id.txt")), StringComparison.Ordinal);
        Assert.DoesNotContain(Said, File.ReadAllText(Path.Combine(figures, "latin.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_stand_behind_the_lines_and_marks_that_the_figure_has()
    {
        var svg = Svg(Of(
            new("x"), new("y"), Series.Of("whole", Mark.Line, [1, 2], [1, 2]) with { Colour = 4 }, Series.Of("dashed", Mark.Line, [1, 2], [2, 1]) with { Colour = 12 },
            Series.Of("theory", Mark.Dashes, [1, 2], [1, 1]) with { Colour = 1 }));
        XElement[] Below(int colour) => [.. svg.Where(e => e.Name.LocalName == "path" && Colour(e, "stroke") == Palette.Light[colour] && e.Parent!.Attribute("clip-path") is null)];
        Assert.Equal(1, Assert.Single(Below(4)).Attribute("d")!.Value.Count(c => c == 'M'));
        Assert.InRange(Assert.Single(Below(12)).Attribute("d")!.Value.Count(c => c == 'M'), 2, 4);
        Assert.InRange(Assert.Single(Below(1)).Attribute("d")!.Value.Count(c => c == 'M'), 2, 4);
    }

    [Fact]
    public void Colours_are_those_of_the_page()
    {
        foreach (var (name, colour) in new[] { ("ink", Palette.Ink), ("dim", Palette.Dim), ("rule", Palette.Rule), ("up", Palette.Up), ("down", Palette.Down) })
            Assert.Contains($"--{name}:{colour}", HtmlStyle.Css[..HtmlStyle.Css.IndexOf("@media", StringComparison.Ordinal)], StringComparison.Ordinal);
    }
}
