using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class RoundTripTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers");

    /// <summary>A couple of thousand in every run; CASTALIA_RANDOM_TEXTS for more.</summary>
    static int Iterations => int.TryParse(Environment.GetEnvironmentVariable("CASTALIA_RANDOM_TEXTS"), out int count) ? count : 2000;

    /// <summary>Nothing is lost: what comes back is the text.</summary>
    [Theory]
    [InlineData("bloom-style")]
    [InlineData("codegen-style")]
    [InlineData("falcon-style")]
    [InlineData("gpt2-style")]
    [InlineData("llama3-style")]
    [InlineData("opt-style")]
    [InlineData("smollm-style")]
    public void Random_text_comes_back(string name) => Check(Path.Combine(Folder, name), text => text);

    /// <summary>The mark that stands for a space is the one text that does not come back.</summary>
    [Theory]
    [InlineData("sentencepiece-gemma")]
    [InlineData("sentencepiece-gemma-model")]
    [InlineData("sentencepiece-llama-legacy-model")]
    public void Random_text_comes_back_but_for_the_space_mark(string name) => Check(Path.Combine(Folder, name), text => text.Replace('▁', ' '));

    /// <summary>Normalised before it is cut, or given spaces: what comes back need not be the text, but it always comes.</summary>
    [Theory]
    [InlineData("neox-style")]
    [InlineData("prefix-space-style")]
    [InlineData("qwen2-style")]
    [InlineData("sentencepiece-llama-legacy")]
    [InlineData("sentencepiece-metaspace")]
    [InlineData("sentencepiece-nmt-nfkc-model")]
    [InlineData("sentencepiece-suffix-model")]
    [InlineData("sentencepiece-user-defined-model")]
    public void Random_text_never_fails(string name) => Check(Path.Combine(Folder, name), null);

    [Theory]
    [InlineData("tokenizers/gpt2/tokenizer.json", true)]
    [InlineData("tokenizers/mistral/tokenizer.model", false)]
    [InlineData("tokenizers/pythia/tokenizer.json", false)]
    [InlineData("checkpoints/smollm2-135m/tokenizer.json", true)]
    public void Random_text_comes_back_from_a_real_tokenizer(string file, bool lossless) =>
        Check(Shared.Path("real", file), lossless ? text => text : file.Contains("mistral", StringComparison.Ordinal) ? text => text.Replace('▁', ' ') : null);

    static void Check(string path, Func<string, string>? expected)
    {
        var tokenizer = TokenizerFile.Open(path);
        Texts.Any.Sample(text =>
        {
            var ids = tokenizer.Encode(text, out int dropped);
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.IdCount - 1));
            string back = tokenizer.Decode(ids);
            // A U+FFFD of the text spells the same bytes as one that stands for bytes that are none.
            if (expected is not null && dropped == 0) Assert.Equal(expected(text), back);
        }, iter: Iterations, threads: 1);
    }
}
