using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Castalia.Cli.Verbs;
using Castalia.Hub;
using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Sweeps;

/// <summary>Small checkpoints that differ in one weight, prompts of ids, and sweeps over them.</summary>
sealed class SweepFixture : IDisposable
{
    public static readonly string Llama = System.IO.Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");

    const int MostTimes = 3;

    /// <summary>Longer than anything here lasts on a machine that is busy; what a fault would have wait for ever ends then, and fails.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    readonly TemporaryFolder _folder = new();
    readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SweepFixture()
    {
        _patience.CancelAfter(s_patience);
        _folder.Write("p.jsonl", "{\"ids\": [1, 5, 9]}\n{\"ids\": [3, 2, 7, 11]}\n");
    }

    /// <summary>Cancelled with the test, and when patience ends.</summary>
    public CancellationToken Token => _patience.Token;

    /// <summary>All of it lies there.</summary>
    public string Path => _folder.Path;

    /// <summary>The folder of the sweep.</summary>
    public SweepFolder Sweep(string name = "sweep") => new(At(name));

    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes checkpoints m/step0, m/step1 and so on; of a number given twice, equal ones.</summary>
    public void Checkpoints(params IEnumerable<int> weights)
    {
        foreach (var (step, weight) in weights.Index())
        {
            string folder = At("m", FormattableString.Invariant($"step{step}"));
            Directory.CreateDirectory(folder);
            File.Copy(System.IO.Path.Combine(Llama, "config.json"), System.IO.Path.Combine(folder, "config.json"));
            File.WriteAllBytes(System.IO.Path.Combine(folder, "model.safetensors"), Weights(weight));
        }
    }

    /// <summary>The golden weights, but for one.</summary>
    public static byte[] Weights(int which)
    {
        byte[] bytes = File.ReadAllBytes(System.IO.Path.Combine(Llama, "model.safetensors"));
        int data = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(data + 4 * 5000), 0.001f * which);
        return bytes;
    }

    /// <summary>Writes a plan over them.</summary>
    public string Plan(string revisions = "present", string tasks = "  - verb: measure\n    prompts: P\n") => _folder.Write("plan.yaml",
        $"checkpoints:\n  - models: \"{At("m", "{revision}")}\"\n    revisions: {revisions}\ntasks:\n{tasks.Replace(" P\n", $" {At("p.jsonl")}\n", StringComparison.Ordinal)}");

    public SweepPlan Read(string plan) => SweepPlanReader.Read(plan, () => new HubCache(At("hub")));

    /// <summary>Options that compute; what is computed is told first. A cell that is computed again and again fails.</summary>
    public SweepOptions Options(Action<SweepCell>? computing = null) => Options(computing, new(StringComparer.Ordinal));

    SweepOptions Options(Action<SweepCell>? computing, ConcurrentDictionary<string, int> times) => new()
    {
        Compute = (cell, source, threads, cancellation) =>
        {
            computing?.Invoke(cell);
            if (times.AddOrUpdate(cell.Key, 1, (_, before) => before + 1) > MostTimes) throw new InvalidOperationException($"{cell.Label} is computed again and again.");
            return SweepWork.Compute(cell, source, threads, cancellation);
        },
        Audit = SweepWork.Audit,
        Fault = InputFault.Of,
        Hub = () => new HubSettings { Endpoint = new("http://127.0.0.1:9"), CacheFolder = At("hub"), Offline = true },
        Say = _ => { },
        Threads = 1,
    };

    /// <summary>SHA-256 of the readings of each run, by the run's name; fails where a folder is no whole run.</summary>
    public static SortedDictionary<string, string> Readings(SweepFolder folder)
    {
        var readings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string run in Directory.GetDirectories(folder.Runs))
        {
            string sha256 = Castalia.Checkpoints.Sha256.OfFile(System.IO.Path.Combine(run, "readings.parquet"), CancellationToken.None);
            if (sha256 != (string?)JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(run, "manifest.json")))!["readings_sha256"]) throw new InvalidOperationException($"{run} is damaged.");
            readings.Add(System.IO.Path.GetFileName(run), sha256);
        }
        return readings;
    }

    /// <summary>What lies in a sweep's folder that is neither result nor list.</summary>
    public static IEnumerable<string> Strays(SweepFolder folder) => Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(folder.Path, path)).Where(path => path.Split('/').Any(part => part.StartsWith('.'))
            || path.StartsWith("fetched", StringComparison.Ordinal) || path.StartsWith("sweep/claims/", StringComparison.Ordinal) || path.StartsWith("sweep/owners/", StringComparison.Ordinal));

    /// <summary>Many at once, each on a thread of its own: those of the pool are few, and others wait for them.</summary>
    public static void AtOnce(int count, Action<int> work)
    {
        Exception? fault = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                fault ??= e;
            }
        }) { IsBackground = true })];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) Assert.True(thread.Join(s_patience), "One of several at once does not end.");
        if (fault is not null) throw new InvalidOperationException("One of several at once failed.", fault);
    }

    /// <summary>Waits for a process's end; one that does not end is killed, and fails.</summary>
    public static void End(Process process)
    {
        if (process.WaitForExit(s_patience)) return;
        process.Kill(entireProcessTree: true);
        Assert.Fail("The command does not end.");
    }

    /// <summary>Its next line on standard error; null at the end.</summary>
    public string? Line(Process process) => process.StandardError.ReadLineAsync(Token).AsTask().GetAwaiter().GetResult();

    public static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }
}
