using Castalia.Reports.Pages;
using CsCheck;
using Xunit;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports.Pages;

/// <summary>What every printer owes to a page, whatever its texts hold.</summary>
public sealed class PrintersTests
{
    static readonly string[] s_said = ["1.500", "sentence", "a norm is 0", "n = 1 is below 3", "Second", "23 %", "no rows"];

    static readonly Dictionary<string, Func<Page, string>> Printers = new()
    {
        ["page.html"] = page => HtmlPrinter.Of(page, "castalia <awkward>"),
        ["page.md"] = page => MarkdownPrinter.Of(page, "castalia <awkward>"),
        ["page.plain.txt"] = PlainPrinter.Of,
        ["page-44.txt"] = page => TerminalPrinter.Of(page, 44),
        ["page-120.txt"] = page => TerminalPrinter.Of(page, 120),
    };

    public static TheoryData<string> Names => [.. Printers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_awkward_page_reads_as_committed(string name) => Snapshot(name, Printers[name](AwkwardPage.Page));

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_moves_the_cursor_or_turns_the_line_round(string name) =>
        Assert.DoesNotContain(Printers[name](AwkwardPage.Page), c => (char.IsControl(c) && c != '\n' && !(c == '\t' && name == "page.plain.txt")) || c is >= '\u202a' and <= '\u202e');

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_and_every_reason_is_there(string name)
    {
        string text = Printers[name](AwkwardPage.Page);
        Assert.All(s_said.Where(said => said != "no rows" || name is "page.html" or "page.md"), said => Assert.Contains(said, text.Replace("&#160;", " ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_text_can_stand_in_any_block(string name) => Gen.String[Gen.Char["#*_`[]()<>&|~$\\\"'-+=!.1 \n\t\u001b\u202eaé∥\ud83d\ude00"], 0, 12].Array[3].Sample(texts =>
    {
        var (a, b, c) = (texts[0], texts[1], texts[2]);
        string page = Printers[name](new(
        [
            new Heading(a), new Paragraph(b), new Remarks([a, c]), new Line(c), new Facts([(a, b), ("", c)], 5), new Verbatim(b), new Table([a, new(b) { Kind = ColumnKind.Words }], [[b, c]]) { Caption = c },
            new Table([new(a) { Kind = ColumnKind.Prose }, new(b) { Kind = ColumnKind.Prose }], [[b, c]]), new DepthProfile(a, [1, 2]), new Spread(b, [(c, [1, 2])]), new Waterfall(a, (b, 1), [(c, 0.5)], (a, 1.5)),
        ]));
        Assert.EndsWith("\n", page);
        Assert.DoesNotContain(page, c => char.IsControl(c) && c != '\n' && !(c == '\t' && name == "page.plain.txt"));
    });

    [Fact]
    public void A_terminal_prints_the_caption_of_a_table_that_is_titled()
    {
        string Printed(bool isTitled) => TerminalPrinter.Of(new([AwkwardPage.Empty with { IsTitled = isTitled }]), 80);
        Assert.Equal("  Nothing\n" + Printed(false), Printed(true));
    }
}
