using System.Security.Cryptography;
using System.Text;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Store;

public sealed class CheckedRunsTests : IDisposable
{
    readonly TemporaryFolder _folder = new(), _cache = new();

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    CheckedRuns Known => new(_cache.Path, new StoredRuns.Later());

    string KeptFile => Assert.Single(Directory.GetFiles(_cache.Path));

    string[] Listed(CheckedRuns? known, bool anew = false) => [.. RunListing.Of(_folder.Path, known, anew, TestContext.Current.CancellationToken).Select(run => $"{run.Name} {run.State} {run.Fault?.Cause}")];

    RunStore Open(CheckedRuns? known) => RunStore.Open(_folder.Path, [], Castalia.Cards.CardSet.Shipped, known, TestContext.Current.CancellationToken);

    bool IsKnown(string run) => Known.Of(_folder.Path).Find(run) is not null;

    /// <summary>The judge is the store that knows nothing.</summary>
    [Fact]
    public void A_known_run_says_what_its_manifest_and_readings_say()
    {
        for (int i = 0; i < 3; i++) StoredRuns.Write(_folder.Path);
        Listed(Known);
        Assert.All(Directory.GetDirectories(_folder.Path), run => Assert.True(IsKnown(run)));
        using RunStore judge = Open(null), known = Open(Known);
        Assert.Equal(judge.Runs.Select(Told), known.Runs.Select(Told));
        foreach (string view in new[] { "runs", "models", "prompts", "readings", "gains", "positions", "blocks" })
            Assert.Equal(Rows(judge, view), Rows(known, view));
        Assert.Equal(judge.Gains(TestContext.Current.CancellationToken), known.Gains(TestContext.Current.CancellationToken));
        Assert.Equal(judge.Positions(TestContext.Current.CancellationToken), known.Positions(TestContext.Current.CancellationToken));
        Assert.Equal(judge.Blocks(TestContext.Current.CancellationToken), known.Blocks(TestContext.Current.CancellationToken));

        static string Told(StoredRun run) => KeptJsonOf(run);
        static List<string> Rows(RunStore store, string view) =>
            [.. store.Query($"SELECT * FROM {view}", TestContext.Current.CancellationToken).Rows.Select(row => string.Join('|', row.Select(value => value is System.Collections.IEnumerable and not string ? "list" : $"{value:R}")))];
    }

    /// <summary>Every member, so that one that is not kept is missed.</summary>
    static string KeptJsonOf(StoredRun run)
    {
        var text = new StringBuilder();
        foreach (var member in typeof(StoredRun).GetProperties().Where(member => member.CanWrite && member.Name is not (nameof(StoredRun.Models) or nameof(StoredRun.Tables)))) text.Append($"{member.Name}={Value(member.GetValue(run))};");
        foreach (var (table, sha256) in run.Tables) text.Append($"{table.Name}={sha256};");
        foreach (var model in run.Models)
        {
            foreach (var member in typeof(StoredModel).GetProperties().Where(member => member.CanWrite && member.Name is not (nameof(StoredModel.Architecture) or nameof(StoredModel.Prompts)))) text.Append($"{member.Name}={Value(member.GetValue(model))};");
            text.Append(model.Architecture.ToJsonString());
            foreach (var prompt in model.Prompts) text.Append($"{prompt.Name}|{prompt.Category}|{prompt.Text}|{string.Join(' ', prompt.Ids)};");
        }
        return text.ToString();

        static string Value(object? value) => value is IEnumerable<string> list ? string.Join(',', list) : $"{value}";
    }

    [Theory]
    [InlineData("readings.parquet")]
    [InlineData("summary.json")]
    [InlineData("manifest.json")]
    public void A_file_that_changed_since_is_found_also_under_its_old_date(string file)
    {
        string whole = StoredRuns.Write(_folder.Path), changed = StoredRuns.Write(_folder.Path);
        Listed(Known);
        StoredRuns.Change(changed, file);
        Assert.Equal(Listed(null), Listed(Known));
        Assert.Contains("damaged", string.Join('\n', Listed(Known)));
        Assert.Equal((true, false), (IsKnown(whole), IsKnown(changed)));
        File.Delete(Path.Combine(whole, file));
        Assert.Equal(Listed(null), Listed(Known));
    }

