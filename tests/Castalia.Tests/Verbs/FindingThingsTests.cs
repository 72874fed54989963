using Castalia.Errors;
using Castalia.Store;
using Castalia.Tests.Store;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>Words a person writes in place of whole names, and prompts that are in no file.</summary>
public sealed class FindingThingsTests
{
    static readonly string Tokenizer = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", "gpt2-style", "tokenizer.json");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Latest_a_beginning_and_a_model_stand_for_runs()
    {
        using var folder = new TemporaryFolder();
        string first = Renamed(StoredRuns.Write(folder.Path), "20250101T000000Z-tiny"), second = Renamed(StoredRuns.Write(folder.Path), "20250202T000000Z-tiny");
        Assert.Equal([second], Opened("latest"));
        Assert.Equal([first], Opened("20250101"));
        Assert.Equal([first, second], Opened("tiny"));
        Assert.Equal([first, second], Opened("OTHER"));
        Assert.Equal([first], Opened("20250101", first));
        var several = Assert.Throws<InputException>(() => Opened("2025"));
        Assert.Equal("The names of 2 runs begin with '2025'.", several.Cause);
        Assert.Contains("20250202T000000Z-tiny, 20250101T000000Z-tiny", several.Remedy, StringComparison.Ordinal);
        Assert.Contains("There is no run 'tin'.", Assert.Throws<InputException>(() => Opened("tin")).Cause, StringComparison.Ordinal);
        using var store = RunStore.Open(folder.Path, Cancellation);
        Assert.Equal([second, first], store.Select(["latest", "20250101"]).Select(run => run.Path));

        string[] Opened(params string[] words)
        {
            using var opened = RunStore.Open(folder.Path, words, Cancellation);
            return [.. opened.Runs.Select(run => run.Path)];
        }
    }

    [Fact]
    public void A_damaged_run_does_not_stop_a_word_that_means_another()
    {
        using var folder = new TemporaryFolder();
        string whole = Renamed(StoredRuns.Write(folder.Path), "20250101T000000Z-tiny"), damaged = Renamed(StoredRuns.Write(folder.Path), "20250202T000000Z-tiny");
        File.WriteAllText(Path.Combine(damaged, "manifest.json"), "{");
        using var store = RunStore.Open(folder.Path, ["tiny"], Cancellation);
        Assert.Equal(whole, Assert.Single(store.Runs).Path);
    }

    [Fact]
    public void Nothing_is_the_latest_of_no_runs()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("There is no run 'latest'.", Assert.Throws<InputException>(() => RunStore.Open(folder.Path, ["latest"], Cancellation)).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hypothesis_is_found_by_its_beginning_and_read_without_runs()
    {
        using var empty = new TemporaryFolder();
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "h15-c", "--claim"]);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("  h15-confidence-erasure: ", output, StringComparison.Ordinal);
        foreach (string label in new[] { "claim", "mechanism", "prediction", "requires", "supported if  falls.share >= 0.75", "test          falls: proportion where mlp.slope < 0 and" })
            Assert.Contains($"\n  {label}", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal(2, CommandLineTests.Castalia(["hypotheses", "h15", "--claim"]).Output.Split("\n  claim ").Length - 1);
        var several = CommandLineTests.Castalia(["hypotheses", "study-h", "--claim"]);
        Assert.Equal(2, several.Code);
        Assert.Contains("Write more of the id: study-h1, study-h2", several.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_a_verb_too()
    {
        Assert.Equal(CommandLineTests.Castalia(["gains", "--help"]), CommandLineTests.Castalia(["help", "gains"]));
        Assert.Equal(CommandLineTests.Castalia(["--help"]), CommandLineTests.Castalia(["help"]));
        Assert.Equal(0, CommandLineTests.Castalia(["help", "help"]).Code);
    }

    [Theory]
    [InlineData("hello\nbye\n")]
    [InlineData("{\"text\": \"hello\"}\n{\"text\": \"bye\"}\n")]
    public void Prompts_come_from_standard_input_in_either_form(string input)
    {
        var piped = CommandLineTests.CastaliaReading(input, "tokens", Tokenizer, "--prompts", "-", "--json");
        Assert.Equal((0, ""), (piped.Code, piped.Error));
        Assert.Equal(CommandLineTests.Castalia(["tokens", Tokenizer, "--prompt", "hello", "--prompt", "bye", "--json"]), piped);
    }

    [Fact]
    public void A_prompt_on_the_command_line_is_measured_and_its_text_stored()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");
        File.Copy(Tokenizer, Path.Combine(folder.Path, "tokenizer.json"));
        foreach (string file in new[] { "config.json", "model.safetensors" }) File.Copy(Path.Combine(model, file), Path.Combine(folder.Path, file));
        string runs = Path.Combine(folder.Path, "runs");
        var (code, _, error) = CommandLineTests.Castalia(["measure", folder.Path, "--prompt", "a", "--bos", "none", "--out", runs]);
        Assert.True(code == 0, error);
        string manifest = File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(runs)), "manifest.json"));
        Assert.Contains("\"text\": \"a\"", manifest, StringComparison.Ordinal);
        Assert.Contains("\"--prompt\"", manifest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt": "x"}""", "Call it \"text\"")]
    [InlineData("""{"input_ids": [1]}""", "Call it \"ids\"")]
    [InlineData("""{"title": "x"}""", "Call it \"name\"")]
    public void A_key_that_others_use_is_answered_with_the_one_that_is_meant(string line, string remedy)
    {
        var (code, _, error) = CommandLineTests.CastaliaReading(line, "tokens", Tokenizer, "--prompts", "-");
        Assert.Equal(2, code);
        Assert.Contains("  where: standard input, line 1\n  to do: " + remedy, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_parser_completes_runs_hypotheses_sets_families_cached_models_and_verbs()
    {
        using var folder = new TemporaryFolder();
        Renamed(StoredRuns.Write(folder.Path), "20250101T000000Z-tiny");
        Directory.CreateDirectory(Path.Combine(folder.Path, "hub", "models--org--name"));
        Assert.Contains("\n20250101T000000Z-tiny\n", Completed($"castalia gains --runs {folder.Path} "), StringComparison.Ordinal);
        Assert.Equal("latest\n", Completed("castalia gains lat"));
        Assert.Contains("h15-running-text\n", Completed("castalia hypotheses h15"), StringComparison.Ordinal);
        Assert.Equal("standard-200\nstandard-25\n", Completed("castalia measure --prompts standard"));
        Assert.Contains("gpt_neox\n", Completed("castalia families gpt"), StringComparison.Ordinal);
        Assert.Equal("org/name\n", Completed("castalia measure org"));
        Assert.Equal("measure\n", Completed("castalia help meas"));

        string Completed(string line) => CommandLineTests.Castalia([$"[suggest:{line.Length}]", line], ("HF_HUB_CACHE", Path.Combine(folder.Path, "hub"))).Output;
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _castalia castalia")]
    [InlineData("zsh", "compdef _castalia castalia")]
    [InlineData("fish", "complete -c castalia -a '(__castalia_answers)'")]
    public void Each_shell_has_its_script(string shell, string line) =>
        Assert.Contains(line, CommandLineTests.Castalia(["completions", shell]).Output, StringComparison.Ordinal);

    static string Renamed(string run, string name)
    {
        string path = Path.Combine(Path.GetDirectoryName(run)!, name);
        Directory.Move(run, path);
        return path;
    }
}
