using Castalia.Errors;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

/// <summary>Tokens that the files beside a vocabulary name; the ids are those of transformers 4.46.3 with tokenizers 0.20.3, run on these files.</summary>
public sealed class NamedSpecialTokenTests
{
    const string Letters =
        "\"a\":0,\"b\":1,\"c\":2,\"d\":3,\"e\":4,\"f\":5,\"g\":6,\"h\":7,\"i\":8,\"j\":9,\"k\":10,\"l\":11,\"m\":12,\"n\":13,\"o\":14,\"p\":15,\"q\":16," +
        "\"r\":17,\"s\":18,\"t\":19,\"u\":20,\"v\":21,\"w\":22,\"x\":23,\"y\":24,\"z\":25,\"Ġ\":26";

    const string Class = "\"tokenizer_class\": \"PreTrainedTokenizerFast\"";

    static string Json(string added = "", string rules = "") => $$"""
        {"added_tokens": [{{added}}], "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}{{rules}},
         "model": {"type": "BPE", "vocab": { {{Letters}} }, "merges": [] } }
        """;

    [Fact]
    public void A_named_token_that_is_in_no_vocabulary_gets_the_next_id_and_is_cut_out()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", "{" + Class + """, "bos_token": "<e>", "eos_token": "<end>", "additional_special_tokens": ["<u>"]}""");
        var tokenizer = TokenizerFile.Open(folder.Write("tokenizer.json", Json("""{"id": 27, "content": "<e>", "special": true}""")));
        Assert.Equal([7, 8, 28, 23], tokenizer.Encode("hi<end>x", out _));
        Assert.Equal([7, 8, 29, 23], tokenizer.Encode("hi<u>x", out _));
        Assert.Equal([7, 8, 27, 23], tokenizer.Encode("hi<e>x", out _));
        Assert.Equal([26, 0, 26, 28, 26, 1], tokenizer.Encode(" a <end> b", out _));
        Assert.Equal(27, tokenizer.BosId);
        Assert.Contains(tokenizer.Notes, note => note.Contains("named as special tokens: '<end>' (28), '<u>' (29).", StringComparison.Ordinal));
    }

    /// <summary>The configuration, and what each text becomes.</summary>
    [Theory]
    [InlineData(
        """
        "additional_special_tokens": ["<u>"], "pad_token": "<p>", "eos_token": "<end>", "unk_token": "<k>", "cls_token": "<c>",
        "sep_token": "<s>", "mask_token": "<m>", "bos_token": "<b>"
        """, "<b><end><k><s><p><c><m><u>", "27 28 29 30 31 32 33 34")]
    [InlineData("""
        "added_tokens_decoder": {"40": {"content": "<y>", "rstrip": true}, "35": {"content": "<z>"}}, "bos_token": "<b>"
        """, "<y> b<z><b>", "28 1 27 29")]
    [InlineData("""
        "additional_special_tokens": ["", "<u>", "<u>", "<e>"], "eos_token": "<e>", "pad_token": "", "mask_token": null
        """, "<e><u>", "27 28")]
    [InlineData("\"additional_special_tokens\": null, \"eos_token\": \"<e>\"", "<e>", "27")]
    [InlineData("\"eos_token\": {\"__type\": \"AddedToken\", \"content\": \"<e>\", \"rstrip\": true}", "<e>  b", "27 1")]
    public void New_tokens_are_numbered_in_the_order_of_the_reference(string config, string text, string ids)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", $"{{{Class}, {config}}}");
        Assert.Equal(ids, Ids(TokenizerFile.Open(folder.Write("tokenizer.json", Json())), text));
    }

    /// <summary>What a class names by itself is numbered with the tokens that are named; where none is, as in transformers 5, it is text.</summary>
    [Theory]
    [InlineData("GPT2Tokenizer", "<|endoftext|>", "27", "")]
    [InlineData("GPTNeoXTokenizerFast", "<|endoftext|>", "27", "")]
    [InlineData("Qwen2Tokenizer", "<|endoftext|>", "27", "")]
    [InlineData("BloomTokenizer", "<s></s><unk><pad>", "27 28 29 30", "")]
    [InlineData("LlamaTokenizer", "<s></s><unk>", "27 28 29", "27")]
    [InlineData("GemmaTokenizer", "<bos><eos><unk><pad>", "27 28 29 30", "27")]
    [InlineData("CohereTokenizer", "<BOS_TOKEN><UNK>", "27 29", "27")]
    [InlineData("CodeLlamaTokenizer", "<unk>▁<PRE>▁<MID>▁<SUF>▁<EOT>", "29 31 32 33 34", "27")]
    public void A_class_names_its_own(string name, string text, string ids, string prefix)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}", "additional_special_tokens": ["<u>"]}""");
        var tokenizer = TokenizerFile.Open(folder.Write("tokenizer.json", Json()));
        Assert.Equal(ids, Ids(tokenizer, text));
        Assert.Equal(prefix, string.Join(' ', tokenizer.DefaultPrefix));
        folder.Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}", "add_bos_token": false}""");
        Assert.Equal(27, TokenizerFile.Open(folder.Path).IdCount);
    }

    /// <summary>The older files beside a configuration that lists no added tokens.</summary>
    [Theory]
    [InlineData("\"eos_token\": \"<f>\", \"additional_special_tokens\": [\"<v>\"]",
        """{"eos_token": "<e>", "additional_special_tokens": ["<u>"]}""", "{}", "<e><f><v><u>", "27 5 28 29")]
    [InlineData("\"eos_token\": \"<f>\"", """{"eos_token": null}""", "{}", "<f>", "5")]
    [InlineData("\"added_tokens_decoder\": {}", """{"eos_token": "<e>"}""", """{"<q>": 27}""", "<e><q>", "4 16")]
    [InlineData("\"eos_token\": \"<e>\"", "{}", """{"<q>": 50, "<r>": 40}""", "<r><q><e>", "27 28 29")]
    public void Older_files_hold_as_in_the_reference(string config, string map, string added, string text, string ids)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", $"{{{Class}, {config}}}");
        folder.Write("special_tokens_map.json", map);
        folder.Write("added_tokens.json", added);
        Assert.Equal(ids, Ids(TokenizerFile.Open(folder.Write("tokenizer.json", Json())), text));
    }

    [Fact]
    public void The_configuration_decides_the_flags_of_a_token()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", $$$"""{{{{Class}}}, "added_tokens_decoder": {"27": {"content": "<e>", "rstrip": true} } }""");
        Assert.Equal("27 1", Ids(TokenizerFile.Open(folder.Write("tokenizer.json", Json("""{"id": 27, "content": "<e>", "rstrip": false}"""))), "<e>  b"));
    }

    /// <summary>transformers switches both rules off unless a call asks for them; but the padding token is named by its rule.</summary>
    [Theory]
    [InlineData("", "27 0 1 2 3 4 5")]
    [InlineData(", \"pad_token\": null", "15 0 1 2 3 4 5")]
    public void Rules_of_truncation_and_padding_are_told_and_not_followed(string config, string ids)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", $"{{{Class}{config}}}");
        var tokenizer = TokenizerFile.Open(folder.Write("tokenizer.json", Json(rules: """
            , "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
            "padding": {"strategy": {"Fixed": 20}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 3, "pad_type_id": 0, "pad_token": "<p>"}
            """)));
        Assert.Equal(ids, Ids(tokenizer, "<p>abcdef"));
        Assert.Contains(tokenizer.Notes, note => note.StartsWith("The truncation rule of the file (direction Right, max_length 2", StringComparison.Ordinal));
        Assert.Contains(tokenizer.Notes, note => note.StartsWith("The padding rule of the file", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vocabulary_with_merges_numbers_them_alike()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", "{" + Letters + "}");
        folder.Write("merges.txt", "#version: 0.2\n");
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "GPT2Tokenizer", "eos_token": "<e>"}""");
        Assert.Equal("0 28 1 27", Ids(TokenizerFile.Open(folder.Path), "a<e>b<|endoftext|>"));
        folder.Write("added_tokens.json", """{"<q>": 50, "<r>": 40}""");
        Assert.Equal("27 28 29 30", Ids(TokenizerFile.Open(folder.Path), "<r><q><|endoftext|><e>"));
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "Qwen2Tokenizer", "eos_token": "<e>", "pad_token": "<p>", "added_tokens_decoder": {}}""");
        Assert.Equal("27 28 29", Ids(TokenizerFile.Open(folder.Path), "<e><|endoftext|><p>"));
    }

    [Fact]
    public void One_id_for_two_added_tokens_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", "{" + Letters + "}");
        folder.Write("merges.txt", "#version: 0.2\n");
        string path = folder.Write("added_tokens.json", """{"<q>": 50, "<r>": 50}""");
        var error = Assert.Throws<InputException>(() => TokenizerFile.Open(folder.Path));
        Assert.Equal("The added tokens '<q>' and '<r>' both have the id 50.", error.Cause);
        Assert.StartsWith(path, error.Place, StringComparison.Ordinal);
    }

    /// <summary>GPT-2's reader drops the first and the last line whatever they hold; Qwen's does not.</summary>
    [Theory]
    [InlineData("GPT2Tokenizer", "a b\nb c\nc d", "0 1|28|2 3", true)]
    [InlineData("Qwen2Tokenizer", "a b\nb c\nc d", "27|28|29", false)]
    [InlineData("GPT2Tokenizer", "#version: 0.2\r\na b\r\nb c\r\nc d\r\n", "27|28|29", false)]
    [InlineData("GPT2Tokenizer", "\uFEFF#version: 0.2\na b\nb c\nc d\n", "27|28|29", false)]
    public void Merges_are_the_lines_that_the_reference_reads(string name, string merges, string ids, bool noted)
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", "{" + Letters + ",\"ab\":27,\"bc\":28,\"cd\":29}");
        folder.Write("merges.txt", merges);
        folder.Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}"}""");
        var tokenizer = TokenizerFile.Open(folder.Path);
        string[] texts = ["ab", "bc", "cd"];
        Assert.Equal(ids, string.Join('|', texts.Select(text => Ids(tokenizer, text))));
        Assert.Equal(noted, tokenizer.Notes.Any(note => note.StartsWith("merges.txt has no '#version' line", StringComparison.Ordinal)));
    }

    static string Ids(ITokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text, out _));
}
