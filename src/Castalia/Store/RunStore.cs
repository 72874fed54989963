using Castalia.Errors;

namespace Castalia.Store;

/// <summary>Complete runs, opened for reading: nothing in their folders is changed.</summary>
/// <remarks>
/// A verb over <c>[RUN …]</c> opens the store with the runs that were named, so that figures of others are never mixed in and a damaged folder
/// among others does not stop it: <c>using var store = RunStore.Open(folder, runs, cancellation);</c>.
/// </remarks>
public sealed partial class RunStore : IDisposable
{
    readonly Database _files = new();
    QueryDatabase? _queries;

    RunStore(string folder) => Folder = folder;

    /// <summary>The folder of runs, as it was named.</summary>
    public string Folder { get; }

    /// <summary>The runs, by name, which begins with the time.</summary>
    public IReadOnlyList<StoredRun> Runs { get; private set; } = [];

    /// <summary>Which of their models are counted.</summary>
    public CountedModels Counted { get; private set; } = CountedModels.Of([]);

    /// <summary>Opens every run in a folder; a folder without runs is an empty store.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">There is no such folder, or a run in it is incomplete or damaged.</exception>
    public static RunStore Open(string folder, CancellationToken cancellation = default) => Open(folder, [], cancellation);

    /// <summary>Opens the runs that were asked for, or all where none was.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="runs">Names of runs in the folder, or paths of runs anywhere; empty for all in the folder.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A folder or run is not there, or a run that is asked for is incomplete or damaged.</exception>
    public static RunStore Open(string folder, IReadOnlyList<string> runs, CancellationToken cancellation = default)
    {
        var paths = runs.Count == 0 ? RunListing.Folders(folder) : [.. runs.Select(run => RunNames.Path(run, folder)).Distinct(StringComparer.Ordinal)];
        var store = new RunStore(folder);
        try
        {
            var checkedRuns = paths.Select(path => RunListing.Check(path, store._files, cancellation)).ToList();
            foreach (var damaged in checkedRuns)
                if (damaged.Fault is { } fault) throw fault;
            store.Runs = ModelIdentity.Resolved([.. checkedRuns.Select(listed => listed.Run!).OrderBy(run => run.Name, StringComparer.Ordinal)]);
            store.Counted = CountedModels.Of(store.Runs);
            foreach (var (one, other) in store.Runs.Zip(store.Runs.Skip(1)))
                if (one.Name == other.Name) throw StoreErrors.TwoOfOneName(one.Name, one.Path, other.Path);
            StoreTables.Make(store._files, store.Runs, load: false, cancellation);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The opened runs that names or paths mean, in the order given; all where none is given.</summary>
    /// <exception cref="InputException">One is not among them; names those that come near.</exception>
    public IReadOnlyList<StoredRun> Select(IReadOnlyList<string> runs) => runs.Count == 0 ? Runs : [.. runs.Select(Find)];

    /// <summary>Runs one SELECT over the views; nothing is written and nothing outside the store is read.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public QueryResult Query(string sql, CancellationToken cancellation = default)
    {
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<object?[]>();
        Query(sql, found => columns = found, rows.Add, cancellation);
        return new(columns, rows);
    }

    /// <summary>Runs one SELECT and hands on its rows one by one, once it has ended.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="begin">Given the columns.</param>
    /// <param name="row">Given each row.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public void Query(string sql, Action<IReadOnlyList<QueryColumn>> begin, Action<object?[]> row, CancellationToken cancellation)
    {
        _queries ??= new(Runs, output: null, cancellation);
        _queries.Run(sql, begin, row, cancellation);
    }

    /// <summary>Runs one SELECT and writes its rows as Parquet.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="output">A file that is not there yet, in a folder that is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public void WriteParquet(string sql, string output, CancellationToken cancellation)
    {
        using var database = new QueryDatabase(Runs, output, cancellation);
        database.Write(sql, output, cancellation);
    }

    StoredRun Find(string run) =>
        Runs.FirstOrDefault(known => known.Name == run) ??
        Runs.FirstOrDefault(known => known.Path == Path.TrimEndingDirectorySeparator(Path.GetFullPath(run))) ??
        throw StoreErrors.NoSuchRun(run, Folder, RunNames.Near(run, [.. Runs.Select(known => known.Name)]));

    /// <inheritdoc/>
    public void Dispose()
    {
        _queries?.Dispose();
        _files.Dispose();
    }
}
