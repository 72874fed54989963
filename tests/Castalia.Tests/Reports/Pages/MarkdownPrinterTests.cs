using System.Text.RegularExpressions;
using Castalia.Errors;
using Castalia.Reports.Pages;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Reports.Pages;

public sealed partial class MarkdownPrinterTests
{
    /// <summary>What CommonMark and GitHub's tables take for the beginning of a block other than a paragraph.</summary>
    [GeneratedRegex(@"^(#{1,6}( |$)|>|[-+*]( |$)|\d{1,9}[.)]( |$)|([-_*] *){3,}$|`{3}|~{3}|=+ *$|\||    |<[A-Za-z!?/])")]
    static partial Regex BeginsBlock { get; }

    /// <summary>A character that is markup, without a stroke before it.</summary>
    [GeneratedRegex(@"(?<!\\)(?:\\\\)*[*`|\[~$]|(?<!\\)(?:\\\\)*<[A-Za-z!?/]|(?<!\\)(?:\\\\)*&[A-Za-z#]|(?<![\\\p{L}\p{N}])(?:\\\\)*_|(?<!\\)_(?![\p{L}\p{N}])")]
    static partial Regex IsMarkup { get; }

    static string Of(params PageBlock[] blocks) => MarkdownPrinter.Of(new(blocks));

    /// <summary>What a reader of the document sees.</summary>
    static string Read(string text) => Regex.Replace(text, @"\\([!-/:-@\[-`{-~])", "$1");

    static readonly Gen<string> Texts = Gen.String[Gen.Char["#*_`[]()<>&|~$\\-+=!.1 \n\u001baé∥"], 1, 16];

    [Fact]
    public void Any_paragraph_is_one_line_that_reads_as_it_was_written() => Texts.Sample(text =>
    {
        string line = Of(new Paragraph(text));
        Assert.EndsWith("\n", line);
        Assert.DoesNotContain('\n', line[..^1]);
        Assert.Equal(Printable.Of(text).Trim(' '), Read(line[..^1]));
        Assert.DoesNotMatch(BeginsBlock, line[..^1]);
        Assert.DoesNotMatch(IsMarkup, line[..^1]);
    });

    [Fact]
    public void What_begins_a_block_begins_none() => Assert.All(AwkwardPage.Starts, text =>
    {
        Assert.DoesNotMatch(BeginsBlock, Of(new Paragraph(text)).TrimEnd('\n'));
        Assert.DoesNotMatch(BeginsBlock, Of(new Remarks([text]))[2..].TrimEnd('\n'));
        Assert.DoesNotMatch("(?<!\\\\)#+$", Of(new Heading(text)).TrimEnd('\n')[2..]);
    });

    [Theory]
    [InlineData("d_model of --bos default, p < 0.05, a & b, 1.5", "d_model of --bos default, p < 0.05, a & b, 1.5")]
    [InlineData("x <y> &amp; |G−1|", "x \\<y> \\&amp; \\|G−1\\|")]
    [InlineData("_x_ and x_", "\\_x\\_ and x\\_")]
    [InlineData("3. of 5", "3\\. of 5")]
    public void Nothing_is_marked_that_needs_no_mark(string text, string expected) => Assert.Equal(expected + "\n", Of(new Paragraph(text)));

    [Fact]
    public void A_row_has_a_cell_for_each_column() => Texts.Array[6].Sample(texts =>
    {
        string[] lines = Of(new Table([texts[0], texts[1], new(texts[2]) { Kind = ColumnKind.Words }], [[texts[3], texts[4], texts[5]]])).TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(4, Regex.Count(Regex.Replace(line, @"\\.", ""), @"\|")));
        Assert.Equal("| --- | ---: | --- |", lines[1]);
        Assert.Equal(texts[3..].Select(text => Printable.Of(text).Trim(' ')), Regex.Split(lines[2][1..^1], @"(?<!(?<!\\)(?:\\\\)*\\)\|").Select(cell => Read(cell[1..^1])));
    });

    [Fact]
    public void A_fence_is_longer_than_any_in_it() => Gen.String[Gen.Char["` \na"], 1, 20].Sample(text =>
    {
        string[] lines = Of(new Verbatim(text)).TrimEnd('\n').Split('\n');
        Assert.Equal(lines[0], lines[^1]);
        Assert.Matches("^`{3,}$", lines[0]);
        Assert.DoesNotContain(lines[1..^1], line => line.Contains(lines[0], StringComparison.Ordinal));
        Assert.Equal(text.TrimEnd('\n'), string.Join('\n', lines[1..^1]));
    });

    [Fact]
    public void A_page_without_its_own_title_has_that_of_the_document()
    {
        Assert.Equal("# t\n\np\n\n## a\n", MarkdownPrinter.Of(new([new Paragraph("p"), new Heading("a", 2)]), "t"));
        Assert.Equal("# t\n\n## a\n\n### c\n\n## b\n", MarkdownPrinter.Of(new([new Heading("a"), new Heading("c", 3), new Heading("b")]), "t"));
        Assert.Equal("# a\n\n## b\n", MarkdownPrinter.Of(new([new Gap(), new Heading("a"), new Remarks([]), new Heading("b", 2)]), "t"));
    }

    [Fact]
    public void Tables_say_that_they_have_no_rows_and_why_cells_are_undefined()
    {
        Assert.Equal("Nothing\n\n| name | figure |\n| --- | ---: |\n\nno rows\n", Of(AwkwardPage.Empty));
        Assert.Equal("| only |\n| --- |\n| b |\n", Of(AwkwardPage.OneColumn with { Rows = [["b"]] }));
        Assert.Equal(AwkwardPage.Table.Undefined.Select(reason => Printable.Of(reason)), Of(AwkwardPage.Table).TrimEnd('\n').Split("\n\n")[2..].Select(Read));
    }
}
