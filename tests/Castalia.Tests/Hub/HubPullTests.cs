using Castalia.Errors;
using Castalia.Hub;
using Xunit;

namespace Castalia.Tests.Hub;

public sealed class HubPullTests : IDisposable
{
    readonly PullFixture _pull = new();

    HubServer Server => _pull.Server;

    public void Dispose() => _pull.Dispose();

    [Fact]
    public void A_pull_fetches_only_what_a_measurement_needs_and_lays_it_out_as_the_tools_do()
    {
        var pulled = _pull.Pull();
        Assert.Equal(new("owner/model", "main", _pull.Commit), pulled.Origin);
        Assert.Equal(["config.json", "tokenizer.json", "model.safetensors"], pulled.Files.Select(file => file.Name));
        string repository = Path.Combine(_pull.Cache.Folder, "models--owner--model"), snapshot = Path.Combine(repository, "snapshots", _pull.Commit);
        Assert.Equal(snapshot, pulled.Path);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json"], Directory.GetFiles(snapshot).Select(Path.GetFileName).Order());
        Assert.Equal(_pull.Commit, File.ReadAllText(Path.Combine(repository, "refs", "main")));
        foreach (var file in pulled.Files)
        {
            var served = PullFixture.Files.First(f => f.Name == file.Name);
            Assert.Equal($"../../blobs/{served.Hash}", new FileInfo(Path.Combine(snapshot, file.Name)).LinkTarget);
            Assert.Equal(served.Contents, File.ReadAllBytes(Path.Combine(snapshot, file.Name)));
            Assert.Equal((served.Contents.Length, served.Contents.Length), (file.Bytes, file.Received));
        }
        Assert.Equal(3, Directory.GetFiles(Path.Combine(repository, "blobs")).Length);
        Assert.Empty(_pull.Said);
    }

    [Fact]
    public void Progress_counts_up_to_every_byte_and_every_file()
    {
        _pull.Pull();
        long total = PullFixture.Files.Where(f => f.Name is "config.json" or "tokenizer.json" or "model.safetensors").Sum(f => f.Contents.Length);
        Assert.Equal(new PullProgress("model.safetensors", 3, 3, total, total), _pull.Progress[^1]);
        Assert.All(_pull.Progress.Zip(_pull.Progress.Skip(1)), pair => Assert.True(pair.First.Bytes <= pair.Second.Bytes));
        Assert.True(_pull.Progress.Count > 5, "progress within the file");
    }

    [Fact]
    public void The_token_goes_to_the_hub_and_to_nobody_else()
    {
        _pull.Pull();
        Assert.Contains(Server.Requests, request => request.AtStore);
        Assert.All(Server.Requests, request => Assert.Equal(request.AtStore ? null : $"Bearer {PullFixture.Token}", request.Authorization));
    }

    [Fact]
    public void A_redirect_that_leads_away_and_back_does_not_bring_the_token_back()
    {
        Server.Instead = (context, asked) =>
        {
            if (!asked.Path.EndsWith("config.json", StringComparison.Ordinal) || context.Request.Query.ContainsKey("back")) return Task.FromResult(false);
            context.Response.Redirect(asked.AtStore ? $"{Server.Endpoint}/owner/model/resolve/{_pull.Commit}/config.json?back=1" : $"{Server.Store}/away/config.json");
            return Task.FromResult(true);
        };
        _pull.Pull();
        Assert.Equal([$"Bearer {PullFixture.Token}", null, null], Server.For("config.json").Select(request => request.Authorization));
    }

    [Fact]
    public void A_relative_redirect_stays_with_the_hub_and_keeps_the_token()
    {
        Server.Instead = async (context, asked) =>
        {
            if (asked.Path.StartsWith("/api/resolve-cache/", StringComparison.Ordinal))
            {
                await context.Response.Body.WriteAsync(PullFixture.Files[0].Contents);
                return true;
            }
            if (!asked.Path.EndsWith("config.json", StringComparison.Ordinal)) return false;
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"/api/resolve-cache/models/owner/model/{_pull.Commit}/config.json?etag=x";
            return true;
        };
        _pull.Pull();
        Assert.Equal(2, Server.For("config.json").Count());
        Assert.All(Server.For("config.json"), request => Assert.Equal($"Bearer {PullFixture.Token}", request.Authorization));
    }

