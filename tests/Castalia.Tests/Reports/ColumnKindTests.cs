using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Reports;

/// <summary>Figures, words and sentences in one table, wherever it is printed.</summary>
public sealed class ColumnKindTests
{
    static readonly Page Words = new([new Table(["n", new("word") { Kind = ColumnKind.Words }, "figure"], [["a", "x", "1"], ["b", "longer", "22.5"]])]);

    static readonly Page Prose = new([new Table(
        ["", new("here") { Kind = ColumnKind.Prose }, new("there") { Kind = ColumnKind.Prose }],
        [["trait", "if a_rather_long_key.of_a_config (default true)", "no"], ["a longer name", "–", "one two three"]]) { FirstWidth = 6 }]);

    [Fact]
    public void Words_stand_flush_left_and_figures_flush_right() => Assert.Equal(
        """
          n  word    figure
          ─────────────────
          a  x            1
          b  longer    22.5

        """, TerminalPrinter.Of(Words, 80));

    [Fact]
    public void Sentences_share_the_room_and_a_key_is_broken_where_it_may() => Assert.Equal(
        """
                         here          there
          ──────────────────────────────────────────
          trait          if            no
                         a_rather_
                         long_key.of_
                         a_config
                         (default
                         true)
          a longer name  –             one two
                                       three

        """, TerminalPrinter.Of(Prose, 44));

    [Fact]
    public void Documents_align_them_too()
    {
        Assert.StartsWith("| n | word | figure |\n| --- | --- | ---: |\n", MarkdownPrinter.Of(Words));
        Assert.Contains("<td class=\"words\">longer</td><td>22.5</td>", HtmlPrinter.Of(Words, "t"));
    }

    [Theory]
    [InlineData(20, "Row 1\n  count  1\n  text   one two\n         three\n")]
    [InlineData(40, "  count  text\n  ────────────────────\n      1  one two three\n")]
    public void Rows_stand_below_each_other_where_they_may_and_are_too_wide(int width, string expected) => Assert.Equal(expected, TerminalPrinter.Of(
        new Page([new Table(["count", new("text") { Kind = ColumnKind.Words }], [["1", "one two three"]]) { FallsIntoRows = true }]), width));

    [Fact]
    public void A_heading_is_broken_at_spaces() => Assert.Equal("A heading of\n  words\n", TerminalPrinter.Of(new Page([new Heading("A heading of words")]), 14));
}
