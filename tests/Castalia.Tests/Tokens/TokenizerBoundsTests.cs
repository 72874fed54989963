using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

/// <summary>What a tokenizer's file steers has an end: depth, length, growth and steps.</summary>
public sealed class TokenizerBoundsTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(20); // on a machine that has other things to do; milliseconds otherwise

    [Theory]
    [InlineData("(?:", "a", ")", 150, "nested more than 100 deep")]
    [InlineData("[", "a", "]", 150, "nested more than 100 deep")]
    [InlineData("(?=", "a", ")", 150, "nested more than 100 deep")]
    [InlineData("", "abcdefghij", "", 1001, "patterns are read up to 10000")]
    public void A_pattern_is_bounded_in_depth_and_length(string open, string inside, string close, int times, string expected) => Assert.Contains(
        expected, Assert.Throws<PatternException>(() => Pattern.Regex(Repeated(open, times) + Repeated(inside, inside.Length > 1 ? times : 1) + Repeated(close, times))).Message);

    /// <summary>The width of each part is asked of its own parts once, not twice at each level.</summary>
    [Fact]
    public void Groups_in_groups_are_read_in_one_pass()
    {
        var clock = Stopwatch.StartNew();
        var pattern = Pattern.Regex($"(?<={Repeated("(?:", 60)}b{Repeated(")", 60)})a");
        Assert.Equal([(1, 2)], pattern.Matches("baa"));
        Assert.True(clock.Elapsed < Soon, $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("(?:(?:a{1000}){1000}){1000}")]
    [InlineData("(?:(?:(?:(?:a{900}b){900}){900}){900}){900}")]
    public void Counts_of_counts_are_refused(string pattern) =>
        Assert.Equal("counted repetitions beyond reason", Assert.Throws<PatternException>(() => Pattern.Regex(pattern)).Message);

    /// <summary>A class of thousands of members, each beyond ASCII, and as many classes joined by &amp;&amp;.</summary>
    [Fact]
    public void A_class_may_be_long()
    {
        string members = string.Concat(Enumerable.Range(0x4E00, 4000).Select(code => $"{(char)code}"));
        Assert.Equal([(1, 3)], Pattern.Regex($"[{members}]+").Matches("a\u4E00\u5D00b"));
        Assert.Equal([(1, 2)], Pattern.Regex($"[{string.Join("&&", Enumerable.Repeat("\\p{L}", 1000))}&&[^a-z]]").Matches("aé"));
    }

    /// <summary>Each piece has few ways to fail; all pieces together have many.</summary>
    [Fact]
    public void The_steps_of_all_pieces_of_a_text_are_counted_together()
    {
        var tokenizer = Open("""
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"},
              {"type": "Split", "pattern": {"Regex": "(?:a+)+(?:a+)+b"}, "behavior": "Isolated"}]}
            """);
        Assert.Equal(18, tokenizer.Encode(new string('a', 18), out _).Count);
        var error = Assert.Throws<InputException>(() => tokenizer.Encode(Repeated(new string('a', 18) + " ", 2000), out _));
        Assert.Contains("found no end in this text", error.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ways_that_wait_are_bounded()
    {
        var pattern = Pattern.Regex($"(?:{Repeated("(?:(?=a)b)?", 900)}a)+");
        var error = Assert.Throws<InputException>(() => pattern.Matches(new string('a', 20_000)));
        Assert.Contains("found no end in this text", error.Cause, StringComparison.Ordinal);
    }

    const string Doubling = """{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}""";

    /// <summary>Growth in a normaliser: of one text, of its stretches together, of an added token when the file is read, and of decoded text.</summary>
    [Fact]
    public void A_text_does_not_grow_beyond_measure()
    {
        string doublings = string.Join(',', Enumerable.Repeat(Doubling, 20));
        Assert.Equal(16, Open($$"""
            "normalizer": {"type": "Sequence", "normalizers": [{{string.Join(',', Enumerable.Repeat(Doubling, 4))}}]}
            """).Encode("a", out _).Count);
        Grows(() => Open($$"""
            "normalizer": {"type": "Sequence", "normalizers": [{{doublings}}]}
            """).Encode("a", out _));
        Grows(() => Open($$"""
            "normalizer": {"type": "Sequence", "normalizers": [{{doublings}}]}, "added_tokens": [{"id": 4, "content": "a b", "normalized": true}]
            """));
        Grows(() => Open($$"""
            "normalizer": {"type": "Prepend", "prepend": "{{new string('b', 2000)}}"}, "added_tokens": [{"id": 4, "content": "|"}]
            """).Encode(Repeated("a|", 200), out _));
        Grows(() => Open($$"""
            "decoder": {"type": "Sequence", "decoders": [{{doublings}}]}
            """).Decode([0]));
    }

    static void Grows(Action action) => Assert.StartsWith(
        "The tokenizer's rules make the text grow beyond measure", Assert.Throws<InputException>(action).Cause, StringComparison.Ordinal);

    [Fact]
    public void Lists_of_rules_and_of_special_tokens_are_bounded()
    {
        const string bytes = """{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}""";
        Refused($$"""
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{{string.Join(',', Enumerable.Repeat(bytes, 9))}}]}
            """, "A chain of 9 pre-tokenizers that lengthen the text");
        Refused($$"""
            "normalizer": {"type": "Sequence", "normalizers": [{{string.Join(',', Enumerable.Repeat("{\"type\": \"NFC\"}", 1001))}}]}
            """, "A chain of 1001 normalisers");
        string item = """{"SpecialToken": {"id": "s", "type_id": 0}}""", ids = string.Join(',', Enumerable.Repeat(1, 100));
        Refused($$$"""
            "post_processor": {"type": "TemplateProcessing", "single": [{{{string.Join(',', Enumerable.Repeat(item, 11))}}}, {"Sequence": {"id": "A"}}],
              "special_tokens": {"s": {"id": "s", "ids": [{{{ids}}}] } } }
            """, "More than 1000 special tokens around a text");
    }

    static void Refused(string rules, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<InputException>(() => Open(rules)).Cause, StringComparison.Ordinal);

    /// <summary>Ids are keys, not sizes: a gap is allowed, and a claim beyond any vocabulary is not.</summary>
    [Theory]
    [InlineData(2147483647)]
    [InlineData(16777216)]
    [InlineData(4294967296)]
    public void An_id_beyond_any_vocabulary_is_an_error(long id)
    {
        using var folder = new TemporaryFolder();
        string vocabulary = folder.Write("tokenizer.json", $$$"""{"model": {"type": "BPE", "vocab": {"a": {{{id}}}}, "merges": []}}""");
        Assert.Equal($"The token id {id} is beyond any vocabulary; ids are read up to 16777215.", Assert.Throws<InputException>(() => TokenizerFile.Open(vocabulary)).Cause);
        var added = Assert.Throws<InputException>(() => Open($$"""
            "added_tokens": [{"id": {{id}}, "content": "|"}]
            """));
        Assert.Equal($"The token id {id} is beyond any vocabulary; ids are read up to 16777215.", added.Cause);
    }

    [Fact]
    public void An_id_in_a_gap_has_no_piece()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TokenizerFile.Open(folder.Write("tokenizer.json", """{"model": {"type": "BPE", "vocab": {"a": 0, "b": 7}, "merges": []}}"""));
        Assert.Equal((8, "b", null), (tokenizer.IdCount, tokenizer.FindPiece(7), tokenizer.FindPiece(3)));
        Assert.Equal("Token id 3 is in no vocabulary entry; ids run from 0 to 7.", Assert.Throws<InputException>(() => tokenizer.Piece(3)).Cause);
    }

    /// <summary>Tokens of every length that one letter can begin, looked for at every place.</summary>
    [Fact]
    public void Added_tokens_inside_each_other_are_found_without_trying_each_length()
    {
        var tokens = new AddedTokens(Enumerable.Range(2, 1500).Select(length => new AddedToken(length, new string('a', length), false)));
        Assert.Equal([(0, 1501), (0, 1501), (0, 998)], tokens.Cut(new Piece(new string('a', 4000))).Select(part => (0, part.Id!.Value)));
        var clock = Stopwatch.StartNew();
        Assert.Equal(20_000, tokens.Cut(new Piece(Repeated("ab", 20_000))).Single().Piece.Text.Length / 2);
        Assert.True(clock.Elapsed < Soon, $"{clock.Elapsed}");
    }

    [Fact]
    public void White_space_behind_tokens_of_white_space_is_gone_through_once()
    {
        var clock = Stopwatch.StartNew();
        var tokens = new AddedTokens([new(1, "\n", false, RightStrip: true)]);
        Assert.Equal(100_000, tokens.Cut(new Piece(new string('\n', 100_000))).Count());
        Assert.True(clock.Elapsed < Soon, $"{clock.Elapsed}");
    }

    [Fact]
    public void What_a_file_spells_reaches_notes_and_messages_escaped()
    {
        var tokenizer = Open("""
            "added_tokens": [{"id": 9, "content": "\u001b[2J"}]
            """);
        Assert.Contains(@"'\u001b[2J' the id 9", tokenizer.Notes[0], StringComparison.Ordinal);
        var error = Assert.Throws<InputException>(() => Open("""
            "normalizer": {"type": "\u001b[2J"}
            """));
        Assert.DoesNotContain(error.Message, c => char.IsControl(c) && c != '\n');
    }

    static readonly string Whole = """
        {"version": "1.0", "truncation": {"max_length": 2}, "padding": {"pad_token": "<p>"},
         "added_tokens": [{"id": 4, "content": "<s>", "single_word": false, "lstrip": true, "rstrip": true, "normalized": true, "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip", "strip_left": true, "strip_right": true},
           {"type": "Replace", "pattern": {"Regex": "[a-c]+"}, "content": "a"}, {"type": "Prepend", "prepend": "b"}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "split": true},
           {"type": "Split", "pattern": {"String": "b"}, "behavior": "Isolated", "invert": false}, {"type": "Digits", "individual_digits": true},
           {"type": "Punctuation", "behavior": "Isolated"}, {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]},
         "post_processor": {"type": "Sequence", "processors": [{"type": "BertProcessing", "sep": ["a", 1], "cls": ["a", 0]},
           {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "s", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [], "special_tokens": {"s": {"id": "s", "ids": [4], "tokens": ["<s>"]}}}]},
         "decoder": {"type": "Sequence", "decoders": [{"type": "ByteLevel"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0},
           {"type": "Metaspace", "replacement": "_", "prepend_scheme": "always", "split": true}]},
         "model": {"type": "BPE", "dropout": null, "unk_token": "a", "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
           "byte_fallback": false, "ignore_merges": false, "vocab": {"a": 0, "b": 1, "ab": 2, "_": 3}, "merges": [["a", "b"]]}}
        """;

    /// <summary>Every value of a file that has one of each, put in the place of every other kind: an error that names the file, or a tokenizer.</summary>
    [Fact]
    public void No_exception_of_the_runtime_passes_a_tokenizer_file()
    {
        using var folder = new TemporaryFolder();
        string[] kinds = ["null", "true", "3", "-1", "1e99", "\"x\"", "\"\"", "[]", "{}", "[[1]]", "{\"type\": \"ByteLevel\"}", "99999999999999999999"];
        folder.Write("tokenizer.json", Whole);
        Assert.NotEmpty(TokenizerFile.Open(folder.Path).Encode("a b1!", out _));
        int count = 0, read = 0;
        foreach (string path in Paths(JsonNode.Parse(Whole)!))
        {
            foreach (string kind in kinds)
            {
                count++;
                folder.Write("tokenizer.json", With(path, kind));
                try
                {
                    var tokenizer = TokenizerFile.Open(folder.Path);
                    tokenizer.Decode(tokenizer.Encode("a b1!<s> ab", out _));
                    read++;
                }
                catch (InputException e)
                {
                    Assert.True(e.Message.Contains("tokenizer.json", StringComparison.Ordinal) || e.Place.StartsWith("normalizer", StringComparison.Ordinal), e.Message);
                    Assert.DoesNotContain("for which there is no better word", e.Message, StringComparison.Ordinal); // each is foreseen
                }
            }
        }
        Assert.True(count > 1000 && read > 100, $"{count}, {read}");
    }

    /// <summary>The same for the file cut short anywhere, and with any of its bytes another one.</summary>
    [Fact]
    public void A_damaged_tokenizer_file_is_an_error_or_a_tokenizer()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        var random = new Random(14);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = i % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 4 != 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            folder.Write("tokenizer.json", bytes);
            try
            {
                TokenizerFile.Open(folder.Path).Encode("a b1!<s> ab", out _);
            }
            catch (InputException)
            {
                // As it should be.
            }
        }
    }

    static IEnumerable<string> Paths(JsonNode node)
    {
        if (node is JsonObject o)
            foreach (var (key, value) in o.ToList())
                foreach (string path in Below(o, value, key)) yield return path;
        if (node is JsonArray a)
            for (int i = 0; i < a.Count; i++)
                foreach (string path in Below(a, a[i], $"{i}")) yield return path;
    }

    static IEnumerable<string> Below(JsonNode parent, JsonNode? child, string key)
    {
        yield return $"{(parent.GetPath() == "$" ? "" : Address(parent) + "/")}{key}";
        if (child is JsonObject or JsonArray)
            foreach (string path in Paths(child)) yield return path;
    }

    static string Address(JsonNode node) => node.Parent switch
    {
        null => "",
        JsonArray a => Join(Address(a), $"{a.IndexOf(node)}"),
        var o => Join(Address(o), node.GetPropertyName()),
    };

    static string Join(string path, string key) => path.Length == 0 ? key : $"{path}/{key}";

    static string With(string path, string value)
    {
        var root = JsonNode.Parse(Whole)!;
        string[] keys = path.Split('/');
        JsonNode at = root;
        foreach (string key in keys[..^1]) at = at is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : at[key]!;
        if (at is JsonArray items) items[int.Parse(keys[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        else at[keys[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    static string Repeated(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    static ITokenizer Open(string rules)
    {
        using var folder = new TemporaryFolder();
        return TokenizerFile.Open(folder.Write("tokenizer.json",
            $$"""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2, " ": 3}, "merges": []}, {{rules}}}"""));
    }
}