    [Fact]
    public void A_model_with_a_name_alone_is_found_through_the_hubs_redirect_and_cached_under_that_name()
    {
        Server.Serve("openai-community/gpt2", "main", [.. PullFixture.Files]);
        Server.Instead = (context, asked) =>
        {
            string path = asked.Path.Replace("/models/gpt2/", "/models/openai-community/gpt2/");
            if (path.StartsWith("/gpt2/", StringComparison.Ordinal)) path = $"/openai-community{path}";
            if (path == asked.Path) return Task.FromResult(false);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = path + context.Request.QueryString;
            return Task.FromResult(true);
        };
        var pulled = _pull.Pull("gpt2");
        Assert.StartsWith(Path.Combine(_pull.Cache.Folder, "models--gpt2", "snapshots"), pulled.Path);
    }

    [Fact]
    public void A_second_pull_fetches_nothing_and_another_revision_only_what_differs()
    {
        _pull.Pull();
        Server.Requests.Clear();
        Assert.All(_pull.Pull().Files, file => Assert.Equal(0, file.Received));
        Assert.Single(Server.Requests);

        string other = Server.Serve("owner/model", "refs/pr/1", [PullFixture.Text("config.json", """{"new": 1}"""), .. PullFixture.Files.Skip(1)]);
        var pulled = _pull.Pull("owner/model@refs/pr/1");
        Assert.Equal(["config.json"], pulled.Files.Where(file => file.Received > 0).Select(file => file.Name));
        Assert.Equal(other, File.ReadAllText(Path.Combine(_pull.Cache.Repository("owner/model"), "refs", "refs", "pr", "1")));
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(Path.Combine(pulled.Path, "model.safetensors")));