    [Fact]
    public void A_file_that_has_not_rested_is_not_kept()
    {
        string run = StoredRuns.Write(_folder.Path);
        Listed(new(_cache.Path));
        Assert.False(IsKnown(run));
    }

    [Fact]
    public void A_cache_that_is_damaged_of_another_folder_or_build_or_gone_is_passed_over()
    {
        string run = StoredRuns.Write(_folder.Path);
        string[] judge = Listed(null);
        Listed(Known);
        byte[] kept = File.ReadAllBytes(KeptFile);
        string text = Encoding.UTF8.GetString(kept)[65..];
        foreach (byte[] other in new byte[][]
        {
            [], kept[..40], kept[..^9], [.. kept[..300], (byte)(kept[300] ^ 1), .. kept[301..]], Stamped("{}"), Stamped("null"), Stamped("[]"), "no JSON"u8.ToArray(),
            Stamped(text.Replace("castalia checked runs 1", "castalia checked runs 0", StringComparison.Ordinal)),
            Stamped(text.Replace($"\"folder\":\"{_folder.Path}\"", "\"folder\":\"/elsewhere\"", StringComparison.Ordinal)),
            Stamped(text.Replace("\"description\":0", "\"description\":7", StringComparison.Ordinal)),
            Stamped(text.Replace("\"name\":\"readings\"", "\"name\":\"other\"", StringComparison.Ordinal)),
        })
        {
            File.WriteAllBytes(KeptFile, other);
            Assert.False(IsKnown(run));
            Assert.Equal(judge, Listed(Known));
            Assert.True(IsKnown(run));
        }
        Directory.Delete(_cache.Path, recursive: true);
        Assert.Equal(judge, Listed(Known));
        Assert.True(IsKnown(run));

        static byte[] Stamped(string json) => Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))) + "\n" + json);
    }

    [Fact]
    public void Asked_to_verify_it_reads_every_file_again()
    {
        string run = StoredRuns.Write(_folder.Path);
        Listed(Known);
        var kept = Known.Of(_folder.Path);
        StoredRuns.Change(run, "readings.parquet");
        // As if the system told nothing of the change.
        kept.Keep(run, RunIdentity.Of(run, DateTime.UtcNow.AddHours(1)), new(Path.GetFileName(run), run, kept.Find(run) ?? RunStoreOf(run), null));
        kept.Write([run]);
        Assert.Contains("complete", Assert.Single(Listed(Known)));
        Assert.Contains("damaged", Assert.Single(Listed(Known, anew: true)));
        Assert.Contains("damaged", Assert.Single(Listed(Known)));

        static StoredRun RunStoreOf(string run) => ManifestReader.Read(run) with { Lacking = new Dictionary<Castalia.Runs.RunTable, IReadOnlyList<string>> { [Castalia.Runs.RunTables.Readings] = [] } };
    }

    [Fact]
    public void A_run_that_is_gone_is_forgotten_and_one_that_is_named_leaves_the_others()
    {
        string one = StoredRuns.Write(_folder.Path), other = StoredRuns.Write(_folder.Path);
        Listed(Known);
        RunStore.Open(_folder.Path, [one], Castalia.Cards.CardSet.Shipped, Known, TestContext.Current.CancellationToken).Dispose();
        Assert.True(IsKnown(other));
        Directory.Delete(one, recursive: true);
        Listed(Known);
        Assert.DoesNotContain($"\"name\":\"{Path.GetFileName(one)}\"", File.ReadAllText(KeptFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_leave_one_whole_cache()
    {
        string run = StoredRuns.Write(_folder.Path);
        string[] judge = Listed(null);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Listed(Known, anew: true), TestContext.Current.CancellationToken)));
        Assert.All(all, listed => Assert.Equal(judge, listed));
        Assert.Equal(judge, Listed(Known));
        Assert.True(IsKnown(run));
        Assert.Single(Directory.GetFileSystemEntries(_cache.Path));
    }
}
