using Castalia.Errors;
using Castalia.Tests.Verbs;
using Castalia.Tokens;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>A text is tokenised once, and every token of it is read once an epoch.</summary>
public sealed class CorpusTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    readonly List<string> _said = [];

    static string Golden(string name) => Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", name);

    static string Text(int lines) => string.Concat(Enumerable.Range(0, lines).Select(i => $"Line {i} says that {i * i} is the square of {i}.\n"));

    Corpus Open(string text, string tokenizer) =>
        CorpusStore.Open(_folder.Write("text.txt", text), tokenizer, TokenizerFile.Open(tokenizer), Path.Combine(_folder.Path, "study"), _said.Add, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("neox-style", "tokenizer.json")]
    [InlineData("gpt2-style", "tokenizer.json")]
    [InlineData("gpt2-style/vocab.json", "vocab.json")]
    [InlineData("sentencepiece-llama-legacy-model", "tokenizer.model")]
    public void Its_tokens_are_the_tokenizers(string tokenizer, string laid)
    {
        string text = Text(400);
        using var corpus = Open(text, Golden(tokenizer));
        Assert.Contains(laid, corpus.TokenizerFiles.Keys);
        var copy = TokenizerFile.Open(Path.GetDirectoryName(corpus.TokenizerFiles[laid])!);
        int[] ids = corpus.Ids(0, (int)corpus.Document.Tokens);
        Assert.Equal(copy.Encode(text, out _).Count, ids.Length, 4.0); // held out and trained on are encoded apart
        string decoded = copy.Decode(ids[..(int)corpus.Document.TrainingTokens]).TrimStart();
        Assert.StartsWith(decoded[..1000], text, StringComparison.Ordinal);
        Assert.InRange(corpus.HeldOut / (double)corpus.Document.Tokens, 0.04, 0.06);
    }

    [Fact]
    public void It_is_tokenised_once_and_damage_is_found()
    {
        string text = Text(300);
        using (var first = Open(text, Golden("neox-style"))) Assert.Equal(2, _said.Count);
        string file;
        using (var again = Open(text, Golden("neox-style")))
        {
            Assert.Equal(2, _said.Count);
            file = again.TokenizerFiles["tokenizer.json"];
        }
        string ids = Path.Combine(Path.GetDirectoryName(file)!, "ids.bin");
        byte[] bytes = File.ReadAllBytes(ids);
        bytes[100] ^= 1;
        File.WriteAllBytes(ids, bytes);
        Assert.Equal("The stored tokens of the corpus are damaged.", Assert.Throws<InputException>(() => Open(text, Golden("neox-style"))).Cause);
        using var other = Open(text + "More.\n", Golden("neox-style"));
        Assert.Equal(4, _said.Count);
    }

    [Fact]
    public void Every_epoch_reads_every_text_once_in_an_order_of_its_own()
    {
        using var corpus = Open(Text(300), Golden("neox-style"));
        const int tokens = 32;
        int texts = (int)corpus.Document.TrainingTokens / tokens;
        var read = new CorpusTexts(corpus, 5, tokens, null);
        string[] epoch(int number) => [.. Enumerable.Range(number * texts, texts).Select(i => Ids(read, i))];
        string[] laid = [.. Enumerable.Range(0, texts).Select(i => string.Join(' ', corpus.Ids(i * tokens, tokens)))], first = epoch(0), second = epoch(1);
        Assert.Equal(laid.Order(StringComparer.Ordinal), first.Order(StringComparer.Ordinal));
        Assert.Equal(laid.Order(StringComparer.Ordinal), second.Order(StringComparer.Ordinal));
        Assert.NotEqual(laid, first);
        Assert.NotEqual(first, second);
        Assert.Equal(first[3], Ids(new CorpusTexts(corpus, 5, tokens, null), 3));
        Assert.NotEqual(first, [.. Enumerable.Range(0, texts).Select(i => Ids(new CorpusTexts(corpus, 6, tokens, null), i))]);
        Assert.Equal(first[1], Ids(new CorpusTexts(corpus, 5, tokens, 2), 7));
        Assert.Null(read.Text(0, out _));

        static string Ids(CorpusTexts texts, long index)
        {
            texts.Text(index, out int[] ids);
            return string.Join(' ', ids);
        }
    }

    [Fact]
    public void Prompts_are_of_what_is_held_out()
    {
        using var corpus = Open(Text(900), Golden("neox-style"));
        var prompts = corpus.Prompts(16);
        Assert.InRange(prompts.Count, 20, 120);
        Assert.Equal(corpus.Ids(corpus.Document.TrainingTokens, 16), prompts[0].Ids);
        Assert.All(prompts, prompt => Assert.Equal((16, null, null), (prompt.Ids!.Count, prompt.TrueEntropy, prompt.Category)));
        Assert.Equal(prompts.Count, prompts.Select(prompt => prompt.Place).Distinct().Count());
        Assert.StartsWith("The corpus is too short for texts of 4000 tokens: ", Assert.Throws<InputException>(() => corpus.CheckFor(4000)).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gguf_vocabulary_is_written_as_files_or_refused_with_the_reason()
    {
        string folder = Path.Combine(Shared.Repository, "tests", "golden", "gguf");
        var refused = Assert.Throws<InputException>(() => Open(Text(300), Path.Combine(folder, "llama-gqa.gguf")));
        Assert.Contains("GGUF", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "study")));
    }

    [Fact]
    public void Networks_are_trained_on_it_and_read_like_any_model()
    {
        string text = _folder.Write("t.txt", Text(600)), plan = _folder.Write("p.yaml", $"""
            base: {"{"} blocks: 1, width: 16, heads: 2, steps: 2, warm_up: 1, batch: 2, tokens: 24 {"}"}
            corpus: t.txt
            tokenizer: {Golden("neox-style")}
            """), folder = Path.Combine(_folder.Path, "out");
        var run = InProcess.Run(["twins", plan, "--out", folder, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("\"least_loss\": null", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"r_true\": null", run.Output, StringComparison.Ordinal);
        string network = Path.Combine(folder, "base", "seed1", "step2"), recipe = File.ReadAllText(Path.Combine(network, "recipe.json"));
        Assert.Contains("\"language\": null", recipe, StringComparison.Ordinal);
        Assert.Contains("\"file\": \"t.txt\"", recipe, StringComparison.Ordinal);
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(text)));
        Assert.Contains($"\"sha256\": \"{sha256}\"", recipe, StringComparison.Ordinal);
        string runs = Path.Combine(_folder.Path, "runs");
        var measured = InProcess.Run(["measure", network, "--prompt", "Line 7 says that", "--out", runs]);
        Assert.True(measured.Code == 0, measured.Error);

        Assert.Equal(0, InProcess.Run(["twins", plan, "--out", folder]).Code);
        File.AppendAllText(text, "Another line.\n");
        var other = InProcess.Run(["twins", plan, "--out", folder]);
        Assert.Equal(2, other.Code);
        Assert.Contains("another recipe", other.Error, StringComparison.Ordinal);
        var byOption = InProcess.Run(["twins", _folder.Write("q.yaml", "base: { settled: 0.5 }\n"), "--out", folder, "--corpus", text, "--tokenizer", Golden("neox-style")]);
        Assert.Equal(2, byOption.Code);
        Assert.Contains("'settled' is of the language, and the plan trains on a corpus.", byOption.Error, StringComparison.Ordinal);
        Assert.Contains("q.yaml, line 1, column 9", byOption.Error, StringComparison.Ordinal);
        Assert.Equal(2, InProcess.Run(["twins", plan, "--corpus", text]).Code);
    }

    [Theory]
    [InlineData("base: { vocabulary: 200 }", "A vocabulary of 200 has no row for the token ids up to")]
    [InlineData("cross: { language_seed: [1, 2] }", "'language_seed' is of the language")]
    public void What_does_not_go_with_a_corpus_is_refused(string rest, string cause)
    {
        string plan = _folder.Write("p.yaml", $"corpus: t.txt\ntokenizer: {Golden("neox-style")}\n{rest}\n");
        var thrown = Assert.Throws<InputException>(() => Castalia.Twins.TwinPlanReader.Read(plan));
        Assert.StartsWith(cause, thrown.Cause, StringComparison.Ordinal);
        Assert.Contains("p.yaml, line ", thrown.Place, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