        Assert.Equal(other, _pull.Pull($"owner/model@{other}").Origin.Commit);
        Assert.False(File.Exists(Path.Combine(_pull.Cache.Repository("owner/model"), "refs", other)));
    }

    [Fact]
    public void Shards_are_those_the_index_names()
    {
        Server.Serve("owner/sharded", "main",
            PullFixture.Text("config.json", "{}"),
            PullFixture.Text("model.safetensors.index.json", """{"weight_map": {"a": "model-2.safetensors", "b": "model-1.safetensors", "c": "model-2.safetensors"}}"""),
            new("model-1.safetensors", [1], Lfs: true), new("model-2.safetensors", [2], Lfs: true), new("model-3.safetensors", [3], Lfs: true),
            PullFixture.Text("pytorch_model.bin.index.json", "{}"));
        Assert.Equal(
            ["config.json", "model.safetensors.index.json", "model-1.safetensors", "model-2.safetensors"],
            _pull.Pull("owner/sharded").Files.Select(file => file.Name));
        Assert.Single(Server.For("model.safetensors.index.json"));
    }

    [Fact]
    public void Pickles_are_fetched_where_there_is_nothing_better()
    {
        Server.Serve("owner/old", "main", PullFixture.Text("config.json", "{}"), PullFixture.Text("merges.txt", ""), new("pytorch_model.bin", [1], Lfs: true));
        Assert.Equal(["config.json", "merges.txt", "pytorch_model.bin"], _pull.Pull("owner/old").Files.Select(file => file.Name));
    }

    [Fact]
    public void Of_GGUF_files_one_is_named_unless_there_is_only_one()
    {
        Server.Serve("owner/quants", "main", PullFixture.Text("config.json", "{}"), new("a.gguf", [1], Lfs: true), new("sub/b.gguf", [2], Lfs: true));
        Assert.Contains("Name one of them, as owner/quants/a.gguf: a.gguf, sub/b.gguf.", _pull.Refused("owner/quants").Remedy);
        var pulled = _pull.Pull("owner/quants/sub/b.gguf");
        Assert.Equal("sub/b.gguf", Assert.Single(pulled.Files).Name);
        Assert.EndsWith("/sub/b.gguf", pulled.Path);
        Assert.Equal([2], File.ReadAllBytes(pulled.Path));
        Assert.Equal($"../../../blobs/{pulled.Files[0].Hash.Hex}", new FileInfo(pulled.Path).LinkTarget);
        Assert.Contains("a.gguf, sub/b.gguf", _pull.Refused("owner/quants/c.gguf").Remedy);

        Server.Serve("owner/one", "main", PullFixture.Text("README.md", ""), new("only.gguf", [1], Lfs: true));
        Assert.EndsWith("/only.gguf", _pull.Pull("owner/one").Path);
    }

    [Fact]
    public void A_listing_without_hashes_is_completed_by_asking_for_each_file()
    {
        Server.Tells = false;
        _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot("model.safetensors")));
        var heads = Server.Requests.Where(request => request.Method == "HEAD").ToList();
        Assert.Equal(3, heads.Count);
        Assert.All(heads, request => Assert.False(request.AtStore));
    }

    [Fact]
    public void What_cannot_be_verified_is_not_fetched()
    {
        Server.Tells = false;
        Server.Instead = async (context, asked) =>
        {
            if (!asked.Path.EndsWith("config.json", StringComparison.Ordinal)) return false;
            context.Response.Headers.ETag = "\"made-up\"";
            await Task.CompletedTask;
            context.Response.ContentLength = 2;
            return true;
        };
        Assert.Contains("cannot be verified", _pull.Refused().Cause);
        Assert.Empty(Server.For("config.json"));
    }

    [Fact]
    public void Offline_nothing_is_asked_and_what_is_whole_in_the_cache_is_enough()
    {
        var online = _pull.Settings;
        _pull.Settings = online with { Offline = true };
        Assert.Contains("HF_HUB_OFFLINE", _pull.Refused().Cause);
        _pull.Settings = online;
        string path = _pull.Pull().Path;
        Server.Requests.Clear();
        _pull.Settings = online with { Offline = true };
        Assert.Equal(path, _pull.Pull().Path);
        Assert.Empty(Server.Requests);
        File.Delete(_pull.Blob("model.safetensors"));
        Assert.Contains("model.safetensors is missing", _pull.Refused().Cause);
    }

    [Fact]
    public void Damaged_and_missing_pieces_of_the_cache_are_fetched_again()
    {
        _pull.Pull();
        File.WriteAllBytes(_pull.Blob("model.safetensors"), [1, 2, 3]);
        File.Delete(_pull.InSnapshot("config.json"));
        File.CreateSymbolicLink(_pull.InSnapshot("config.json"), "../../blobs/gone");
        Assert.Equal(["model.safetensors"], _pull.Pull().Files.Where(file => file.Received > 0).Select(file => file.Name));
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot("model.safetensors")));
        Assert.Equal(PullFixture.Files[0].Contents, File.ReadAllBytes(_pull.InSnapshot("config.json")));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        _pull.Settings = _pull.Settings with { CacheFolder = Path.Combine(folder.Write("file", ""), "hub") };
        var refusal = Assert.Throws<InputException>(() => _pull.Pull());
        Assert.StartsWith("The hub's cache cannot be written", refusal.Cause);
        Assert.Contains("HF_HUB_CACHE", refusal.Remedy);
    }

    [Fact]
    public void More_than_the_disk_has_room_for_is_refused_before_anything_is_fetched()
    {
        Server.Edit = listing => listing["siblings"]!.AsArray().First(s => (string?)s!["rfilename"] == "model.safetensors")!["lfs"]!["size"] = 1L << 60;
        Assert.Contains("MB are needed. Nothing was fetched.", _pull.Refused().Cause);
        Assert.Single(Server.Requests);
    }
}
