using Castalia.Cards;
using Castalia.Errors;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>Complete runs, opened for reading: nothing in their folders is changed.</summary>
/// <remarks>
/// A verb over <c>[RUN …]</c> opens the store with the runs that were named, so that figures of others are never mixed in and a damaged folder
/// among others does not stop it: <c>using var store = RunStore.Open(folder, runs, cancellation);</c>.
/// </remarks>
sealed partial class RunStore : IDisposable
{
    // How often what is read may grow before all is read.
    const int MostReadings = 3;

    // Of two, one computes while the other queries; each is one thread's.
    const int Seats = 2;

    readonly Lock _loading = new(), _planning = new();
    readonly Dictionary<string, QueryNeeds> _needs = new(StringComparer.Ordinal);
    readonly Dictionary<string, IReadOnlyList<QueryColumn>> _columns = new(StringComparer.Ordinal);
    readonly Lazy<(IReadOnlyList<ViewColumn> Columns, IReadOnlyList<ModelRow> Rows)> _models;
    GatheredRuns? _gathered;
    LoadedTables? _loaded;
    QueryPlanner? _planner;
    QueryNeeds _expected = QueryNeeds.Nothing;
    int _readings;

    RunStore(string folder, CardSet cards)
    {
        (Folder, Cards) = (folder, cards);
        _models = new(() => StoreTables.Models(Runs, Cards));
    }

    /// <summary>How often runs were read for queries.</summary>
    internal int Readings => _readings;

    /// <summary>The folder of runs, as it was named.</summary>
    public string Folder { get; }

    /// <summary>The views that a query may read, separated by commas.</summary>
    public static string ViewNames { get; } = string.Join(", ", StoreViews.All.Select(view => view.Name));

    /// <summary>Cards among which its models find theirs.</summary>
    public CardSet Cards { get; }

    /// <summary>The runs, by name, which begins with the time.</summary>
    public IReadOnlyList<StoredRun> Runs { get; private set; } = [];

    /// <summary>Folders that were not asked for by name and are damaged: the others are opened without them.</summary>
    public IReadOnlyList<ListedRun> LeftOut { get; private set; } = [];

    /// <summary>Which of their models are counted.</summary>
    public CountedModels Counted { get; private set; } = CountedModels.Of([]);

    /// <summary>Opens every whole run in a folder; a folder without runs is an empty store.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">There is no such folder.</exception>
    public static RunStore Open(string folder, CancellationToken cancellation = default) => Open(folder, [], CardSet.Shipped, null, cancellation);

    /// <summary>Opens the runs that were asked for, or all where none was.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="runs">Runs in the folder as <see cref="RunNames"/> has them, or paths of runs anywhere; empty for all in the folder.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A folder or run is not there, or a run that is asked for is incomplete or damaged.</exception>
    public static RunStore Open(string folder, IReadOnlyList<string> runs, CancellationToken cancellation = default) => Open(folder, runs, CardSet.Shipped, null, cancellation);

    /// <summary>The same, with cards of the user's own.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="runs">As above.</param>
    /// <param name="cards">Cards among which models find theirs.</param>
    /// <param name="known">Runs that were found whole before; null to check every one.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A folder or run is not there, or a run that is asked for is incomplete or damaged.</exception>
    public static RunStore Open(string folder, IReadOnlyList<string> runs, CardSet cards, CheckedRuns? known, CancellationToken cancellation = default) => Of(
        folder, runs.Count == 0 ? RunListing.Folders(folder) : [.. runs.SelectMany(run => RunNames.Paths(run, folder)).Distinct(StringComparer.Ordinal)], areNamed: runs.Count > 0, cards, known, cancellation);

    /// <summary>Opens every whole run in a folder; where there is no such folder, a store without runs.</summary>
    /// <param name="folder">Where runs are, or would be.</param>
    /// <param name="cards">Cards among which models find theirs.</param>
    /// <param name="known">Runs that were found whole before; null to check every one.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    public static RunStore OpenIfThere(string folder, CardSet cards, CheckedRuns? known, CancellationToken cancellation = default) =>
        Of(folder, Directory.Exists(folder) ? RunListing.Folders(folder) : [], areNamed: false, cards, known, cancellation);

