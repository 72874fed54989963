using Xunit;

namespace Castalia.Tests.Hub;

public sealed class InterruptedPullTests : IDisposable
{
    const string Name = "model.safetensors";

    readonly PullFixture _pull = new();

    HubServer Server => _pull.Server;

    public void Dispose() => _pull.Dispose();

    [Fact]
    public void A_connection_that_breaks_is_taken_up_where_it_broke()
    {
        int[] breaks = [1_000_000, 1_000_001, 2_500_000];
        int broken = 0;
        AtStore(async (context, asked) =>
        {
            if (broken == breaks.Length) return false;
            await HubServer.Break(context, PullFixture.Weights, HubServer.From(asked), breaks[broken++]);
            return true;
        });
        var pulled = _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
        Assert.Equal(4, Server.For(Name).Count(request => request.AtStore));
        Assert.All(Server.For(Name).Where(request => request.AtStore).Skip(1), request => Assert.StartsWith("bytes=", request.Range));
        Assert.Equal(PullFixture.Weights.Length, pulled.Files.Single(file => file.Name == Name).Received);
        Assert.Equal(3, _pull.Said.Count);
        Assert.Contains("Attempt 2 of 6", _pull.Said[0]);
        Assert.False(File.Exists(_pull.Part(Name)));
    }

    [Fact]
    public void A_pull_that_gives_up_leaves_its_part_and_the_next_one_goes_on_from_there()
    {
        bool healthy = false;
        AtStore(async (context, asked) =>
        {
            if (healthy) return false;
            if (HubServer.From(asked) == 0) await HubServer.Break(context, PullFixture.Weights, 0, 1_234_567);
            else context.Abort();
            return true;
        });
        var refusal = _pull.Refused();
        Assert.StartsWith("The connection broke", refusal.Cause);
        Assert.Contains("goes on from there", refusal.Remedy);
        Assert.Equal(1_234_567, new FileInfo(_pull.Part(Name)).Length);
        Assert.False(File.Exists(_pull.InSnapshot(Name)));
        Assert.Null(_pull.Cache.Commit("owner/model", "main"));

        healthy = true;
        Server.Requests.Clear();
        var pulled = _pull.Pull();
        Assert.All(Server.For(Name), request => Assert.Equal("bytes=1234567-", request.Range));
        Assert.Equal(PullFixture.Weights.Length - 1_234_567, pulled.Files.Single(file => file.Name == Name).Received);
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
    }

    [Fact]
    public void A_part_that_is_whole_is_verified_without_asking()
    {
        Left(PullFixture.Weights);
        _pull.Pull();
        Assert.Empty(Server.For(Name));
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
    }

    [Fact]
    public void A_part_of_something_else_is_found_out_and_fetched_anew()
    {
        Left(new byte[1_000_000]);
        _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
        Assert.Contains("not of this file", Assert.Single(_pull.Said));
        Assert.Equal(["bytes=1000000-", null], Server.For(Name).Where(request => request.AtStore).Select(request => request.Range));
        Assert.All(_pull.Progress, p => Assert.InRange(p.Bytes, 0, p.TotalBytes));
    }

    [Fact]
    public void A_part_longer_than_the_file_is_dropped()
    {
        Left([.. PullFixture.Weights, 0]);
        _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
    }

    [Fact]
    public void A_server_that_ignores_the_range_sends_all_of_it_and_no_byte_is_doubled()
    {
        Left(PullFixture.Weights[..1_000_000]);
        AtStore(async (context, _) =>
        {
            await context.Response.Body.WriteAsync(PullFixture.Weights);
            return true;
        });
        var pulled = _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
        Assert.Equal(PullFixture.Weights.Length, pulled.Files.Single(file => file.Name == Name).Received);
    }

    [Theory]
    [InlineData(416)]
    [InlineData(206)]
    public void A_server_that_has_no_such_range_or_sends_another_is_asked_for_all_of_it(int status)
    {
        Left(PullFixture.Weights[..1_000_000]);
        AtStore(async (context, asked) =>
        {
            if (asked.Range is null) return false;
            context.Response.StatusCode = status;
            if (status == 206)
            {
                context.Response.Headers.ContentRange = $"bytes 999999-2999999/3000000";
                await context.Response.Body.WriteAsync(PullFixture.Weights.AsMemory(999_999));
            }
            return true;
        });
        _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
        Assert.Contains("another part", Assert.Single(_pull.Said));
    }

