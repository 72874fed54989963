using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Tests.Hub;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class PlanVerbTests : IDisposable
{
    static readonly string Llama = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");

    readonly TemporaryFolder _folder = new();
    readonly HubServer _server = new();
    readonly string _prompts;

    public PlanVerbTests()
    {
        _prompts = _folder.Write("p.jsonl", "{\"ids\": [5, 6, 7]}\n{\"ids\": [1, 2, 3, 4, 5]}\n");
        _server.Serve("owner/model", "main",
            [.. Directory.GetFiles(Llama).Where(file => Path.GetFileName(file) is "config.json" or "model.safetensors")
                .Select(file => new ServedFile(Path.GetFileName(file), File.ReadAllBytes(file), file.EndsWith(".safetensors", StringComparison.Ordinal)))]);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_plan_says_what_the_run_then_takes()
    {
        var (code, output, error) = Castalia("plan", Llama, "--prompts", _prompts, "--threads", "1", "--out", Path.Combine(_folder.Path, "runs"));
        Assert.True(code == 0, error);
        Assert.Contains("gqa\n  llama: ", output);
        Assert.Contains("2 prompts (", output);
        Assert.Contains("8 tokens, read at the last position", Joined(output));
        Assert.Contains("are available", output);
        Assert.Contains("on this disk, nothing to fetch", output);
        Assert.Contains("GFLOP/s of fused multiply-adds", Joined(output));
        Assert.Equal("", error);
        Assert.Empty(Directory.GetDirectories(_folder.Path));

        var plan = Json("plan", Llama, "--prompts", _prompts, "--threads", "1", "--json")["models"]![0]!;
        string runs = Path.Combine(_folder.Path, "runs");
        (code, _, error) = Castalia("measure", Llama, "--prompts", _prompts, "--threads", "1", "--out", runs);
        Assert.True(code == 0, error);
        // What measure says before its pass is what the plan said.
        Assert.Contains(FormattableString.Invariant($"needs about {(double)plan["memory_bytes"]! / (1 << 20):0} MiB of memory"), error);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(runs)), "manifest.json")))!["models"]![0]!;
        Assert.Equal((long)manifest["parameters"]!, (long)plan["parameters"]!);
        long folder = Directory.GetFiles(Assert.Single(Directory.GetDirectories(runs))).Sum(file => new FileInfo(file).Length);
        Assert.InRange((double)plan["run_folder_bytes"]! / folder, 0.3, 3);
    }

    [Fact]
    public void A_model_that_is_not_in_the_cache_is_planned_from_its_headers_and_nothing_of_it_is_kept()
    {
        var local = Json("plan", Llama, "--prompts", _prompts, "--threads", "1", "--json")["models"]![0]!;
        var hub = Json("plan", "owner/model", "--prompts", _prompts, "--threads", "1", "--json")["models"]![0]!;
        foreach (string same in new[] { "parameters", "weights_bytes", "memory_bytes", "operations", "run_folder_bytes" })
            Assert.Equal(local[same]!.ToJsonString(), hub[same]!.ToJsonString());
        Assert.Equal(["config.json", "model.safetensors"], hub["to_fetch"]!.AsArray().Select(file => (string)file!["name"]!));
        Assert.All(hub["to_fetch"]!.AsArray(), file => Assert.Equal(new FileInfo(Path.Combine(Llama, (string)file!["name"]!)).Length, (long)file["missing_bytes"]!));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "hub")));

        var (code, output, error) = Castalia("plan", "owner/model", "--prompts", _prompts);
        Assert.True(code == 0, error);
        Assert.Contains("files: 2, of which ", output);
        Assert.Contains("next: castalia pull owner/model\n", output);

        Assert.Equal(0, Castalia("pull", "owner/model").Code);
        Assert.Contains("on this disk, nothing to fetch", Castalia("plan", "owner/model", "--prompts", _prompts).Output);
    }

    [Fact]
    public void Of_weights_without_a_header_only_the_files_are_told()
    {
        _server.Serve("owner/bin", "main", PullFixture.Text("config.json", "{}"), new ServedFile("pytorch_model.bin", new byte[2_000_000], Lfs: true));
        var (code, output, error) = Castalia("plan", "owner/bin", "--prompts", _prompts);
        Assert.True(code == 0, error);
        Assert.Contains("not known", output);
        Assert.Matches(@"\n    pytorch_model\.bin +2\.0 MB +2\.0 MB\n", output);
        Assert.Empty(_server.For("pytorch_model.bin"));
    }

    [Fact]
    public void Offline_it_says_what_it_cannot_know_and_asks_nobody()
    {
        var (code, output, error) = CommandLineTests.Castalia(["plan", "owner/model", "--prompts", _prompts], [.. Environment(), ("HF_HUB_OFFLINE", "1")]);
        Assert.True(code == 0, error);
        Assert.Contains("HF_HUB_OFFLINE forbids to ask the hub", Joined(output));
        Assert.Contains("files: not known", output);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void What_measure_would_refuse_a_plan_refuses()
    {
        var (code, output, error) = Castalia("plan", "owner/other", "--prompts", _prompts);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("owner/other", error);
        (code, _, error) = Castalia("plan", Llama, "--prompts", _folder.Write("far.jsonl", "{\"ids\": [99999999]}\n"));
        Assert.Equal(2, code);
        Assert.Contains("99999999", error);
    }

    /// <summary>Llama, 2 blocks: by hand, 2·T for every weight of a matrix, 4·width for every pair of positions, logits at two last positions.</summary>
    [Fact]
    public void Operations_are_counted_as_by_hand()
    {
        using var checkpoint = Checkpoint.Open(Llama);
        var a = ArchitectureReader.Read(checkpoint);
        int[] lengths = [3, 5];
        TokenizedPrompt[] prompts = [.. lengths.Select(n => new TokenizedPrompt(new() { Name = "p", Ids = new int[n], Place = "here" }, new int[n], 0, 0))];
        double heads = a.NHeads * a.HeadDim, shared = a.NKvHeads * a.HeadDim, width = a.DModel;
        double block = (2 * heads * width) + (2 * shared * width) + (3 * width * a.DFf);
        var counted = PassOperations.Of(a, prompts, allPositions: false, logitLens: false);
        Assert.Equal(2 * 8 * block * a.NLayers, counted.Blocks);
        Assert.Equal(4 * heads * a.NLayers * (6 + 15), counted.Attention); // 1 + 2 + 3 and 1 + … + 5 pairs
        Assert.Equal(2 * (double)a.DVocab * width * 2, counted.Logits);
        Assert.Equal(4 * a.NLayers * counted.Logits, PassOperations.Of(a, prompts, allPositions: true, logitLens: true).Logits);
        // Two positions seen at most: 1 + 2 + 2 and 1 + 2 + 2 + 2 + 2.
        Assert.Equal(4 * heads * a.NLayers * (5 + 9), PassOperations.Of(a with { Windows = [.. Enumerable.Repeat<int?>(2, a.NLayers)] }, prompts, false, false).Attention);
    }

    [Fact]
    public void The_peak_is_one_of_this_century()
    {
        Assert.InRange(FmaPeak.Measure(1), 1e8, 1e13);
    }

    JsonNode Json(params string[] args)
    {
        var (code, output, error) = Castalia(args);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    static string Joined(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    (string, string)[] Environment() => [("HF_ENDPOINT", _server.Endpoint), ("HF_HUB_CACHE", Path.Combine(_folder.Path, "hub")), ("HF_HUB_OFFLINE", "")];

    (int Code, string Output, string Error) Castalia(params string[] args) => CommandLineTests.Castalia(args, Environment());
}
