using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>Names from files reach a terminal as text, and files and JSON as they are; commands end when they are told to, and leave nothing by halves.</summary>
public sealed class TerminalSafetyTests
{
    const string Evil = "a\e[31mb\u0007\r\u009bc\u202ed";

    [Fact]
    public void Control_characters_of_names_reach_no_terminal()
    {
        using var folder = new TemporaryFolder();
        string model = Model(Path.Combine(folder.Path, Evil + "\nx")), runs = Path.Combine(folder.Path, "runs");
        string prompts = folder.Write("p.jsonl", string.Concat(Enumerable.Range(0, 4).Select(i =>
            new JsonObject { ["ids"] = new JsonArray(i + 1, 2, 3), ["name"] = $"{Evil}{i}", ["category"] = i < 2 ? Evil + "\n" : new string('k', 3000) }.ToJsonString() + "\n")));
        Plain(CommandLineTests.Castalia(["measure", model, "--prompts", prompts, "--out", runs]), 0);
        Plain(CommandLineTests.Castalia(["describe", model]), 0);
        foreach (string verb in new[] { "runs", "gains", "categories", "bentov", "scaling", "conventions" }) Plain(CommandLineTests.Castalia([verb, "--runs", runs]), 0);
        Plain(CommandLineTests.Castalia(["gains", "--by", "category", "--runs", runs]), 0);
        Plain(CommandLineTests.Castalia(["query", "SELECT * FROM prompts", "--runs", runs]), 0);
        Plain(CommandLineTests.Castalia(["query", $"SELECT '{Evil}' FROM", "--runs", runs]), 2);
        Plain(CommandLineTests.Castalia([Evil]), 2);
        Plain(CommandLineTests.Castalia(["gains", $"--{Evil}"]), 2);
        Plain(CommandLineTests.Castalia(["gains", "--by", Evil, "--runs", runs]), 2);
        Plain(CommandLineTests.Castalia(["measure", Evil]), 2);
        Plain(CommandLineTests.Castalia(["measure", new string('x', 5000)]), 2);
        // Exact for programs: a JSON escape is the character, and CSV has none.
        var rows = JsonNode.Parse(CommandLineTests.Castalia(["query", "SELECT prompt FROM gains ORDER BY prompt_index", "--format", "json", "--runs", runs]).Output)!;
        Assert.Equal($"{Evil}0", (string?)rows[0]!["prompt"]);
        Assert.Contains($"{Evil}0", CommandLineTests.Castalia(["query", "SELECT prompt FROM gains ORDER BY prompt_index", "--format", "csv", "--runs", runs]).Output);
    }

    static void Plain((int Code, string Output, string Error) result, int code)
    {
        Assert.True(code == result.Code, result.Error);
        foreach (string text in new[] { result.Output, result.Error })
            Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c is '\u202e');
        foreach (string line in result.Error.Split('\n')) Assert.True(line.Length < 1920, line); // 24 lines of 80
    }

    [Fact]
    public void A_command_that_waits_for_a_full_pipe_ends_when_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs");
        Assert.Equal(0, CommandLineTests.Castalia(["measure", Model(Path.Combine(folder.Path, "m")), "--prompts", folder.Write("p.jsonl", "{\"ids\":[1,2,3]}\n"), "--out", runs]).Code);
        using var process = CommandLineTests.Start(["query", "SELECT range FROM range(1000000)", "--format", "csv", "--runs", runs]);
        Assert.Equal('r', process.StandardOutput.Read()); // it writes, and nobody reads on
        Assert.False(process.WaitForExit(1500));
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(143, process.ExitCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}"); // a second and the rest of one; more on a busy machine
        Assert.EndsWith("castalia: interrupted; nothing was written.\n", process.StandardError.ReadToEnd());
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_by_the_next_and_the_store_answers_meanwhile()
    {
        using var folder = new TemporaryFolder();
        string model = Model(Path.Combine(folder.Path, "m")), runs = Path.Combine(folder.Path, "runs");
        string one = folder.Write("p.jsonl", "{\"ids\":[1,2,3]}\n");
        string many = folder.Write("many.jsonl", string.Concat(Enumerable.Repeat($"{{\"ids\":[{string.Join(',', Enumerable.Range(0, 60))}]}}\n", 2000)));
        Assert.Equal(0, CommandLineTests.Castalia(["measure", model, "--prompts", one, "--out", runs]).Code);
        using (var process = CommandLineTests.Start(["measure", model, "--prompts", many, "--positions", "all", "--out", runs]))
        {
            _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            _ = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (Directory.GetDirectories(runs, ".*").Length == 0) Assert.False(process.WaitForExit(1));
            process.Kill();
            process.WaitForExit();
        }
        Assert.Single(Directory.GetDirectories(runs, ".*"));
        Assert.Equal(0, CommandLineTests.Castalia(["gains", "--runs", runs]).Code);
        var (code, _, error) = CommandLineTests.Castalia(["measure", model, "--prompts", one, "--out", runs]);
        Assert.Equal(0, code);
        Assert.Contains($"castalia: removed what 1 ended command left unfinished in {runs}\n", error);
        Assert.Empty(Directory.GetDirectories(runs, ".*"));
        Assert.Equal(2, Directory.GetDirectories(runs).Length);
    }

    [Fact]
    public void A_file_that_outgrows_its_limit_is_not_there_by_half()
    {
        using var folder = new TemporaryFolder();
        string published = Shared.Path("published"), output = Path.Combine(folder.Path, "p.json");
        // Files of this process may have 8 blocks of 512 or 1024 bytes; SIGXFSZ is ignored, so that writing fails as on a full disk.
        var start = new ProcessStartInfo("bash",
            ["-c", "trap '' XFSZ; ulimit -f 8; exec dotnet \"$0\" published --import \"$1\" --out \"$2\"", Path.Combine(AppContext.BaseDirectory, "castalia.dll"), published, output])
        {
            RedirectStandardError = true,
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" }, // whose file is larger
        };
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 2, error);
        Assert.StartsWith("castalia: The data set cannot be written: ", error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    static string Model(string path)
    {
        Directory.CreateDirectory(path);
        foreach (string name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa", name), Path.Combine(path, name));
        return path;
    }
}