    [Fact]
    public void A_server_that_falls_silent_is_asked_again()
    {
        _pull.Settings = _pull.Settings with { Patience = TimeSpan.FromSeconds(1) };
        bool silent = true;
        AtStore(async (context, _) =>
        {
            if (!silent) return false;
            silent = false;
            context.Response.ContentLength = PullFixture.Weights.Length;
            await context.Response.Body.WriteAsync(PullFixture.Weights.AsMemory(0, 500_000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
        Assert.Contains(_pull.Said, said => said.StartsWith("The server sent nothing for 1 s.", StringComparison.Ordinal));
        Assert.Contains(Server.For(Name), request => request.Range is not null);
    }

    [Fact]
    public void A_body_without_a_length_that_ends_early_is_not_taken_for_the_file()
    {
        int times = 0;
        AtStore(async (context, _) =>
        {
            if (times++ > 0) return false;
            await context.Response.Body.WriteAsync(PullFixture.Weights.AsMemory(0, 700_000)); // chunked, and ended in good order
            return true;
        });
        _pull.Pull();
        Assert.Equal(PullFixture.Weights, File.ReadAllBytes(_pull.InSnapshot(Name)));
        Assert.Contains("ended model.safetensors after 700000 of 3000000 bytes", Assert.Single(_pull.Said));
    }

    [Fact]
    public void Contents_with_the_wrong_hash_are_thrown_away()
    {
        byte[] other = [.. PullFixture.Weights];
        other[2_999_999] ^= 1;
        AtStore(async (context, _) =>
        {
            await context.Response.Body.WriteAsync(other);
            return true;
        });
        var refusal = _pull.Refused();
        string expected = PullFixture.Files.First(file => file.Name == Name).Hash, found = new ServedFile("", other, Lfs: true).Hash;
        Assert.Equal($"{Name} of owner/model is not what the hub says it is: SHA-256 {found}, expected {expected}. It was thrown away.", refusal.Cause);
        Assert.Equal(0, new FileInfo(_pull.Part(Name)).Length);
        Assert.False(File.Exists(_pull.Blob(Name)));
        Assert.Null(_pull.Cache.Commit("owner/model", "main"));
    }

    [Fact]
    public void A_small_file_is_held_to_gits_own_hash()
    {
        Server.Instead = async (context, asked) =>
        {
            if (!asked.Path.EndsWith("config.json", StringComparison.Ordinal)) return false;
            await context.Response.Body.WriteAsync("{\"model_type\": \"lLama\"}"u8.ToArray());
            return true;
        };
        Assert.Contains("git SHA-1", _pull.Refused().Cause);
    }

    [Fact]
    public void Contents_longer_than_listed_are_thrown_away()
    {
        AtStore(async (context, _) =>
        {
            await context.Response.Body.WriteAsync(PullFixture.Weights);
            await context.Response.Body.WriteAsync(new byte[1]);
            return true;
        });
        Assert.Contains("more of model.safetensors than the 3000000 bytes", _pull.Refused().Cause);
        Assert.False(File.Exists(_pull.Blob(Name)));
    }

    [Fact]
    public void A_cancelled_pull_leaves_its_part()
    {
        using var cancellation = new CancellationTokenSource();
        AtStore(async (context, _) =>
        {
            context.Response.ContentLength = PullFixture.Weights.Length;
            await context.Response.Body.WriteAsync(PullFixture.Weights.AsMemory(0, 800_000));
            await context.Response.Body.FlushAsync();
            while (!File.Exists(_pull.Part(Name)) || new FileInfo(_pull.Part(Name)).Length < 800_000) await Task.Delay(10);
            await cancellation.CancelAsync();
            return true;
        });
        Assert.ThrowsAny<OperationCanceledException>(() => _pull.PullUntil(cancellation.Token));
        Assert.Equal(PullFixture.Weights[..800_000], File.ReadAllBytes(_pull.Part(Name)));
        Server.Instead = (_, _) => Task.FromResult(false);
        Assert.Equal(2_200_000, _pull.Pull().Files.Single(file => file.Name == Name).Received);
    }

    [Fact]
    public async Task Two_pulls_at_once_fetch_each_file_once()
    {
        var (first, second) = (Task.Run(() => _pull.Pull(), TestContext.Current.CancellationToken), Task.Run(() => _pull.Pull(), TestContext.Current.CancellationToken));
        Assert.Equal((await first).Path, (await second).Path);
        Assert.Single(Server.For(Name), request => request.AtStore);
        _pull.AssertSound();
    }

    [Fact]
    public async Task A_file_that_another_program_is_fetching_is_waited_for()
    {
        string path = _pull.Cache.Lock("owner/model", new(PullFixture.Files.First(file => file.Name == Name).Hash));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Task<Castalia.Hub.Pulled> pull;
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            pull = Task.Run(() => _pull.Pull(), TestContext.Current.CancellationToken);
            while (!pull.IsCompleted && _pull.Said.Count == 0) await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.Equal($"{Name}: another program is fetching it; waiting.", Assert.Single(_pull.Said));
            Assert.Empty(Server.For(Name));
        }
        Assert.Equal(PullFixture.Weights.Length, (await pull).Files.Single(file => file.Name == Name).Received);
    }

    /// <summary>A part that another pull has left.</summary>
    void Left(byte[] part)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_pull.Part(Name))!);
        File.WriteAllBytes(_pull.Part(Name), part);
    }

    void AtStore(Func<Microsoft.AspNetCore.Http.HttpContext, Asked, Task<bool>> instead) =>
        Server.Instead = (context, asked) => asked.AtStore ? instead(context, asked) : Task.FromResult(false);
}
