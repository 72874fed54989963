using System.Text.Json.Nodes;
using Castalia.Cards;
using Castalia.Errors;
using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>Puts runs into a database: runs, models, prompts, cards and what their files hold as tables, so that no file is needed later; what follows from readings as views.</summary>
static class StoreTables
{
    /// <summary>With fewer runs everything is read sooner than it is found out what is needed, and by one thread.</summary>
    public const int FewRuns = 32;

    /// <summary>Makes everything.</summary>
    /// <param name="database">Empty.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="cards">Cards among which models find theirs.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public static void Make(Database database, IReadOnlyList<StoredRun> runs, CardSet cards, CancellationToken cancellation) =>
        Make(database, runs, Models(runs, cards), cards, QueryNeeds.Everything, gathered: null, cancellation);

    /// <summary>Makes every table with what some queries read of it: of what runs' files hold those columns alone, and no rows of a table that none reads.</summary>
    /// <remarks>A column that was left out is not there, so that a query that needs it fails and does not find it empty.</remarks>
    /// <param name="database">Empty.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="models">Their view models.</param>
    /// <param name="cards">Cards among which models find theirs.</param>
    /// <param name="needs">What the queries read.</param>
    /// <param name="gathered">Where rows of many runs were gathered; null without.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public static void Make(
        Database database, IReadOnlyList<StoredRun> runs, (IReadOnlyList<ViewColumn> Columns, IReadOnlyList<ModelRow> Rows) models, CardSet cards, QueryNeeds needs,
        GatheredRuns? gathered, CancellationToken cancellation)
    {
        List<Action<Database>> fills = [];
        OfMemory("runs", StoreViews.Runs.Columns, () => runs.Select(Run));
        OfMemory("models", models.Columns, () => models.Rows.Select(row => row.Fields.Values.ToArray()));
        OfMemory("prompts", StoreViews.Prompts.Columns, () => runs.SelectMany(Prompts));
        OfMemory("cards", StoreViews.Cards.Columns, () => CardTable.OfModels(cards.Cards).Rows);
        OfMemory("card_values", StoreViews.CardValues.Columns, () => CardTable.OfValues(cards.Cards).Rows);
        foreach (var table in RunTables.All)
        {
            if (needs.IsEverything) database.Execute($"CREATE TABLE {table.Name} AS {TableRows.Of(table, runs)}", cancellation);
            else if (needs.Of(table.Name) is { } need) OfRuns(table, need);
            else database.Execute($"CREATE TABLE {table.Name} AS {TableRows.Of(table, [])}", cancellation);
        }
        Fill(database, fills, runs.Count >= FewRuns);
        foreach (string view in StoreViews.Definitions(needs.Columns(RunTables.Readings))) database.Execute(view, cancellation);

        void OfMemory(string name, IReadOnlyList<ViewColumn> columns, Func<IEnumerable<IReadOnlyList<object?>>> rows)
        {
            database.Execute($"CREATE TABLE {name} ({string.Join(", ", columns.Select(c => $"{Database.Identifier(c.Name)} {c.Type}"))})", cancellation);
            if (needs.IsEverything || needs.Of(name) is not null) fills.Add(seat => Append(seat, name, columns, rows(), cancellation));
        }

        void OfRuns(RunTable table, TableNeed need)
        {
            var of = TableRows.IsGathered(table, need.IsOfLastBlocks) ? gathered?.Of(table, cancellation) : null;
            if (of is null || runs.Count(run => run.Tables.ContainsKey(table) && of.Find(run) is null) >= FewRuns)
            {
                InParts(database, table.Name, runs, some => TableRows.Of(table, some, need, of), cancellation);
                return;
            }
            database.Execute($"CREATE TABLE {table.Name} AS {TableRows.Of(table, [], need, of)}", cancellation);
            fills.Insert(0, seat => seat.Execute($"INSERT INTO {table.Name} {TableRows.Of(table, runs, need, of)}", cancellation));
        }
    }

    /// <summary>Fills tables, of many runs by two threads, each table by one of them.</summary>
    static void Fill(Database database, List<Action<Database>> fills, bool byTwo)
    {
        int next = -1;
        if (!byTwo)
        {
            Work(database);
            return;
        }
        using var beside = database.Beside();
        var other = Task.Run(() => Work(beside), CancellationToken.None);
        try
        {
            Work(database);
        }
        finally
        {
            Task.WaitAny([other], CancellationToken.None); // it fills the same database, which is not to be closed under it
        }
        other.GetAwaiter().GetResult();

        void Work(Database seat)
        {
            for (int i; (i = Interlocked.Increment(ref next)) < fills.Count;) fills[i](seat);
        }
    }

    /// <summary>Makes a table of what is selected of runs, of many by two threads, one for each half; rows stand in the order of the runs.</summary>
    /// <remarks>Each half is read by a connection of its own, so that neither order nor layout depends on which is faster.</remarks>
    /// <param name="database">Where it is made.</param>
    /// <param name="name">Its name.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="rows">The SELECT over some of them.</param>
    /// <param name="cancellation">Stops both.</param>
    public static void InParts(Database database, string name, IReadOnlyList<StoredRun> runs, Func<IReadOnlyList<StoredRun>, string> rows, CancellationToken cancellation)
    {
        if (runs.Count < FewRuns)
        {
            database.Execute($"CREATE TABLE {name} AS {rows(runs)}", cancellation);
            return;
        }
        int half = runs.Count / 2;
        string rest = $"{name}_rest";
        using var beside = database.Beside();
        var other = Task.Run(() => beside.Execute($"CREATE TABLE {rest} AS {rows([.. runs.Skip(half)])}", cancellation), CancellationToken.None);
        try
        {
            database.Execute($"CREATE TABLE {name} AS {rows([.. runs.Take(half)])}", cancellation);
        }
        finally
        {
            Task.WaitAny([other], CancellationToken.None); // it reads the same database, which is not to be closed under it
        }
        other.GetAwaiter().GetResult();
        database.Execute($"INSERT INTO {name} FROM {rest}", cancellation);
        database.Execute($"DROP TABLE {rest}", cancellation);
    }

    static object?[] Run(StoredRun run) =>
    [
        run.Name, run.Path, run.StartedUtc, run.FinishedUtc, run.Software, run.PromptSet, run.Bos, run.Positions, run.Activation, run.Seed, run.Threads,
        run.Models.Count, run.Models.Max(model => model.Prompts.Count),
        run.Explained?.Blocks, run.Explained?.AllParts, run.Explained?.Weights,
    ];

    static IEnumerable<object?[]> Prompts(StoredRun run) => run.Models.SelectMany(model => model.Prompts.Select((prompt, i) => (object?[])
        [run.Name, model.Name, prompt.Name, i, prompt.Category, prompt.Text, prompt.Ids.Count, prompt.Ids, model.PromptsSha256]));

    /// <summary>The view models: its columns, and in each row every one of them, in order.</summary>
    public static (IReadOnlyList<ViewColumn> Columns, IReadOnlyList<ModelRow> Rows) Models(IReadOnlyList<StoredRun> runs, CardSet cards)
    {
        var counted = CountedModels.Of(runs);
        var flat = new Dictionary<JsonObject, IReadOnlyList<(string Name, object? Value)>>(ReferenceEqualityComparer.Instance);
        var cardOf = new Dictionary<(string?, string), string?>();
        var described = runs.SelectMany(run => run.Models.Select(model => (Run: run, Model: model, Description: Flat(model.Architecture), Card: CardOf(model)))).ToList();
        var models = Each(described, m => (m.Run, m.Model, Fields: Fields(m.Run, m.Model, m.Description, counted, m.Card)));
        var known = StoreViews.Models.Columns;
        var further = models.SelectMany(m => m.Fields.Where(field => field.Value is not null).Select(field => field.Key)).Distinct()
            .Except(known.Select(c => c.Name)).Order(StringComparer.Ordinal)
            .Select(name => new ViewColumn(name, ModelColumns.TypeOf(models.Select(m => m.Fields.GetValueOrDefault(name))), "", ""));
        ViewColumn[] columns = [.. known, .. further];
        return (columns, Each(models, m => new ModelRow(m.Run.Name, m.Model.Name, m.Model.Path, m.Model.Format, m.Model.Parameters, m.Model.Sha256, m.Model.PromptsSha256,
            new OrderedDictionary<string, object?>(columns.Select(c => KeyValuePair.Create(c.Name, Fitted(m.Run, c, m.Fields.GetValueOrDefault(c.Name))))))));

        string? CardOf(StoredModel model)
        {
            var named = (model.Hub?.Repository, model.Name);
            return cardOf.TryGetValue(named, out string? card) ? card : cardOf[named] = cards.OfMeasured(named.Repository, named.Name)?.Model;
        }

        // Of many runs by all threads; where one fails, one after the other, so that the first that fails is what is said.
        List<TTo> Each<TFrom, TTo>(List<TFrom> all, Func<TFrom, TTo> of)
        {
            if (runs.Count < FewRuns) return all.ConvertAll(one => of(one));
            try
            {
                var made = new TTo[all.Count];
                Parallel.For(0, all.Count, i => made[i] = of(all[i]));
                return [.. made];
            }
            catch (AggregateException)
            {
                return all.ConvertAll(one => of(one));
            }
        }

        // Runs of one model share its description.
        IReadOnlyList<(string Name, object? Value)> Flat(JsonObject description) => flat.TryGetValue(description, out var fields) ? fields : flat[description] = [.. ModelColumns.Flatten(description)];
    }

    /// <summary>A value as its column's type has it.</summary>
    /// <exception cref="InputException">It is of another kind: the manifest was edited.</exception>
    static object? Fitted(StoredRun run, ViewColumn column, object? value) => (value, column.Type) switch
    {
        (null, _) => null,
        (long whole, "DOUBLE") => (double)whole,
        (long, "BIGINT") or (double, "DOUBLE") or (bool, "BOOLEAN") or (string, "VARCHAR") => value,
        (object?[] list, "DOUBLE[]") when list.All(item => item is null or long or double) => list.Select(item => item is long whole ? (double)whole : item).ToArray(),
        (object?[] list, "BIGINT[]") when list.All(item => item is null or long) => list,
        (object?[] list, "BOOLEAN[]") when list.All(item => item is null or bool) => list,
        (object?[] list, "VARCHAR[]") => list.Select(item => item is null ? null : (object)FormattableString.Invariant($"{item}")).ToArray(),
        (object?[] list, "VARCHAR") when !StoreViews.Models.Columns.Contains(column) => $"[{string.Join(", ", list.Select(item => FormattableString.Invariant($"{item}")))}]",
        (not object?[], "VARCHAR") when !StoreViews.Models.Columns.Contains(column) => FormattableString.Invariant($"{value}"),
        _ => throw StoreErrors.ManifestLacks(run.Path, $"architecture: {column.Name}", $"a value of type {column.Type}"),
    };

    /// <summary>A model's fields by column; what the manifest says of it stands above what its description says.</summary>
    static Dictionary<string, object?> Fields(StoredRun run, StoredModel model, IReadOnlyList<(string Name, object? Value)> description, CountedModels counted, string? card)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in description) fields[name] = value;
        fields["run"] = run.Name;
        fields["model"] = model.Name;
        fields["path"] = model.Path;
        fields["format"] = model.Format;
        fields["hub_repository"] = model.Hub?.Repository;
        fields["hub_revision"] = model.Hub?.Revision;
        fields["hub_commit"] = model.Hub?.Commit;
        var source = model.Source;
        fields["training"] = source.Training;
        fields["training_step"] = source.Step;
        fields["sha256"] = model.Sha256;
        fields["weights_sha256"] = model.Identity.WeightsSha256;
        fields["identity"] = model.Identity.Weights;
        fields["identity_basis"] = model.Identity.Basis.ToString().ToLowerInvariant();
        fields["arithmetic_sha256"] = model.Identity.Arithmetic;
        fields["repeat_of"] = counted.CountedFor(run, model) is { } other ? $"{other.Run.Name}/{other.Model.Name}" : null;
        fields["untrained"] = model.Untrained;
        fields["card"] = card;
        fields["prompts_sha256"] = model.PromptsSha256;
        fields["parameters"] = model.Parameters;
        fields["head_crowding"] = fields.GetValueOrDefault("n_heads") is long heads && fields.GetValueOrDefault("head_dim") is long and > 0 and var dim
            ? (double)heads / dim : null;
        return fields;
    }

    static void Append(Database database, string name, IReadOnlyList<ViewColumn> columns, IEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellation)
    {
        using var appender = database.Connection.CreateAppender(name);
        foreach (var values in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = appender.CreateRow();
            for (int i = 0; i < values.Count; i++) Append(row, values[i], columns[i].Type);
            row.EndRow();
        }
    }

    static void Append(IDuckDBAppenderRow row, object? value, string type)
    {
        switch (value, type)
        {
            case (null, _): row.AppendNullValue(); break;
            case (string text, "VARCHAR"): row.AppendValue(text); break;
            case (bool flag, "BOOLEAN"): row.AppendValue((bool?)flag); break;
            case (int number, "INTEGER"): row.AppendValue((int?)number); break;
            case (long number, "BIGINT"): row.AppendValue((long?)number); break;
            case (double real, "DOUBLE"): row.AppendValue((double?)real); break;
            case (DateTime time, "TIMESTAMP"): row.AppendValue((DateTime?)time); break;
            case (IReadOnlyList<int> ids, "INTEGER[]"): row.AppendValue(ids); break;
            case (object?[] list, "BIGINT[]"): row.AppendValue(list.Cast<long?>().ToList()); break;
            case (object?[] list, "DOUBLE[]"): row.AppendValue(list.Cast<double?>().ToList()); break;
            case (object?[] list, "BOOLEAN[]"): row.AppendValue(list.Cast<bool?>().ToList()); break;
            case (object?[] list, "VARCHAR[]"): row.AppendValue(list.Cast<string?>().ToList()); break;
            default: throw new InvalidOperationException($"A column of type {type} was given a {value.GetType()}.");
        }
    }
}
