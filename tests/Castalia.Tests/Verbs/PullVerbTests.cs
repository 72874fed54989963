using System.Diagnostics;
using System.Text.Json.Nodes;
using Castalia.Tests.Hub;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class PullVerbTests : IDisposable
{
    static readonly string Llama = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");

    readonly TemporaryFolder _folder = new();
    readonly HubServer _server = new();
    readonly string _commit;

    public PullVerbTests() => _commit = _server.Serve("owner/model", "main",
        [.. Directory.GetFiles(Llama).Where(file => Path.GetFileName(file) is "config.json" or "model.safetensors")
            .Select(file => new ServedFile(Path.GetFileName(file), File.ReadAllBytes(file), file.EndsWith(".safetensors", StringComparison.Ordinal)))]);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_is_pulled_and_then_measured_traced_and_described_by_its_name()
    {
        var (code, output, error) = Castalia("pull", "owner/model");
        Assert.True(code == 0, error);
        string snapshot = Path.Combine(_folder.Path, "hub", "models--owner--model", "snapshots", _commit);
        long bytes = Directory.GetFiles(snapshot).Sum(file => File.ReadAllBytes(file).Length);
        string megabytes = FormattableString.Invariant($"{bytes / 1e6:0.0} MB");
        Assert.Equal(
            $"""
            owner/model
              commit  {_commit}
              files   2, {megabytes}; {megabytes} fetched, every byte verified
              path    {snapshot}
              next    castalia measure owner/model

            """, output);
        Assert.Equal("castalia: owner/model: fetching\n", error);

        string prompts = _folder.Write("p.jsonl", """{"ids": [5, 6, 7]}"""), runs = Path.Combine(_folder.Path, "runs"), trace = Path.Combine(_folder.Path, "t.safetensors");
        (code, output, error) = Castalia("measure", "owner/model", "--prompts", prompts, "--out", runs);
        Assert.True(code == 0, error);
        Assert.Contains("castalia: model: measuring", error);
        string run = Assert.Single(Directory.GetDirectories(runs));
        Assert.EndsWith("Z-model", run);
        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "manifest.json")))!["models"]![0]!;
        Assert.Equal($$"""{"repository":"owner/model","revision":"main","commit":"{{_commit}}"}""", model["hub"]!.ToJsonString());
        Assert.Equal(snapshot, (string?)model["path"]);
        Assert.All(model["files"]!.AsArray(), file => Assert.Equal(File.ReadAllBytes((string)file!["path"]!).Length, (long)file["bytes"]!));

        (code, _, error) = Castalia("trace", $"owner/model@{_commit}", "--prompts", prompts, "--out", trace);
        Assert.True(code == 0, error);
        (code, output, error) = Castalia("describe", "owner/model");
        Assert.True(code == 0, error);
        Assert.Contains("Llama", output);
    }

    [Fact]
    public void Json_tells_folders_commits_and_hashes_and_a_path_has_no_place_on_the_hub()
    {
        var (code, output, error) = Castalia("pull", "owner/model", $"owner/model@{_commit}", "--json");
        Assert.True(code == 0, error);
        var models = JsonNode.Parse(output)!["models"]!.AsArray();
        Assert.Equal(["main", _commit], models.Select(model => (string?)model!["revision"]));
        var file = models[1]!["files"]!.AsArray().Single(file => (string?)file!["name"] == "model.safetensors")!;
        Assert.Equal(new ServedFile("", File.ReadAllBytes(Path.Combine(Llama, "model.safetensors")), Lfs: true).Hash, (string?)file["sha256"]);
        Assert.Equal(0, (long)file["received_bytes"]!);
    }

    [Theory]
    [InlineData("measure owner/model")]
    [InlineData("describe owner/model")]
    [InlineData("trace owner/model --prompts p.txt --out t.safetensors")]
    [InlineData("tokens owner/model --prompts p.txt")]
    public void A_model_that_was_not_pulled_is_not_downloaded_by_another_verb(string args)
    {
        var (code, output, error) = Castalia(args.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(
            $"""
            castalia: There is no path 'owner/model', and the model is not in the hub's cache.
              where: {Path.Combine(_folder.Path, "hub")}
              to do: Correct the path, or fetch the model: castalia pull owner/model. Only pull downloads.

            """, error);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("pull", "castalia: Required argument 'REPOSITORY' missing for command: 'pull'.")]
    [InlineData("pull ../here", "castalia: '../here' names no model on the hub: '../here' is not the name of a repository.")]
    [InlineData("pull owner/none", "castalia: The hub does not take this token, or owner/none does not exist or is private to others (401).")]
    [InlineData("pull owner/model@none", "castalia: owner/model has no revision 'none' (404).")]
    public void What_cannot_be_pulled_is_bad_input(string args, string error)
    {
        var ran = Castalia(args.Split(' '));
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.Contains($"{error}\n", ran.Error);
        Assert.DoesNotContain("hf_secret", ran.Error);
    }

    [Fact]
    // Not by SIGINT: whoever starts the tests in the background may have it ignored, and a child inherits that.
    public void A_termination_ends_with_143_and_the_same_command_goes_on()
    {
        byte[] weights = File.ReadAllBytes(Path.Combine(Llama, "model.safetensors"));
        var hung = new TaskCompletionSource();
        _server.Instead = async (context, asked) =>
        {
            if (!asked.AtStore) return false;
            context.Response.ContentLength = weights.Length;
            await context.Response.Body.WriteAsync(weights.AsMemory(0, weights.Length / 2));
            await context.Response.Body.FlushAsync();
            await hung.Task;
            return true;
        };
        using var process = CommandLineTests.Start(["pull", "owner/model"], [.. Environment, ("HF_HUB_DOWNLOAD_TIMEOUT", "600")]);
        string blobs = Path.Combine(_folder.Path, "hub", "models--owner--model", "blobs");
        while (!process.HasExited && !Parts().Any(part => new FileInfo(part) is { Exists: true, Length: var there } && there == weights.Length / 2)) Thread.Sleep(20);
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        hung.SetResult();
        Assert.Equal(143, process.ExitCode);
        Assert.EndsWith("castalia: interrupted; what has come so far is kept, and the same command goes on from there.\n", process.StandardError.ReadToEnd());
        Assert.Equal("", process.StandardOutput.ReadToEnd());

        _server.Instead = (_, _) => Task.FromResult(false);
        var (code, _, error) = Castalia("pull", "owner/model");
        Assert.True(code == 0, error);
        Assert.Equal($"bytes={weights.Length / 2}-", _server.For("model.safetensors").Last().Range);
        Assert.Empty(Parts());

        string[] Parts() => Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*.incomplete") : [];
    }

    [Fact]
    public void Offline_a_pull_sends_nothing()
    {
        var (code, _, error) = CommandLineTests.Castalia(["pull", "owner/model"], [.. Environment, ("HF_HUB_OFFLINE", "1")]);
        Assert.Equal(2, code);
        Assert.Contains("HF_HUB_OFFLINE forbids to fetch it", error);
        Assert.Empty(_server.Requests);
        Assert.Equal(0, Castalia("pull", "owner/model").Code);
        (code, string output, error) = CommandLineTests.Castalia(["pull", "owner/model"], [.. Environment, ("HF_HUB_OFFLINE", "1")]);
        Assert.True(code == 0, error);
        Assert.Contains("all in the cache; offline, so the hub was not asked", output);
    }

    [Fact]
    public void A_full_disk_is_one_clear_message()
    {
        // A file system of four files in a name space of its own, for which no rights are needed where that is allowed at all.
        string disk = Path.Combine(_folder.Path, "disk");
        Directory.CreateDirectory(disk);
        using var allowed = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", disk]) { RedirectStandardError = true });
        allowed?.WaitForExit();
        Assert.SkipUnless(allowed?.ExitCode == 0, "needs unshare to mount a small disk");
        var start = new ProcessStartInfo("unshare", ["-rm", "sh", "-c", $"mount -t tmpfs -o size=64m,nr_inodes=7 tmpfs {disk} && exec dotnet {Path.Combine(AppContext.BaseDirectory, "castalia.dll")} pull owner/model"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        start.Environment["HF_HUB_CACHE"] = disk;
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(
            $"castalia: The disk of the hub's cache is full.\n  where: {disk}\n  to do: Make room, or name another place by HF_HUB_CACHE. ", error);
    }

    (string, string)[] Environment =>
    [
        ("HF_HOME", _folder.Path), ("HF_ENDPOINT", _server.Endpoint), ("HF_TOKEN", "hf_secret"), ("HF_HUB_CACHE", ""), ("HUGGINGFACE_HUB_CACHE", ""),
        ("HF_HUB_OFFLINE", ""), ("TRANSFORMERS_OFFLINE", ""), ("NO_PROXY", "127.0.0.1"), ("no_proxy", "127.0.0.1"),
    ];

    (int Code, string Output, string Error) Castalia(params string[] args) => CommandLineTests.Castalia(args, Environment);
}
