using System.Text.Json;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>Whether a run's files are those that were written, and readings and manifest speak of the same models and prompts.</summary>
static class RunCheck
{
    const int Rules = 6;

    sealed record Found(string Model, int PromptIndex, string Prompt, string? Category, int Tokens, int Layers, long Rows, long Different, int First, int Last);

    /// <summary>The run, with what its files lack of columns that came later; throws where they are not.</summary>
    /// <param name="run">As its manifest has it.</param>
    /// <param name="database">For reading parquet; nothing is left in it.</param>
    /// <param name="cancellation">Stops between mebibytes and statements.</param>
    /// <exception cref="InputException">A file is missing, changed, or cannot be read, or they disagree.</exception>
    public static StoredRun Verify(StoredRun run, Database database, CancellationToken cancellation)
    {
        foreach (var (table, sha256) in run.Tables) CheckFile(run, table.FileName, sha256, cancellation);
        CheckFile(run, StoredRun.SummaryName, run.SummarySha256, cancellation);
        if (run.SummarySha256 is null) CheckSummary(run);
        try
        {
            _ = StoreTables.Models([run], CardSet.Shipped); // every field of the kind that its column is
            var whole = run with { Lacking = run.Tables.Keys.ToDictionary(table => table, table => CheckColumns(run, table, database, cancellation)) };
            CheckRows(run, database, cancellation);
            if (run.Tables[RunTables.Readings] is null) ReadEveryValue(run, database, cancellation);
            return whole;
        }
        catch (Exception e) when (e is DuckDBException or InvalidCastException) // the latter of a null where none may be
        {
            throw StoreErrors.Unreadable(run.Path, RunTables.Readings.FileName, e.Message);
        }
    }

    static void CheckFile(StoredRun run, string name, string? stated, CancellationToken cancellation)
    {
        string path = Path.Combine(run.Path, name);
        if (!Path.Exists(path)) throw StoreErrors.MissingFile(run.Path, name);
        if (InputFile.KindOf(path) is { } kind) throw StoreErrors.Unreadable(run.Path, name, $"it is {kind}, not a file.");
        try
        {
            if (stated is not null && Sha256.OfFile(path, cancellation) != stated) throw StoreErrors.OtherHash(run.Path, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Unreadable(run.Path, name, e.Message);
        }
    }

    /// <summary>Of a run whose manifest states no hashes, that its summary is whole; the readings are looked at in any case.</summary>
    static void CheckSummary(StoredRun run)
    {
        try
        {
            using var document = JsonFile.Parse(InputFile.Bytes(Path.Combine(run.Path, StoredRun.SummaryName)));
        }
        catch (JsonException e)
        {
            throw StoreErrors.NotJson(run.Path, StoredRun.SummaryName, e.Message);
        }
        catch (InputException e)
        {
            throw StoreErrors.Unreadable(run.Path, StoredRun.SummaryName, e.Cause);
        }
    }

    /// <summary>Columns that came later and are not there; throws where another is not.</summary>
    internal static IReadOnlyList<string> CheckColumns(StoredRun run, RunTable table, Database database, CancellationToken cancellation)
    {
        List<(string Name, string Type)> found;
        try
        {
            found = database.Read($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {Database.Parquet(run.PathOf(table))})", row => (row.GetString(0), row.GetString(1)), cancellation);
        }
        catch (DuckDBException e)
        {
            throw StoreErrors.Unreadable(run.Path, table.FileName, e.Message);
        }
        foreach (var column in table.Columns)
            if (!found.Contains((column.Name, column.Type)) && !(column.CameLater && found.TrueForAll(f => f.Name != column.Name))) throw StoreErrors.LacksColumn(run.Path, table, column);
        return [.. table.Columns.Where(column => found.TrueForAll(f => f.Name != column.Name)).Select(column => column.Name)];
    }

    /// <summary>Of a run whose manifest states no hash of them, that the readings can be read to their end: a damaged page is found by reading it.</summary>
    /// <remarks>Once as it is, and once by the filters of the views, for which the database looks at parts of the file that it else passes over.</remarks>
    static void ReadEveryValue(StoredRun run, Database database, CancellationToken cancellation)
    {
        string file = Database.Parquet(run.PathOf(RunTables.Readings));
        database.Each($"SELECT {string.Join(", ", RunTables.Readings.Columns.Select(c => $"bit_xor(hash({Database.Identifier(c.Name)}))"))} FROM {TableRows.WithLaterColumns(run, RunTables.Readings)}", _ => { }, cancellation);
        foreach (string filter in new[] { "= 'last'", "= 'position'", "IN ('last', 'ratio-of-means')", "<> 'position'" })
            database.Each($"SELECT count(*) FROM {file} WHERE position_rule {filter}", _ => { }, cancellation);
    }

    static void CheckRows(StoredRun run, Database database, CancellationToken cancellation)
    {
        var found = database.Read(
            $"SELECT model, prompt_index, prompt, category, tokens, n_layers, count(*), count(DISTINCT (layer, position_rule, position)), min(layer), max(layer) FROM {Database.Parquet(run.PathOf(RunTables.Readings))} GROUP BY ALL",
            row => new Found(row.GetString(0), row.GetInt32(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4), row.GetInt32(5), row.GetInt64(6),
                row.GetInt64(7), row.GetInt32(8), row.GetInt32(9)),
            cancellation).ToLookup(row => (Model: row.Model, Index: row.PromptIndex));
        foreach (var model in run.Models)
        {
            int layers = model.NLayers;
            for (int i = 0; i < model.Prompts.Count; i++)
            {
                var prompt = model.Prompts[i];
                string which = $"prompt {prompt.Name} (index {i}) of model {model.Name}";
                if (found[(model.Name, i)].ToList() is not [var rows]) throw StoreErrors.Disagrees(run.Path, $"{which} is not in it, or in two forms.");
                if (rows.Prompt != prompt.Name) throw StoreErrors.Disagrees(run.Path, $"{which} is called {rows.Prompt} there.");
                if (rows.Category != prompt.Category) throw StoreErrors.Disagrees(run.Path, $"{which} is of category {rows.Category ?? "none"} there, {prompt.Category ?? "none"} here.");
                if (rows.Tokens != prompt.Ids.Count) throw StoreErrors.Disagrees(run.Path, $"{which} has {rows.Tokens} tokens there, {prompt.Ids.Count} here.");
                if (rows.Layers != layers) throw StoreErrors.Disagrees(run.Path, $"{which} has {rows.Layers} blocks there, {layers} here.");
                long wanted = (long)rows.Layers * (Rules + (run.Positions == "all" ? rows.Tokens : 0));
                if (rows.Rows != wanted) throw StoreErrors.Disagrees(run.Path, $"{which} has {rows.Rows} rows there; positions '{run.Positions}' of {rows.Layers} blocks make {wanted}.");
                if (rows.Different != rows.Rows || rows.First != 0 || rows.Last != layers - 1)
                    throw StoreErrors.Disagrees(run.Path, $"{which} has rows twice, or of blocks from {rows.First} to {rows.Last} of {layers}.");
            }
        }
        var others = found.Select(group => group.Key).Except(run.Models.SelectMany(model => model.Prompts.Select((_, i) => (Model: model.Name, Index: i)))).ToList();
        if (others.Count > 0) throw StoreErrors.Disagrees(run.Path, $"it has prompt index {others[0].Index} of model {others[0].Model}, which the manifest has not.");
    }
}
