using Castalia.Reports;
using Castalia.Wording;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Reports;

public sealed class WrappedTests
{
    [Fact]
    public void Lines_are_never_wider_than_asked_for_or_than_reads_well() =>
        Gen.Select(Gen.Int[20, 400], Gen.String[Gen.Char.AlphaNumeric, 1, 12].Array[1, 200]).Sample((width, words) =>
        {
            string text = string.Join(' ', words), wrapped = Wrapped.Of(text, width, hang: 2);
            Assert.All(wrapped.Split('\n'), line => Assert.True(line.Length <= Math.Min(width, Wrapped.Widest), line));
            Assert.Equal(words, wrapped.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        });

    [Theory]
    [InlineData("of the intervals 35 %", "  of the\n  intervals\n  35 %\n")]
    [InlineData("the interval n = 25", "  the interval\n  n = 25\n")]
    [InlineData("exponent is 0.265 ± 0.079", "  exponent is\n  0.265 ± 0.079\n")]
    public void A_number_keeps_its_sign(string text, string lines) => Assert.Equal(lines, Wrapped.Of(text, lines.StartsWith("  of", StringComparison.Ordinal) ? 13 : 16));
}
