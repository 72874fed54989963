using System.Diagnostics;
using System.Globalization;
using Castalia.Benchmarks.Models;
using Castalia.Store;

namespace Castalia.Benchmarks;

/// <summary>Verbs over many stored runs, as commands, beside the database's own reading of the same files.</summary>
static class StoreTimes
{
    const int Rounds = 3;

    /// <param name="cli">The command.</param>
    /// <param name="runs">A folder of runs, which are copied in turn under other names.</param>
    /// <param name="counts">How many runs.</param>
    /// <param name="cancellation">Stops between commands.</param>
    public static void Print(string cli, string runs, IReadOnlyList<int> counts, CancellationToken cancellation)
    {
        string scratch = Directory.CreateTempSubdirectory("castalia-store-").FullName;
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.Combine(scratch, "cache"));
        try
        {
            Console.WriteLine("| runs | | first s | then s |\n| ---: | --- | ---: | ---: |");
            foreach (int count in counts) Print(cli, Copies(runs, Path.Combine(scratch, $"{count}"), count), count, cancellation);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    static void Print(string cli, string folder, int count, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(3)); // files that were written just now are not kept
        foreach (string verb in new[] { "runs", "gains", "bentov", "hypotheses" })
            Row($"castalia {verb}", () => Child.Run(cli, [verb, "--runs", folder], cancellation).Seconds);
        string[] files = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(run => Path.Combine(run, "readings.parquet"))];
        Row("DuckDB: count(*)", () => Read($"SELECT count(*) FROM {Database.Parquet(files)}"));
        Row("DuckDB: avg(gain), last block", () => Read($"SELECT avg(gain) FROM {Database.Parquet(files)} WHERE position_rule = 'last' AND layer = n_layers - 1"));

        void Row(string name, Func<double> seconds)
        {
            double first = seconds();
            double[] then = [.. Enumerable.Range(0, Rounds).Select(_ => seconds()).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {count} | {name} | {first:F2} | {then[Rounds / 2]:F2} |"));
        }

        double Read(string sql)
        {
            long begin = Stopwatch.GetTimestamp();
            using var database = new Database();
            database.Each(sql, _ => { }, cancellation);
            return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
    }

    static string Copies(string runs, string folder, int count)
    {
        string[] originals = [.. Directory.GetDirectories(runs).Order(StringComparer.Ordinal)];
        for (int i = 0; i < count; i++)
        {
            string original = originals[i % originals.Length], copy = Directory.CreateDirectory(Path.Combine(folder, $"{i:D5}-{Path.GetFileName(original)}")).FullName;
            foreach (string file in Directory.GetFiles(original)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
        return folder;
    }
}
