using Castalia.Cards;
using Castalia.Errors;
using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>Puts runs into a database: runs, models, prompts, cards and what their files hold as tables, so that no file is needed later; what follows from readings as views.</summary>
static class StoreTables
{
    /// <summary>Makes everything.</summary>
    /// <param name="database">Empty.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="cards">Cards among which models find theirs.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public static void Make(Database database, IReadOnlyList<StoredRun> runs, CardSet cards, CancellationToken cancellation)
    {
        Table(database, "runs", StoreViews.Runs.Columns, runs.Select(Run), cancellation);
        MakeModels(database, runs, cards, cancellation);
        Table(database, "prompts", StoreViews.Prompts.Columns, runs.SelectMany(Prompts), cancellation);
        Table(database, "cards", StoreViews.Cards.Columns, CardTable.OfModels(cards.Cards).Rows, cancellation);
        Table(database, "card_values", StoreViews.CardValues.Columns, CardTable.OfValues(cards.Cards).Rows, cancellation);
        foreach (var table in RunTables.All) database.Execute($"CREATE TABLE {table.Name} AS {RowsOf(table, runs)}", cancellation);
        foreach (string view in StoreViews.Definitions()) database.Execute(view, cancellation);
    }

    static object?[] Run(StoredRun run) =>
    [
        run.Name, run.Path, run.StartedUtc, run.FinishedUtc, run.Software, run.PromptSet, run.Bos, run.Positions, run.Activation, run.Seed, run.Threads,
        run.Models.Count, run.Models.Max(model => model.Prompts.Count),
        run.Explained?.Blocks, run.Explained?.AllParts, run.Explained?.Weights,
    ];

    static IEnumerable<object?[]> Prompts(StoredRun run) => run.Models.SelectMany(model => model.Prompts.Select((prompt, i) => (object?[])
        [run.Name, model.Name, prompt.Name, i, prompt.Category, prompt.Text, prompt.Ids.Count, prompt.Ids, model.PromptsSha256]));

    static void MakeModels(Database database, IReadOnlyList<StoredRun> runs, CardSet cards, CancellationToken cancellation)
    {
        var (columns, rows) = Models(runs, cards);
        Table(database, "models", columns, rows.Select(row => row.Fields.Values.ToArray()), cancellation);
    }

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
    public static string RowsOf(RunTable table, IReadOnlyList<StoredRun> runs)
    {
        List<List<StoredRun>> alike = [];
        foreach (var run in runs.Where(run => run.Tables.ContainsKey(table)))
        {
            if (alike.Count > 0 && alike[^1][0].Lacking.GetValueOrDefault(table) is { } lacking && run.Lacking.GetValueOrDefault(table) is { } lacks && lacks.SequenceEqual(lacking)) alike[^1].Add(run);
            else alike.Add([run]);
        }
        return alike.Count == 0
            ? $"SELECT {string.Join(", ", StoreViews.Of(table).Columns.Select(c => $"NULL::{c.Type} AS {Database.Identifier(c.Name)}"))} WHERE false"
            : string.Join(" UNION ALL ", alike.Select(some => some.Count == 1 ? OfOne(table, some[0]) : OfSeveral(table, some)));
    }

    static string OfOne(RunTable table, StoredRun run) =>
        $"SELECT {Database.Literal(run.Name)} AS run, {string.Join(", ", table.Columns.Select(c => Database.Identifier(c.Name)))} FROM {WithLaterColumns(run, table)}";

    /// <summary>Of runs whose files have the same columns; a run's name is its folder's.</summary>
    static string OfSeveral(RunTable table, List<StoredRun> runs)
    {
        var lacking = runs[0].Lacking[table];
        string columns = string.Join(", ", table.Columns.Select(c => lacking.Contains(c.Name) ? $"NULL::{c.Type} AS {Database.Identifier(c.Name)}" : Database.Identifier(c.Name)));
        return $"SELECT parse_path(filename, 'system')[-2] AS run, {columns} FROM {Database.Parquet(runs.Select(run => run.PathOf(table)))}";
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
