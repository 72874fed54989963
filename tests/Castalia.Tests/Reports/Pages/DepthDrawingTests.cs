using System.Globalization;
using System.Xml.Linq;
using Castalia.Reports.Pages;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Reports.Pages;

public sealed class DepthDrawingTests
{
    sealed record Bar(string Title, double X, double Y, double Width, double Height, string Fill);

    static XElement Svg(DepthProfile profile) => XElement.Parse(DepthDrawing.Of(profile, DepthDrawing.Scale(profile)!.Value));

    static Bar[] Bars(XElement svg) => [.. svg.Elements("rect").Select(r => new Bar(r.Element("title")!.Value, Number(r, "x"), Number(r, "y"), Number(r, "width"), Number(r, "height"), r.Attribute("fill")!.Value))];

    static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    [Fact]
    public void Ratios_hang_from_1_up_or_down_by_their_logarithm()
    {
        var svg = Svg(new("gain", [4, 0.25, 2, 1]));
        var bars = Bars(svg);
        double line = Number(svg.Element("line")!, "y1");
        Assert.Equal([line, line, line], [bars[0].Y + bars[0].Height, bars[1].Y, bars[2].Y + bars[2].Height]);
        Assert.Equal((bars[0].Height, bars[0].Height / 2), (bars[1].Height, bars[2].Height));
        Assert.True(bars[3].Height > 0, "a column of no height is still seen");
        Assert.Equal(["var(--up)", "var(--down)", "var(--up)", "var(--up)"], bars.Select(b => b.Fill));
        Assert.Equal(["1", "4.000", "0.250"], svg.Elements("text").Select(t => t.Value));
    }

    [Fact]
    public void What_has_a_unit_stands_on_0()
    {
        var svg = Svg(new("length", [3, 1, 0.5], "nats"));
        var bars = Bars(svg);
        Assert.Equal(3, bars[0].Height / bars[1].Height, 1e-3);
        Assert.Equal(["0", "3.000"], svg.Elements("text").Select(t => t.Value));
        Assert.All(bars, bar => Assert.Equal(Number(svg.Element("line")!, "y1"), bar.Y + bar.Height, 1e-2));
    }

    [Fact]
    public void A_value_beyond_the_scale_is_cut_and_marked_and_said()
    {
        var profile = AwkwardPage.Profile;
        var svg = Svg(profile);
        Assert.Single(svg.Elements("path"));
        Assert.Equal(["block 2 at 600.0"], DepthDrawing.Scale(profile)!.Value.Beyond(profile.Values, "block"));
        Assert.Equal("block 2: 600.0", Bars(svg).MaxBy(bar => bar.Height)!.Title);
        Assert.Contains("beyond it block 2 at 600.0", HtmlPrinter.Of(new([profile]), "t"));
    }

    [Fact]
    public void Blocks_without_a_value_leave_a_gap_and_a_figure_without_any_is_no_drawing()
    {
        var bars = Bars(Svg(AwkwardPage.Profile));
        Assert.Equal(AwkwardPage.Profile.Values.Count(v => v is not null), bars.Length);
        Assert.DoesNotContain(bars, bar => bar.Title.StartsWith("block 4:", StringComparison.Ordinal));
        Assert.Null(DepthDrawing.Scale(new("nothing", [null, null])));
        Assert.Contains("<p>–</p>", HtmlPrinter.Of(new([new DepthProfile("nothing", [null])]), "t"));
    }

    [Fact]
    public void Nothing_leaves_the_drawing() => Gen.Select(Gen.OneOf(Gen.Double[1e-6, 1e6], Gen.Const(0.0), Gen.Const(1.0)).Nullable().Array[1, 200], Gen.Bool).Where(drawn => drawn.Item1.Any(v => v is not null)).Sample((values, hasUnit) =>
    {
        var svg = Svg(new("figure", values, hasUnit ? "nats" : ""));
        double[] box = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Assert.All(Bars(svg), bar =>
        {
            Assert.True(bar.X >= 0 && bar.X + bar.Width <= box[2] && bar.Width > 0, $"{bar}");
            Assert.True(bar.Y >= 0 && bar.Y + bar.Height <= box[3] && bar.Height >= 1, $"{bar}");
        });
    });
}
