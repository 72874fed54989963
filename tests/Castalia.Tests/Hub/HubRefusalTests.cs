using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Hub;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Castalia.Tests.Hub;

public sealed class HubRefusalTests : IDisposable
{
    readonly PullFixture _pull = new();

    HubServer Server => _pull.Server;

    public void Dispose() => _pull.Dispose();

    [Theory]
    [InlineData(401, "GatedRepo", true, "owner/model is gated: its owner lets in whom they choose, and this token's account is not among them.")]
    [InlineData(401, "GatedRepo", false, "owner/model is gated: its owner lets in whom they choose, and no token was sent.")]
    [InlineData(403, "GatedRepo", true, "owner/model is gated: its owner lets in whom they choose, and this token's account is not among them.")]
    [InlineData(401, "RepoNotFound", false, "owner/model does not exist, or is private (401).")]
    [InlineData(401, null, true, "The hub does not take this token, or owner/model does not exist or is private to others (401).")]
    [InlineData(403, null, true, "The hub forbids to read owner/model (403: no�such luck).")]
    [InlineData(404, "RepoNotFound", true, "The hub has no model 'owner/model' (404).")]
    [InlineData(404, null, false, "The hub has no model 'owner/model', or it is private (404).")]
    [InlineData(404, "RevisionNotFound", false, "owner/model has no revision 'main' (404).")]
    [InlineData(418, null, false, "The server answers 418: no�such luck, which means nothing here.")]
    public void What_the_hub_refuses_is_told_with_its_cause_and_not_tried_again(int status, string? code, bool token, string cause)
    {
        if (!token) _pull.Settings = _pull.Settings with { Token = null };
        Server.Instead = async (context, _) =>
        {
            await HubServer.Refuse(context, status, code, "no\tsuch luck");
            return true;
        };
        var refusal = _pull.Refused();
        Assert.Equal(cause, refusal.Cause);
        Assert.Equal($"{Server.Endpoint}/api/models/owner/model/revision/main", refusal.Place);
        Assert.Equal(token ? $"Bearer {PullFixture.Token}" : null, Assert.Single(Server.Requests).Authorization);
        if (code == "GatedRepo") Assert.Contains($"{Server.Endpoint}/owner/model", refusal.Remedy);
        if (status is 401 or 403) Assert.Contains("HF_TOKEN", refusal.Remedy);
        Assert.False(Directory.Exists(_pull.Cache.Folder));
    }

    [Fact]
    public void A_gated_model_lists_its_files_to_everyone_and_refuses_them()
    {
        Instead("config.json", context => HubServer.Refuse(context, 403, "GatedRepo", "Access restricted"));
        Assert.Contains("Ask for access on", _pull.Refused().Remedy);
        Instead("config.json", context => HubServer.Refuse(context, 404, "EntryNotFound"));
        Assert.Equal("owner/model has no file 'config.json' (404).", _pull.Refused().Cause);
    }

