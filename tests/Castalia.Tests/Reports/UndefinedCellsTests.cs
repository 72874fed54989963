using Castalia.Reports.Pages;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Reports;

public sealed class UndefinedCellsTests
{
    static Cell Cell(string because, string what, string? whose = null) => Castalia.Reports.Pages.Cell.Of(Figure<double>.Undefined(because), v => $"{v}", what, whose);

    [Fact]
    public void Rows_that_lack_the_same_for_the_same_reason_share_its_words() => Assert.Equal(
        ["– t, d of a, b; t of c: undefined, because n is 1.", "– d of c: undefined, because the sd is 0."],
        new Table(["", "t", "d"],
        [
            ["a", Cell("n is 1", "t", "a"), Cell("n is 1", "d", "a")],
            ["b", Cell("n is 1", "t", "b"), Cell("n is 1", "d", "b")],
            ["c", Cell("n is 1", "t", "c"), Cell("the sd is 0", "d", "c")],
        ]).Undefined);

    [Fact]
    public void What_names_itself_is_named_as_it_stands_and_rows_with_a_comma_are_parted_by_semicolons() => Assert.Equal(
        ["– r, slope; mean of block, last; block, first: undefined, because there is none."],
        new Table(["", "r"], [["x", Cell("there is none", "r"), Cell("there is none", "slope")]])
        {
            NotShown = [Cell("there is none", "mean", "block, last"), Cell("there is none", "mean", "block, first")],
        }.Undefined);

    [Fact]
    public void A_heading_is_broken_where_the_terminal_ends_and_stands_right_of_the_words_before_it()
    {
        Assert.Equal("A heading that is longer than\n  the terminal is wide\n", TerminalPrinter.Of(new([new Heading("A heading that is longer than the terminal is wide")]), 30));
        Page entry = new([new Heading("A title that is too long", 3) { Before = [("h1", 5), ("undecided", 11)] }]);
        Assert.Equal("  h1   undecided  A title that\n                  is too long\n", TerminalPrinter.Of(entry, 30));
        Assert.Equal("h1, undecided: A title that is too long\n", PlainPrinter.Of(entry));
        Assert.Equal("  \e[1mh1   undecided  A title that is too long\e[0m\n", TerminalPrinter.Of(entry, 80, hasColour: true));
    }
}
