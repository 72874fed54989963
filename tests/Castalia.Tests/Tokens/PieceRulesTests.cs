using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class PieceRulesTests
{
    [Theory]
    [InlineData(PieceRule.Gpt2, "I'm sure, don't you'LL", "I|'m| sure|,| don|'t| you|'|LL")]
    [InlineData(PieceRule.Gpt2, "a  b\n\n c ", "a| | b|\n\n| c| ")]
    [InlineData(PieceRule.Gpt2, "x12 345!? ", "x|12| 345|!?| ")]
    [InlineData(PieceRule.Gpt2, "\U0001D49C\U00020000 \U0001F600", "\U0001D49C\U00020000| \U0001F600")]
    [InlineData(PieceRule.Gpt2, "a\u00A0b\u3000c\u200Bd", "a|\u00A0|b|\u3000|c|\u200B|d")]
    [InlineData(PieceRule.Gpt2, "'sa 're're", "'s|a| '|re|'re")]
    [InlineData(PieceRule.Llama3, "I'M 12345 (yes)", "I|'M| |123|45| (|yes|)")]
    [InlineData(PieceRule.Llama3, "a!\r\n\r\nb", "a|!\r\n\r\n|b")]
    [InlineData(PieceRule.Llama3, "a \n  \n  b", "a| \n  \n| | b")]
    [InlineData(PieceRule.Llama3, "\tword'\u017Fx", "\tword|'\u017F|x")]
    [InlineData(PieceRule.Llama3, "  x   ", " | x|   ")]
    [InlineData(PieceRule.Qwen2, "ab123", "ab|1|2|3")]
    [InlineData(PieceRule.SingleDigits, "ab12 c3", "ab|1|2| c|3")]
    [InlineData(PieceRule.DigitRuns, "ab12 c3²", "ab|12| c|3²")]
    public void A_text_is_cut_as_the_pattern_says(object rule, string text, string pieces) =>
        Assert.Equal(pieces.Split('|'), PieceRules.Cut((PieceRule)rule, text));

    [Fact]
    public void The_pieces_joined_are_the_text() => Gen.Select(Gen.Enum<PieceRule>(), Texts.Any).Sample((rule, text) =>
    {
        var pieces = PieceRules.Cut(rule, text).ToList();
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.NotEmpty(piece));
    }, iter: 5000);
}