    [Fact]
    public void A_limit_is_waited_for_as_long_as_the_server_asks_and_said_aloud()
    {
        int times = 0;
        Server.Instead = async (context, asked) =>
        {
            if (!asked.Path.StartsWith("/api", StringComparison.Ordinal) || times == 3) return false;
            if (times == 0) context.Response.Headers.RetryAfter = "1";
            if (times == 1) context.Response.Headers["RateLimit"] = "\"api\";r=0;t=1";
            if (times == 2) context.Response.Headers.RetryAfter = DateTimeOffset.UtcNow.AddSeconds(-5).ToString("R");
            times++;
            await HubServer.Refuse(context, 429);
            return true;
        };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        _pull.Pull();
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1.9), "it waited");
        const string Limited = "The hub limits how often it is asked (429). Attempt";
        Assert.Equal([$"{Limited} 2 of 6 in 1 s.", $"{Limited} 3 of 6 in 1 s.", $"{Limited} 4 of 6 in 0 s."], _pull.Said);
    }

    [Theory]
    [InlineData(429, "The hub limits how often it is asked (429).")]
    [InlineData(503, "The server has a fault (503).")]
    [InlineData(408, "The server has a fault (408).")]
    public void A_fault_that_does_not_pass_is_given_up_after_six_attempts(int status, string cause)
    {
        Server.Instead = async (context, _) =>
        {
            await HubServer.Refuse(context, status);
            return true;
        };
        Assert.Equal(cause, _pull.Refused().Cause);
        Assert.Equal(6, Server.Requests.Count);
        Assert.Equal(5, _pull.Said.Count);
    }

    [Fact]
    public void A_server_that_asks_for_an_hour_is_not_waited_for()
    {
        Server.Instead = async (context, _) =>
        {
            context.Response.Headers.RetryAfter = "3600";
            await HubServer.Refuse(context, 429);
            return true;
        };
        Assert.EndsWith("It asks to wait 3600 s, longer than a pull waits.", _pull.Refused().Cause);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public void A_signature_that_has_run_out_is_renewed_by_the_hub()
    {
        int times = 0;
        Server.Instead = async (context, asked) =>
        {
            if (!asked.AtStore || times++ > 0) return false;
            await HubServer.Refuse(context, 403);
            return true;
        };
        _pull.Pull();
        Assert.Equal(2, Server.For("model.safetensors").Count(request => !request.AtStore));
        Assert.Contains("The store to which the hub sends for the file refuses it (403).", Assert.Single(_pull.Said));
    }

    [Fact]
    public void A_hub_that_is_not_there_is_not_tried_again()
    {
        _pull.Server.Dispose();
        var refusal = Assert.Throws<InputException>(() => _pull.Pull());
        Assert.StartsWith("The hub cannot be reached: Connection refused", refusal.Cause);
        Assert.Contains("HF_ENDPOINT", refusal.Remedy);
        Assert.Empty(_pull.Said);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "leads to 'file:///etc/passwd'")]
    [InlineData(null, "names no target")]
    public void A_redirect_to_no_server_is_not_followed(string? target, string what)
    {
        Instead("config.json", context =>
        {
            context.Response.StatusCode = 302;
            if (target is not null) context.Response.Headers.Location = target;
            return Task.CompletedTask;
        });
        Assert.Equal($"The server's redirect {what}, which is not followed.", _pull.Refused().Cause);
    }

    [Fact]
    public void Redirects_without_end_are_not_followed()
    {
        Instead("config.json", context =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.CompletedTask;
        });
        Assert.Equal("More than 10 redirects, one after the other.", _pull.Refused().Cause);
        Assert.Equal(11, Server.For("config.json").Count());
    }

    [Theory]
    [InlineData("../../../../evil.gguf", "leaves its folder")]
    [InlineData("/etc/evil.gguf", "begins at the root of the disk")]
    [InlineData("a/./evil.gguf", "leaves its folder")]
    [InlineData("a//evil.gguf", "leaves its folder")]
    [InlineData(@"..\evil.gguf", "has a backslash in it")]
    [InlineData("C:evil.gguf", "has a colon in it")]
    [InlineData("evil\u001b[2J.gguf", "has a control character in it")]
    public void A_name_that_leaves_the_folder_is_refused_and_nothing_is_written(string name, string why)
    {
        Server.Serve("owner/evil", "main", new ServedFile(name, [1], Lfs: true));
        var refusal = _pull.Refused("owner/evil");
        Assert.Contains(why, refusal.Cause);
        Assert.DoesNotContain('\u001b', refusal.Message);
        Assert.Single(Server.Requests);
        Assert.False(Directory.Exists(_pull.Cache.Folder));
    }

    [Theory]
    [InlineData("../../../evil.safetensors")]
    [InlineData("sub/evil.safetensors")]
    [InlineData("..")]
    public void A_shard_that_leaves_the_folder_is_refused(string shard)
    {
        var index = new JsonObject { ["weight_map"] = new JsonObject { ["a"] = shard } };
        Server.Serve("owner/evil", "main", PullFixture.Text("config.json", "{}"), new ServedFile(shard, [1], Lfs: true),
            PullFixture.Text("model.safetensors.index.json", index.ToJsonString()));
        Assert.Contains("which is not a plain file name", _pull.Refused("owner/evil").Cause);
        Assert.DoesNotContain(Server.Requests, request => request.AtStore);
    }

    [Fact]
    public void A_shard_that_the_repository_does_not_hold_is_told()
    {
        Server.Serve("owner/half", "main", PullFixture.Text("config.json", "{}"),
            PullFixture.Text("pytorch_model.bin.index.json", """{"weight_map": {"a": "pytorch_model-00001-of-00002.bin"}}"""));
        Assert.Contains("'pytorch_model-00001-of-00002.bin' that the repository does not hold", _pull.Refused("owner/half").Cause);
    }

    [Theory]
    [InlineData("../../../evil")]
    [InlineData("main")]
    [InlineData("")]
    public void A_commit_that_is_no_hash_is_refused(string commit)
    {
        Server.Edit = listing => listing["sha"] = commit;
        Assert.Contains("not a commit", _pull.Refused().Cause);
        Assert.False(Directory.Exists(_pull.Cache.Folder));
    }

    [Fact]
    public void A_hash_that_is_none_never_becomes_a_files_name()
    {
        Server.Edit = listing => listing["siblings"]!.AsArray().First(s => (string?)s!["rfilename"] == "model.safetensors")!["lfs"]!["sha256"] = "../../../evil";
        _pull.Pull(); // by the hash the file's own answer gives
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot("model.safetensors")));
        Assert.Contains(Server.Requests, request => request.Method == "HEAD");
    }

    [Theory]
    [InlineData("<html>Log in to this network</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"sha": 1, "siblings": []}""")]
    [InlineData("""{"sha": "0123456789012345678901234567890123456789", "siblings": [{"size": 1}]}""")]
    [InlineData("""{"sha": "0123456789012345678901234567890123456789", "siblings": [{"rfilename": "config.json", "size": 1e99}]}""")]
    public void A_listing_that_is_none_is_refused(string answer)
    {
        Server.Instead = async (context, _) =>
        {
            await context.Response.WriteAsync(answer);
            return true;
        };
        Assert.StartsWith("The hub's list of files cannot be understood:", _pull.Refused().Cause);
    }

    [Theory]
    [InlineData("README.md", "holds no weights that can be read")]
    [InlineData("model.safetensors", "has weights but no config.json")]
    public void A_repository_that_is_no_model_is_told(string only, string what)
    {
        Server.Serve("owner/other", "main", new ServedFile(only, [1]));
        Assert.Contains(what, _pull.Refused("owner/other").Cause);
    }

    void Instead(string file, Func<HttpContext, Task> answer) => Server.Instead = async (context, asked) =>
    {
        if (!asked.Path.EndsWith($"/{file}", StringComparison.Ordinal)) return false;
        await answer(context);
        return true;
    };
}
