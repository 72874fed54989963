using Castalia.Errors;
using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class PatternTests
{
    static readonly Dictionary<string, Pattern> Known = new()
    {
        ["gpt2"] = PieceCutters.Gpt2,
        ["llama3"] = KnownPatterns.Llama3,
        ["qwen2"] = KnownPatterns.Qwen2,
        ["tekken"] = KnownPatterns.Tekken,
        ["gpt4o"] = KnownPatterns.Gpt4o,
        ["bloom"] = KnownPatterns.Bloom,
    };

    [Theory]
    [InlineData("gpt2", "I'm sure, don't you'LL", "I|'m| sure|,| don|'t| you|'|LL")]
    [InlineData("gpt2", "a  b\n\n c ", "a| | b|\n\n| c| ")]
    [InlineData("gpt2", "x12 345!? ", "x|12| 345|!?| ")]
    [InlineData("gpt2", "\U0001D49C\U00020000 \U0001F600", "\U0001D49C\U00020000| \U0001F600")]
    [InlineData("gpt2", "a\u00A0b\u3000c\u200Bd", "a|\u00A0|b|\u3000|c|\u200B|d")]
    [InlineData("gpt2", "'sa 're're", "'s|a| '|re|'re")]
    [InlineData("llama3", "I'M 12345 (yes)", "I|'M| |123|45| (|yes|)")]
    [InlineData("llama3", "a!\r\n\r\nb", "a|!\r\n\r\n|b")]
    [InlineData("llama3", "a \n  \n  b", "a| \n  \n| | b")]
    [InlineData("llama3", "\tword'\u017Fx", "\tword|'\u017F|x")]
    [InlineData("llama3", "  x   ", " | x|   ")]
    [InlineData("qwen2", "ab123", "ab|1|2|3")]
    [InlineData("tekken", "helloWorld HTTPServer 12", "hello|World| HTTPServer| |1|2")]
    [InlineData("gpt4o", "It's fooBar's 1234", "It's| foo|Bar's| |123|4")]
    [InlineData("bloom", "Hello, (world)", "Hello|, (|world|)")]
    public void A_text_is_cut_as_the_pattern_says(string pattern, string text, string pieces) => Assert.Equal(pieces.Split('|'), Cut(Known[pattern], text));

    [Theory]
    [InlineData("a+?b", "aab", "aab")]
    [InlineData("a{2}", "aaaaa", "aa|aa|a")]
    [InlineData("a{2,3}", "aaaaaaa", "aaa|aaa|a")]
    [InlineData("a{,2}b", "aaab", "a|aab")]
    [InlineData("x{y}", "x{y}", "x{y}")]                    // a brace that is no interval
    [InlineData("a++a|b", "aab", "aa|b")]                    // possessive: nothing is given back
    [InlineData("(?>a|ab)c|b", "abc", "a|b|c")]              // atomic: the first way only
    [InlineData("(?:ab)+", "ababa", "abab|a")]
    [InlineData("(?:a|ab)(?:c|bcd)", "abcd", "abcd")]
    [InlineData("(?<=a)b", "abcb", "a|b|cb")]
    [InlineData("(?<!a)b", "abcb", "abc|b")]
    [InlineData("b(?=c)", "bcb", "b|cb")]
    [InlineData("^.", "ab\ncd", "a|b\n|c|d")]                // lines, as in Ruby
    [InlineData(".$", "ab\ncd", "a|b|\nc|d")]
    [InlineData(@"\Aa|b\z", "aabb", "a|ab|b")]
    [InlineData(@"\bb", "b ab b", "b| ab |b")]
    [InlineData("[^(\\s|[.,]) ]+", "a(b|c.d", "a|(|b|||c|.|d")]  // a class in a class
    [InlineData("[a-f&&[^c]]+", "abcdef", "ab|c|def")]
    [InlineData("[a-]+", "a-b", "a-|b")]
    [InlineData("[[:digit:]]+", "a12٣b", "a|12٣|b")]
    [InlineData(@"[\u4e00-\u9fff]+", "x日本y", "x|日本|y")]
    [InlineData(@"\p{Han}+", "x日本か", "x|日本|か")]
    [InlineData(@"\P{L}+", "ab12", "ab|12")]
    [InlineData(@"\p{^L}+", "ab12", "ab|12")]
    [InlineData("(?i)k", "kK\u212Ax", "k|K|\u212A|x")]       // the kelvin sign folds to k
    [InlineData("(?i:a)b", "Abab", "Ab|ab")]
    [InlineData(@"\x41|\x{1F600}", "A\U0001F600", "A|\U0001F600")]
    [InlineData(@"\h+", "09afg", "09af|g")]
    [InlineData("(?:a{1,2}b|a)+", "aabaab", "aabaab")]
    [InlineData("a{1,2}+b", "aaaaab", "aaaaab")]             // not possessive: a repetition of the repetition
    [InlineData(@"\w+", "a²\u2074b", "a²|\u2074|b")]
    [InlineData(@"[\w]+", "a²b", "a|²|b")]                   // in a class it is a little less
    [InlineData("(?<name>a)b(?#nothing)", "abab", "ab|ab")]
    [InlineData("x*?y", "xxy", "xxy")]
    public void Oniguruma_syntax_is_understood(string pattern, string text, string pieces) =>
        Assert.Equal(pieces.Replace("|||", "|\u0001|").Split('|').Select(p => p.Replace('\u0001', '|')), Cut(Pattern.Regex(pattern), text));

    [Theory]
    [InlineData("(", "a '(' that is not closed")]
    [InlineData("a)", "an unopened ')' at 1")]
    [InlineData("[a", "a '[' that is not closed")]
    [InlineData("[]a]", "']' at the beginning of a class")]
    [InlineData("*a", "'*' after nothing at 0")]
    [InlineData("a**", "a repeated repetition, 'a**'")]
    [InlineData("(?:a?)*", "a repetition of what may be empty, '(?:a?)*'")]
    [InlineData(@"(a)\1", @"'\1'")]
    [InlineData(@"\X", @"'\X'")]
    [InlineData(@"\p{Greek}", @"'\p{Greek}'")]
    [InlineData("[z-a]", "the range U+007A-U+0061")]
    [InlineData("(?x:a)", "'(?x'")]
    [InlineData("a(?i)b", "'(?…)' without ':' after the pattern's beginning")]
    [InlineData("(?i:straße)", "'st' in either case")]
    [InlineData("(?i:é)", "U+00E9 in either case")]
    [InlineData(@"(?i:\p{Lu})", @"'\p' in either case")]
    [InlineData("(?<=a+)b", "a lookbehind of more than one width")]
    [InlineData("a{2000}", "a repetition of 2000")]
    [InlineData("a{3,2}", "the interval {3,2}")]
    [InlineData("a\\", "a backslash at its end")]
    public void What_is_not_done_is_named(string pattern, string message) =>
        Assert.Equal(message, Assert.Throws<PatternException>(() => Pattern.Regex(pattern)).Message);

    /// <summary>Two million ways to fail, none of which may stop the run silently or for ever.</summary>
    [Fact]
    public void A_pattern_without_end_is_an_error() => Assert.Contains(
        "found no end in this text",
        Assert.Throws<InputException>(() => Pattern.Regex("(?:a+)+(?:a+)+(?:a+)+(?:a+)+b").Matches(new string('a', 300))).Message);

    [Fact]
    public void The_pieces_joined_are_the_text() => Gen.Select(Gen.Int[0, Known.Count - 1].Select(i => Known.Keys.ElementAt(i)), Texts.Any).Sample((pattern, text) =>
    {
        var pieces = Cut(Known[pattern], text);
        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.NotEmpty(piece));
    }, iter: 5000);

    static List<string> Cut(Pattern pattern, string text)
    {
        var pieces = new List<Piece>();
        PieceCutters.Split(pattern, SplitBehavior.Isolated)(new Piece(text), pieces);
        return [.. pieces.Select(p => p.Text)];
    }
}
