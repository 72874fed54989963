using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class CodeClassesTests
{
    static readonly int[] All = [.. Enumerable.Range(0, 0x110000).Where(code => code is < 0xD800 or > 0xDFFF)];

    /// <summary>Asked of the reference's pattern engine, code point by code point: Unicode 16. A runtime of another version would give other ids.</summary>
    [Theory]
    [InlineData("L", 141028)]
    [InlineData("N", 1911)]
    [InlineData("P", 855)]
    [InlineData("S", 8514)]
    [InlineData("M", 2501)]
    [InlineData("Z", 19)]
    [InlineData("Lu", 1858)]
    [InlineData("Ll", 2258)]
    [InlineData("Lm", 404)]
    [InlineData("Nd", 760)]
    public void The_runtime_knows_as_many_code_points_of_a_category_as_the_reference(string category, int count) =>
        Assert.Equal(count, All.Count(code => CodeClasses.Category(code).StartsWith(category, StringComparison.Ordinal)));

    [Fact]
    public void Classes_have_as_many_members_as_the_reference_s()
    {
        Assert.Equal(25, All.Count(CodeClasses.IsSpace));
        Assert.Equal(144671, All.Count(CodeClasses.IsWordInPattern));
        Assert.Equal(144667, All.Count(CodeClasses.IsWord));
        Assert.Equal(1924, All.Count(CodeClasses.IsNumeric));
        Assert.Equal(726, All.Count(CodeClasses.IsPunctuation));
        Assert.Equal(99030, All.Count(CodeClasses.Script("Han")!));
        Assert.Equal(381, All.Count(CodeClasses.Script("Hiragana")!));
        Assert.Equal(321, All.Count(CodeClasses.Script("Katakana")!));
        Assert.Equal(11739, All.Count(CodeClasses.Script("Hangul")!));
    }
}
