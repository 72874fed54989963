using System.Diagnostics;
using System.Globalization;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Hypotheses;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Benchmarks;

/// <summary>Where the time of verbs over many stored runs goes, phase by phase, in one process.</summary>
static class StorePhases
{
    /// <param name="folder">The runs.</param>
    /// <param name="cache">Where runs that were found whole are kept.</param>
    /// <param name="cancellation">Stops between phases.</param>
    public static void Print(string folder, string cache, CancellationToken cancellation)
    {
        Console.WriteLine("| phase | s | of processor s |\n| --- | ---: | ---: |");
        var paths = Time("listing", () => RunListing.Folders(folder));
        using (var database = Time("database opened", () => new Database()))
        {
            var some = paths.Take(200).ToList();
            var runs = Time($"manifests of {some.Count}", () => some.Select(ManifestReader.Read).ToList());
            Time("hashes of those", () => runs.SelectMany(run => run.Files.Select(file => Sha256.OfFile(Path.Combine(run.Path, file), cancellation))).ToList());
            Time("fields of those", () => runs.Select(run => StoreTables.Models([run], CardSet.Shipped)).ToList());
            Time("columns of those", () => runs.Select(run => run.Tables.Keys.Select(table => RunCheck.CheckColumns(run, table, database, cancellation)).ToList()).ToList());
            Time("all checks of those", () => runs.Select(run => RunCheck.Verify(run, database, cancellation)).ToList());
        }
        var known = new CheckedRuns(cache);
        Time("identities, first or again", () => RunListing.Of(folder, known, anew: false, cancellation));
        var kept = Time("what is kept, read", () => known.Of(Path.GetFullPath(folder)));
        Time("identities held against the files", () => paths.Select(path => kept.Find(path)).ToList());
        using var store = Time("store opened", () => RunStore.Open(folder, [], CardSet.Shipped, known, cancellation));
        Time("models", store.Models);
        Time("gains read", () => store.Gains(cancellation));
        using (var database = new Database())
            foreach (var table in RunTables.All)
                Time($"table {table.Name}", () => { database.Execute($"CREATE TABLE {table.Name} AS {TableRows.Of(table, store.Runs)}", cancellation); return true; });
        var hypotheses = Time("hypotheses read", HypothesisFiles.BuiltIn);
        using (var queries = Time("all tables", () => new QueryDatabase(database => StoreTables.Make(database, store.Runs, CardSet.Shipped, cancellation), null, cancellation))) { }
        using (var queries = Time("all tables without runs", () => new QueryDatabase(database => StoreTables.Make(database, [], CardSet.Shipped, cancellation), null, cancellation))) { }
        var source = Time("evidence", () => new StoredEvidence(store));
        Time("first query", () => source.Query("q", "SELECT count(*) AS n FROM runs", cancellation));
        Time("queries bound", () => { Binding.Check(hypotheses, source, cancellation); return true; });
        using (var planner = new QueryPlanner(StoreTables.Models(store.Runs, CardSet.Shipped).Columns, cancellation))
        {
            var needs = hypotheses.SelectMany(h => h.Evidence.Concat(h.Each?.Evidence.Select(query => query.Query) ?? [])).Select(query => planner.Needs(query.Sql.TrimEnd().TrimEnd(';'), cancellation)).Aggregate(QueryNeeds.Nothing, (all, one) => all.And(one));
            Console.WriteLine($"{needs.IsEverything} {string.Join("; ", RunTables.All.Select(t => $"{t.Name} {needs.Of(t.Name)?.Columns.Count} of {t.Columns.Count} {needs.Of(t.Name)?.IsOfLastBlocks}"))}");
        }
        foreach (var h in hypotheses) Time(h.Id, () => HypothesisEvaluation.Of(h, source, cancellation));

        static T Time<T>(string phase, Func<T> work)
        {
            long begin = Stopwatch.GetTimestamp();
            var used = Environment.CpuUsage.TotalTime;
            var result = work();
            var ofProcessor = Environment.CpuUsage.TotalTime - used;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {phase} | {Stopwatch.GetElapsedTime(begin).TotalSeconds:F3} | {ofProcessor.TotalSeconds:F3} |"));
            return result;
        }
    }
}