    static RunStore Of(string folder, IReadOnlyList<string> paths, bool areNamed, CardSet cards, CheckedRuns? known, CancellationToken cancellation)
    {
        var store = new RunStore(folder, cards);
        try
        {
            var checkedRuns = RunListing.Check(paths, isWhole: !areNamed, known, anew: false, cancellation);
            if (areNamed && checkedRuns.FirstOrDefault(listed => listed.Fault is not null) is { Fault: { } fault }) throw fault;
            store.LeftOut = [.. checkedRuns.Where(listed => listed.Fault is not null)];
            store.Runs = ModelIdentity.Resolved(
                [.. checkedRuns.Where(listed => listed.Fault is null).Select(listed => listed.Run!).OrderBy(run => run.Name, StringComparer.Ordinal)]);
            store.Counted = CountedModels.Of(store.Runs);
            if (known is not null && store.Runs.Count >= StoreTables.FewRuns) store._gathered = new(known, Path.GetDirectoryName(store.Runs[0].Path)!, store.Runs, isWhole: !areNamed);
            foreach (var (one, other) in store.Runs.Zip(store.Runs.Skip(1)))
                if (one.Name == other.Name) throw StoreErrors.TwoOfOneName(one.Name, one.Path, other.Path);
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
    public IReadOnlyList<StoredRun> Select(IReadOnlyList<string> runs) => runs.Count == 0 ? Runs : [.. runs.SelectMany(Find)];

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
        using var held = Hold(sql, cancellation);
        begin(held.Columns);
        held.Read(row, cancellation);
    }

    /// <summary>Runs one SELECT and keeps its result until that is disposed of. May be called by several threads.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    internal HeldResult Hold(string sql, CancellationToken cancellation)
    {
        var tables = Covering(Needs(sql, cancellation), cancellation);
        try
        {
            return tables.Hold(sql, cancellation);
        }
        catch (InputException) when (!tables.Read.IsEverything)
        {
            return Covering(QueryNeeds.Everything, cancellation).Hold(sql, cancellation); // where it fails also with every column there, that is what is said
        }
    }

    /// <summary>Says that queries will come, so that what they read is read together.</summary>
    /// <exception cref="InputException">One is no single SELECT, or does not fit the views.</exception>
    internal void Expect(IEnumerable<string> queries, CancellationToken cancellation)
    {
        foreach (string sql in queries) _expected = _expected.And(Needs(sql, cancellation));
    }

    /// <summary>The columns of a query that will come; of many runs none is read for it.</summary>
    /// <exception cref="InputException">It is no single SELECT, or does not fit the views.</exception>
    internal IReadOnlyList<QueryColumn> Bind(string sql, CancellationToken cancellation)
    {
        if (Runs.Count < StoreTables.FewRuns) return Query(sql, cancellation).Columns;
        Expect([sql], cancellation);
        lock (_planning) return _columns.TryGetValue(sql, out var columns) ? columns : Planner(cancellation).Columns(sql, cancellation);
    }

    /// <summary>Looks at queries that will be bound and asked, of many runs by two threads; one that cannot be is passed over and fails when it is bound.</summary>
    /// <param name="queries">Each as it will be asked, and one of its columns without rows as it will be bound, which reads the same.</param>
    /// <param name="cancellation">Stops both.</param>
    internal void Prepare(IReadOnlyList<(string Asked, string Bound)> queries, CancellationToken cancellation)
    {
        if (Runs.Count < StoreTables.FewRuns || queries.Count == 0) return;
        lock (_planning)
        {
            var other = Task.Run(() =>
            {
                using var planner = new QueryPlanner(_models.Value.Columns, cancellation);
                return Planned(planner, 1);
            }, CancellationToken.None);
            try
            {
                Keep(Planned(Planner(cancellation), 0));
            }
            finally
            {
                Task.WaitAny([other], CancellationToken.None);
            }
            Keep(other.GetAwaiter().GetResult());
        }

        List<(string Asked, string Bound, QueryNeeds Needs, IReadOnlyList<QueryColumn> Columns)> Planned(QueryPlanner planner, int first)
        {
            List<(string, string, QueryNeeds, IReadOnlyList<QueryColumn>)> planned = [];
            for (int i = first; i < queries.Count; i += 2)
            {
                var (asked, bound) = queries[i];
                try
                {
                    planned.Add((asked, bound, planner.Needs(asked, cancellation), planner.Columns(bound, cancellation)));
                }
                catch (InputException)
                {
                    // Said where it is bound.
                }
            }
            return planned;
        }

        void Keep(List<(string Asked, string Bound, QueryNeeds Needs, IReadOnlyList<QueryColumn> Columns)> planned)
        {
            foreach (var (asked, bound, needs, columns) in planned) (_needs[asked], _needs[bound], _columns[bound]) = (needs, needs, columns);
        }
    }

    QueryNeeds Needs(string sql, CancellationToken cancellation)
    {
        if (Runs.Count < StoreTables.FewRuns || _loaded?.Read.IsEverything == true) return QueryNeeds.Everything;
        lock (_planning)
        {
            if (!_needs.TryGetValue(sql, out var needs)) _needs[sql] = needs = Planner(cancellation).Needs(sql, cancellation);
            return needs;
        }
    }

    QueryPlanner Planner(CancellationToken cancellation) => _planner ??= new(_models.Value.Columns, cancellation);

    /// <summary>The tables with what is needed, and a place in them; what was read before goes once nobody reads it.</summary>
    LoadedTables Covering(QueryNeeds needs, CancellationToken cancellation)
    {
        lock (_loading)
        {
            if (_loaded is not { } loaded || !loaded.Read.Covers(needs))
            {
                needs = _readings < MostReadings ? (_loaded?.Read ?? QueryNeeds.Nothing).And(_expected).And(needs) : QueryNeeds.Everything;
                _loaded?.Leave();
                _loaded = null;
                _readings++;
                _loaded = loaded = new(Loaded(needs, output: null, cancellation), needs);
            }
            loaded.Enter();
            return loaded;
        }
    }

    QueryDatabase Loaded(QueryNeeds needs, string? output, CancellationToken cancellation)
    {
        QueryDatabase? loaded = null;
        Reading(gathered => loaded = new(database => StoreTables.Make(database, Runs, _models.Value, Cards, needs, gathered, cancellation), output, cancellation, Seats));
        return loaded!;
    }

    /// <summary>Runs one SELECT and writes its rows as Parquet.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="output">A file that is not there yet, in a folder that is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public void WriteParquet(string sql, string output, CancellationToken cancellation)
    {
        using var database = Loaded(QueryNeeds.Everything, output, cancellation);
        database.Write(sql, output, cancellation);
    }

    IReadOnlyList<StoredRun> Find(string run)
    {
        if (Runs.FirstOrDefault(known => known.Name == run) is { } named) return [named];
        if (Runs.FirstOrDefault(known => known.Path == Path.TrimEndingDirectorySeparator(Path.GetFullPath(run))) is { } placed) return [placed];
        var meant = RunNames.Meant(run, Runs, known => known.Name, known => [.. known.Models.SelectMany(model => model.Names)], Folder);
        return meant.Count > 0 ? meant : throw StoreErrors.NoSuchRun(run, Folder, RunNames.Near(run, [.. Runs.Select(known => known.Name)]));
    }

    /// <summary>Reads the runs' files; what the database cannot read of them is an error of theirs, and what it cannot read of gathered rows is read of them.</summary>
    void Reading(Action<GatheredRuns?> read)
    {
        if (_gathered is { } gathered)
        {
            try
            {
                read(gathered);
                return;
            }
            catch (Exception e) when (e is DuckDBException or InvalidCastException)
            {
                _gathered = null;
            }
        }
        try
        {
            read(null);
        }
        catch (Exception e) when (e is DuckDBException or InvalidCastException)
        {
            throw StoreErrors.NotRead(Folder, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded?.Leave();
        _loaded = null;
        _planner?.Dispose();
    }
}
