using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class PieceCuttersTests
{
    /// <summary>The examples of the reference's own documentation of its behaviours.</summary>
    [Theory]
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Removed", true, "-|-|-")]
    [InlineData("Isolated", true, "the|-|final|-|-|countdown")]
    public void Matches_go_where_the_behaviour_says(string behavior, bool inverted, string pieces) => Assert.Equal(
        pieces.Split('|'), Cut(PieceCutters.Split(Pattern.Literal("-"), Enum.Parse<SplitBehavior>(behavior), inverted), "the-final--countdown"));

    [Fact]
    public void Whitespace_parts_words_from_signs() =>
        Assert.Equal(["Hi", "é_1", "?!", "x"], Cut(PieceCutters.Whitespace(), " Hi  é_1?! x "));

    [Fact]
    public void Pieces_of_a_fixed_length_count_code_points() =>
        Assert.Equal(["a\U0001F600", "bc", "d"], Cut(PieceCutters.FixedLength(2), "a\U0001F600bcd"));

    [Theory]
    [InlineData("First", false, true, "▁a▁▁b")]
    [InlineData("First", false, false, "a▁▁b")]
    [InlineData("Always", false, false, "▁a▁▁b")]
    [InlineData("Never", false, true, "a▁▁b")]
    [InlineData("Always", true, true, "▁a|▁|▁b")]
    public void Metaspace_prepends_as_its_scheme_says(string scheme, bool split, bool isFirst, string pieces)
    {
        var into = new List<Piece>();
        PieceCutters.Metaspace("▁", Enum.Parse<PrependScheme>(scheme), split)(new Piece("a  b", isFirst ? 1 : 0), into);
        Assert.Equal(pieces.Split('|'), into.Select(p => p.Text));
    }

    /// <summary>What later cutters see is the spelling in bytes.</summary>
    [Fact]
    public void Byte_spelling_adds_a_space_where_asked_for() =>
        Assert.Equal(["Ġa", "Ġb", "Ã©"], Cut(PieceCutters.InTurn([PieceCutters.ByteLevel(true, true), PieceCutters.Split(Pattern.Literal("Ã©"), SplitBehavior.Isolated)]), "a bé"));

    static IEnumerable<string> Cut(PieceCutter cutter, string text)
    {
        var into = new List<Piece>();
        cutter(new Piece(text), into);
        return into.Select(p => p.Text);
    }
}
