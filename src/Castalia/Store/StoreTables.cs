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
        Make(database, runs, Models(runs, cards), cards, QueryNeeds.Everything, cancellation);

    /// <summary>Makes every table with what some queries read of it: of what runs' files hold those columns alone, and no rows of a table that none reads.</summary>
    /// <remarks>A column that was left out is not there, so that a query that needs it fails and does not find it empty.</remarks>
    /// <param name="database">Empty.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="models">Their view models.</param>
    /// <param name="cards">Cards among which models find theirs.</param>
    /// <param name="needs">What the queries read.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public static void Make(
        Database database, IReadOnlyList<StoredRun> runs, (IReadOnlyList<ViewColumn> Columns, IReadOnlyList<ModelRow> Rows) models, CardSet cards, QueryNeeds needs,
        CancellationToken cancellation)
    {
        OfMemory("runs", StoreViews.Runs.Columns, () => runs.Select(Run));
        OfMemory("models", models.Columns, () => models.Rows.Select(row => row.Fields.Values.ToArray()));
        OfMemory("prompts", StoreViews.Prompts.Columns, () => runs.SelectMany(Prompts));
        OfMemory("cards", StoreViews.Cards.Columns, () => CardTable.OfModels(cards.Cards).Rows);
        OfMemory("card_values", StoreViews.CardValues.Columns, () => CardTable.OfValues(cards.Cards).Rows);
        foreach (var table in RunTables.All)
        {
            if (needs.IsEverything) database.Execute($"CREATE TABLE {table.Name} AS {RowsOf(table, runs)}", cancellation);
            else if (needs.Of(table.Name) is { } need) InParts(database, table.Name, runs, some => RowsOf(table, some, need), cancellation);
            else database.Execute($"CREATE TABLE {table.Name} AS {RowsOf(table, [])}", cancellation);
        }
        foreach (string view in StoreViews.Definitions(needs.Columns(RunTables.Readings))) database.Execute(view, cancellation);

        void OfMemory(string name, IReadOnlyList<ViewColumn> columns, Func<IEnumerable<IReadOnlyList<object?>>> rows) =>
            Table(database, name, columns, needs.IsEverything || needs.Of(name) is not null ? rows() : [], cancellation);
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
        var models = runs.SelectMany(run => run.Models.Select(model => (Run: run, Model: model, Fields: Fields(run, model, counted, cards)))).ToList();
        var known = StoreViews.Models.Columns;
        var further = models.SelectMany(m => m.Fields.Where(field => field.Value is not null).Select(field => field.Key)).Distinct()
            .Except(known.Select(c => c.Name)).Order(StringComparer.Ordinal)
            .Select(name => new ViewColumn(name, ModelColumns.TypeOf(models.Select(m => m.Fields.GetValueOrDefault(name))), "", ""));
        ViewColumn[] columns = [.. known, .. further];
        return (columns, [.. models.Select(m => new ModelRow(m.Run.Name, m.Model.Name, m.Model.Path, m.Model.Format, m.Model.Parameters, m.Model.Sha256, m.Model.PromptsSha256,
            new OrderedDictionary<string, object?>(columns.Select(c => KeyValuePair.Create(c.Name, Fitted(m.Run, c, m.Fields.GetValueOrDefault(c.Name)))))))]);
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
    static Dictionary<string, object?> Fields(StoredRun run, StoredModel model, CountedModels counted, CardSet cards)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in ModelColumns.Flatten(model.Architecture)) fields[name] = value;
        fields["run"] = run.Name;
        fields["model"] = model.Name;
        fields["path"] = model.Path;
        fields["format"] = model.Format;
        fields["hub_repository"] = model.Hub?.Repository;
        fields["hub_revision"] = model.Hub?.Revision;
        fields["hub_commit"] = model.Hub?.Commit;
        fields["training"] = model.Source.Training;
        fields["training_step"] = model.Source.Step;
        fields["sha256"] = model.Sha256;
        fields["weights_sha256"] = model.Identity.WeightsSha256;
        fields["identity"] = model.Identity.Weights;
        fields["identity_basis"] = model.Identity.Basis.ToString().ToLowerInvariant();
        fields["arithmetic_sha256"] = model.Identity.Arithmetic;
        fields["repeat_of"] = counted.CountedFor(run, model) is { } other ? $"{other.Run.Name}/{other.Model.Name}" : null;
        fields["untrained"] = model.Untrained;
        fields["card"] = cards.OfMeasured(model.Hub?.Repository, model.Name)?.Model;
        fields["prompts_sha256"] = model.PromptsSha256;
        fields["parameters"] = model.Parameters;
        fields["head_crowding"] = fields.GetValueOrDefault("n_heads") is long heads && fields.GetValueOrDefault("head_dim") is long and > 0 and var dim
            ? (double)heads / dim : null;
        return fields;
    }

    /// <summary>A table's rows of every run that holds it, each with its run's name; none where no run does.</summary>
    /// <remarks>Runs that follow each other and lack the same columns are read as one list of files: what the database plans grows with the schemas, not with the runs.</remarks>
    public static string RowsOf(RunTable table, IReadOnlyList<StoredRun> runs) => RowsOf(table, runs, table.Columns, where: null);

    /// <summary>The same, of what queries read of it.</summary>
    static string RowsOf(RunTable table, IReadOnlyList<StoredRun> runs, TableNeed need) =>
        RowsOf(table, runs, [.. table.Columns.Where(c => need.Columns.Contains(c.Name))], need.IsOfLastBlocks ? StoreViews.LastBlock : null);

    /// <summary>The same, of rows for which a condition over the file's columns holds; null for all.</summary>
    public static string RowsOf(RunTable table, IReadOnlyList<StoredRun> runs, IReadOnlyList<RunColumn> columns, string? where)
    {
        string condition = where is null ? "" : $" WHERE {where}";
        List<(IReadOnlyList<string>? Lacking, List<StoredRun> Runs)> alike = [];
        foreach (var run in runs.Where(run => run.Tables.ContainsKey(table)))
        {
            string[]? lacking = run.Lacking.GetValueOrDefault(table) is { } all ? [.. columns.Select(c => c.Name).Where(all.Contains)] : null;
            if (lacking is not null && alike.Count > 0 && alike[^1].Lacking is { } before && before.SequenceEqual(lacking)) alike[^1].Runs.Add(run);
            else alike.Add((lacking, [run]));
        }
        return alike.Count == 0
            ? $"SELECT {string.Join(", ", columns.Select(c => $"NULL::{c.Type} AS {Database.Identifier(c.Name)}").Prepend("NULL::VARCHAR AS run"))} WHERE false"
            : string.Join(" UNION ALL ", alike.Select(some => (some.Runs.Count == 1 ? OfOne(table, some.Runs[0], columns) : OfSeveral(table, some.Runs, some.Lacking!, columns)) + condition));
    }

    static string OfOne(RunTable table, StoredRun run, IReadOnlyList<RunColumn> columns) =>
        $"SELECT {string.Join(", ", columns.Select(c => Database.Identifier(c.Name)).Prepend($"{Database.Literal(run.Name)} AS run"))} FROM {WithLaterColumns(run, table)}";

    /// <summary>Of runs whose files have the same columns; a run's name is its folder's.</summary>
    static string OfSeveral(RunTable table, List<StoredRun> runs, IReadOnlyList<string> lacking, IReadOnlyList<RunColumn> columns)
    {
        var list = columns.Select(c => lacking.Contains(c.Name) ? $"NULL::{c.Type} AS {Database.Identifier(c.Name)}" : Database.Identifier(c.Name));
        return $"SELECT {string.Join(", ", list.Prepend("parse_path(filename, 'system')[-2] AS run"))} FROM {Database.Parquet(runs.Select(run => run.PathOf(table)))}";
    }

    /// <summary>A run's table as a table expression in which a column that the run's version did not have yet is null.</summary>
    public static string WithLaterColumns(StoredRun run, RunTable table)
    {
        string later = string.Join(", ", table.Columns.Where(c => c.CameLater).Select(c => $"NULL::{c.Type} AS {Database.Identifier(c.Name)}"));
        string file = Database.Parquet(run.PathOf(table));
        return later == "" ? file : $"(FROM {file} UNION ALL BY NAME SELECT {later} WHERE false)";
    }

    static void Table(Database database, string name, IReadOnlyList<ViewColumn> columns, IEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellation)
    {
        database.Execute($"CREATE TABLE {name} ({string.Join(", ", columns.Select(c => $"{Database.Identifier(c.Name)} {c.Type}"))})", cancellation);
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
