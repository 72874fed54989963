using Castalia.Errors;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

/// <summary>Rules that act on each other; the pieces and ids are those of tokenizers 0.20.3, run on these files.</summary>
public sealed class TokenizerRuleTests
{
    const string Vocabulary = "abcdefgh▁_[]<>Ġxyz ";

    /// <summary>Metaspace's scheme "first" asks whether a piece stands where the text began, which what was stripped before it does not.</summary>
    [Theory]
    [InlineData("null", " a b ", "▁ a ▁ b ▁")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""", " a b ", "a ▁ b")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""", "a b", "▁ a ▁ b")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""", "b ", "▁ b")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": false}""", "  a", "a")]
    [InlineData("""{"type": "Prepend", "prepend": "x"}""", "a b", "▁ x a ▁ b")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "a"}, "content": "bb"}""", "a b", "▁ b b ▁ b")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "^ +"}, "content": ""}""", "  a", "a")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "^ +"}, "content": ""}""", "a b", "▁ a ▁ b")]
    [InlineData("""
        {"type": "Sequence", "normalizers": [{"type": "Strip", "strip_left": true, "strip_right": true}, {"type": "Prepend", "prepend": "x"}]}
        """, " a b ", "x a ▁ b")]
    public void Metaspace_sees_where_the_text_began(string normalizer, string text, string pieces)
    {
        var tokenizer = Open($$"""
            "normalizer": {{normalizer}}, "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true}
            """);
        Assert.Equal(pieces, string.Join(' ', tokenizer.Encode(text, out _).Select(tokenizer.Piece)));
    }

    const string Template = """
        {"type": "TemplateProcessing", "pair": [], "single": [{"SpecialToken": {"id": "s", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
          {"SpecialToken": {"id": "e", "type_id": 0}}], "special_tokens": {"s": {"id": "s", "ids": [10], "tokens": ["s"]}, "e": {"id": "e", "ids": [11], "tokens": ["e"]}}}
        """;
    const string Bert = """{"type": "BertProcessing", "sep": ["x", 2], "cls": ["y", 1]}""";
    const string Roberta = """{"type": "RobertaProcessing", "sep": ["x", 4], "cls": ["y", 3], "trim_offsets": true, "add_prefix_space": true}""";

    [Theory]
    [InlineData(Template, "10", "11")]
    [InlineData(Bert, "1", "2")]
    [InlineData(Template + "," + Bert, "1 10 2", "2 11 2")]
    [InlineData(Bert + "," + Template, "10 1", "2 11")]
    [InlineData(Bert + "," + Bert, "1 1", "2 2")]
    [InlineData(Roberta + "," + Bert, "1 3", "4 2")]
    [InlineData(Template + "," + Roberta, "3 10 4 4", "4 4 11 4")]
    [InlineData(Bert + "," + Template + "," + Bert, "1 10 2 1", "2 2 11 2")]
    public void Processors_in_turn_stand_around_each_others_parts(string processors, string prefix, string suffix)
    {
        var tokenizer = Open($$"""
            "post_processor": {"type": "Sequence", "processors": [{{processors}}]}
            """);
        Assert.Equal((prefix, suffix), (string.Join(' ', tokenizer.DefaultPrefix), string.Join(' ', tokenizer.DefaultSuffix)));
    }

    /// <summary>The reference panics at a template behind a template, and doubles the first character where nothing is prepended.</summary>
    [Theory]
    [InlineData("\"post_processor\": {\"type\": \"Sequence\", \"processors\": [" + Template + "," + Template + "]}", "A template behind another that has special tokens")]
    [InlineData("""
        "normalizer": {"type": "Prepend", "prepend": ""}
        """, "An empty Prepend")]
    [InlineData("""
        "decoder": {"type": "BPEDecoder", "suffix": ""}
        """, "An empty suffix")]
    public void What_the_reference_does_not_do_soundly_is_refused(string rules, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<InputException>(() => Open(rules)).Cause, StringComparison.Ordinal);

    [Fact]
    public void A_special_token_without_a_piece_is_not_put_around_texts() => Assert.StartsWith(
        "It puts the id 77 around texts, which stands for no token",
        Assert.Throws<InputException>(() => Open("""
            "post_processor": {"type": "BertProcessing", "sep": ["x", 2], "cls": ["y", 77]}
            """)).Cause, StringComparison.Ordinal);

    /// <summary>Keys that nobody knows, with values that ask for nothing.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_key_that_asks_for_nothing_is_passed_over(string value)
    {
        var tokenizer = Open($$"""
            "hints": {{value}}, "normalizer": {"type": "NFC", "hints": {{value}}}, "truncation": {{value}}, "padding": {{value}}
            """, $$"""
            , "hints": {{value}}, "dropout": {{value}}
            """);
        Assert.Equal([0, 1], tokenizer.Encode("ab", out _));
    }

    [Theory]
    [InlineData("[0.1]", "'[0.1]' is not a number")]
    [InlineData("\"0\"", "'\"0\"' is not a number")]
    [InlineData("true", "'true' is not a number")]
    [InlineData("0.1", "BPE dropout of 0.1 is not supported")]
    public void A_dropout_of_another_kind_is_an_error(string dropout, string expected) => Assert.StartsWith(
        expected, Assert.Throws<InputException>(() => Open("\"version\": \"1.0\"", $", \"dropout\": {dropout}")).Cause, StringComparison.Ordinal);

    static ITokenizer Open(string rules, string model = "")
    {
        using var folder = new TemporaryFolder();
        string vocabulary = string.Join(',', Vocabulary.Select((c, id) => $"\"{c}\": {id}"));
        return TokenizerFile.Open(folder.Write("tokenizer.json",
            $$$"""{"model": {"type": "BPE", "vocab": {{{{vocabulary}}}}, "merges": []{{{model}}}}, {{{rules}}}}"""));
    }
}
