using System.Diagnostics;
using System.Text.Json.Nodes;
using Castalia.Cli;
using Castalia.Machine;
using Castalia.Runs;
using Castalia.Wording;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("mesure x", "castalia: Unknown verb 'mesure'. Did you mean 'measure'?\nSee 'castalia --help'.\n")]
    [InlineData("measure a --bso none", "castalia: Unknown option '--bso'. Did you mean '--bos'?\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --qqqq", "castalia: Unknown option '--qqqq'.\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --bso=none", "castalia: Unknown option '--bso'. Did you mean '--bos'?\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --bos alwys", "castalia: --bos takes default, none, always, not 'alwys'. Did you mean 'always'?\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --bos Always", "castalia: --bos takes default, none, always, not 'Always'. Did you mean 'always'?\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --activation tnah", "castalia: --activation takes config, erf, tanh, not 'tnah'. Did you mean 'tanh'?\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --threads 0", "castalia: --threads takes a whole number from 1 to 1024, not '0'.\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --threads two", "castalia: --threads takes a whole number from 1 to 1024, not 'two'.\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --seed -5", "castalia: --seed takes a whole number from 0 to 9223372036854775807, not '-5'.\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --positions", "castalia: Required argument missing for option: '--positions'.\nSee 'castalia measure --help'.\n")]
    [InlineData("--verson", "castalia: Unknown option '--verson'. Did you mean '--version'?\nSee 'castalia --help'.\n")]
    [InlineData("measure --out ", "castalia: The value of --out is empty.\nSee 'castalia measure --help'.\n")]
    [InlineData("measure --out= a", "castalia: The value of --out is empty.\nSee 'castalia measure --help'.\n")]
    [InlineData("measure  a", "castalia: One of the words is empty; did a shell variable that has no value stand there?\nSee 'castalia measure --help'.\n")]
    [InlineData("completions tcsh", "castalia: There are completions for bash, zsh and fish, not for 'tcsh'.\nSee 'castalia completions --help'.\n")]
    [InlineData("help mesure", "castalia: Unknown verb 'mesure'. Did you mean 'measure'?\nSee 'castalia --help'.\n")]
    [InlineData("tokens x", "castalia: Which prompts? Give --prompts FILE or SET, or --prompt TEXT.\nSee 'castalia tokens --help'.\n")]
    [InlineData("measure --prompt a --prompts b", "castalia: --prompts names a file or a set, --prompt gives a text: one or the other.\nSee 'castalia measure --help'.\n")]
    [InlineData("hypotheses h15 --claim --json", "castalia: --claim reads no data and goes with an ID and --file only.\nSee 'castalia hypotheses --help'.\n")]
    public void Usage_errors_are_short_name_the_word_and_end_with_2(string args, string error)
    {
        var ran = Castalia(args.Split(' '));
        Assert.Equal((2, "", error), ran);
    }

    [Fact]
    public void Threads_in_the_environment_are_checked_like_the_option()
    {
        var (code, _, error) = Castalia(["measure"], ("CASTALIA_THREADS", "many"));
        Assert.Equal(2, code);
        Assert.Contains("CASTALIA_THREADS takes a whole number from 1 to 1024, not 'many'.", error);
    }

    [Theory]
    [InlineData("no.txt", "There is no file")]
    [InlineData("standard-24", "There is no built-in set of prompts named 'standard-24'.")]
    public void Prompts_that_cannot_be_read_are_bad_input_and_leave_no_run_folder(string prompts, string cause)
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs");
        var (code, output, error) = Castalia(["measure", folder.Path, "--prompts", prompts, "--out", runs]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(cause, error);
        Assert.Contains("  where: ", error);
        Assert.Contains("  to do: ", error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("tokens \"$2\" --prompts standard-25")]
    [InlineData("families")]
    [InlineData("--version")]
    [InlineData("measure --help")]
    public void Results_that_cannot_be_written_are_no_bug(string arguments)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a device that is always full");
        string tokenizer = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", "gpt2-style", "tokenizer.json");
        var start = new ProcessStartInfo("sh", ["-c", $"exec dotnet \"$1\" {arguments} > /dev/full", "sh",
            Path.Combine(AppContext.BaseDirectory, "castalia.dll"), tokenizer])
        { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith("castalia: The results cannot be written: ", error);
        Assert.Contains("  where: standard output\n  to do: ", error);
    }

    [Fact]
    public void Alone_it_prints_help_in_80_columns_without_escapes_even_under_a_ci()
    {
        var (code, output, error) = Castalia([], ("GITHUB_ACTIONS", "true"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("castalia measure", output);
        Assert.DoesNotContain('\e', output);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Equal(output, Castalia(["--help"]).Output);
    }

    [Fact]
    public void The_version_is_one_line()
    {
        var (code, output, error) = Castalia(["--version"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(Software.Version + "\n", output);
    }

    [Fact]
    public void Completions_are_a_script_and_the_parser_answers_it()
    {
        Assert.Contains("complete -o default -F _castalia castalia\n", Castalia(["completions", "bash"]).Output);
        Assert.Equal("always\ndefault\nnone\n", Castalia(["[suggest:23]", "castalia measure --bos "]).Output);
    }

    [Theory]
    [InlineData("measure", "measure", 0)]
    [InlineData("mesure", "measure", 1)]
    [InlineData("maesure", "measure", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Edits_are_insertions_deletions_replacements_and_swaps(string a, string b, int edits)
    {
        Assert.Equal(edits, Nearest.Edits(a, b));
        Assert.Equal(edits, Nearest.Edits(b, a));
    }

    [Fact]
    public void Without_a_checkpoint_it_measures_untrained_networks_beside_theory_and_trained_twins_and_writes_a_run_folder_of_each()
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs");
        var (code, output, error) = Castalia(["measure", "--out", runs], ("XDG_CACHE_HOME", folder.Path));
        Assert.True(code == 0, error);
        Assert.Contains("Theory for an untrained network of 6 blocks, √(L/(L−1)): 1.095; measured 1.1", string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("\nTrained twins: ", output);
        Assert.DoesNotContain('\e', output + error);
        string[] written = [.. Directory.GetFileSystemEntries(runs).OrderBy(run => run.Contains("twin-", StringComparison.Ordinal))];
        Assert.Equal(2, written.Length);
        Assert.All(written, run => Assert.Equal(3, Directory.GetFiles(run).Length));
        Assert.EndsWith($"Run folder: {written[0]}\nRun folder: {written[1]}\n", output);
        Assert.All(JsonNode.Parse(File.ReadAllText(Path.Combine(written[1], "manifest.json")))!["models"]!.AsArray(), model => Assert.False((bool)model!["untrained"]!));

        var json = Castalia(["measure", "--out", runs, "--json"], ("XDG_CACHE_HOME", folder.Path));
        Assert.True(json.Code == 0, json.Error);
        var document = JsonNode.Parse(json.Output)!.AsObject();
        Assert.Equal(4, document["models"]!.AsArray().Count);
        var twins = document["twins"]!;
        Assert.Equal(twins["summary"]!["models"]!.AsArray().Count, twins["networks"]!.AsArray().Count);
        Assert.NotEmpty(twins["pairs"]!.AsArray());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(written[1], "summary.json"))), twins["summary"]));
        document.Remove("twins");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(written[0], "summary.json"))), document));
    }

    [Fact]
    public void A_termination_ends_it_with_143_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var process = Start(["measure", "--out", Path.Combine(folder.Path, "runs")], ("XDG_CACHE_HOME", folder.Path));
        Assert.Contains("building", process.StandardError.ReadLine());
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(143, process.ExitCode);
        Assert.EndsWith("castalia: interrupted; no run folder was written.\n", process.StandardError.ReadToEnd());
        string cache = Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(cache), name => Path.GetFileName(name).StartsWith('.'));
    }

    /// <summary>Runs the command as its user does, in a process of its own.</summary>
    /// <summary>The same with something on standard input.</summary>
    internal static (int Code, string Output, string Error) CastaliaReading(string input, params string[] args)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "input");
        File.WriteAllText(file, input);
        var start = new ProcessStartInfo("sh", ["-c", "exec dotnet \"$@\" < \"$0\"", file, Path.Combine(AppContext.BaseDirectory, "castalia.dll"), .. args])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs the command to its end: in this process where nothing of its surroundings is asked for, else in one of its own.</summary>
    internal static (int Code, string Output, string Error) Castalia(string[] args, params (string Name, string Value)[] environment) =>
        environment.Length == 0 && InProcess.Runs(args) ? InProcess.Run(args) : OfItsOwn(args, environment);

    /// <summary>Runs the command in a process of its own.</summary>
    internal static (int Code, string Output, string Error) OfItsOwn(string[] args, params (string Name, string Value)[] environment)
    {
        using var process = Start(args, environment);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    internal static Process Start(string[] args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "castalia.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("CASTALIA_THREADS");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
