using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia;

/// <summary>Stored runs as a database: the views of docs/store.md, and hypotheses over them.</summary>
/// <remarks>Hashes of a run's files are checked when it is opened.</remarks>
/// <example>
/// <code>
/// string run = new Laboratory(folder).Measure(model.Path, new() { Prompts = prompts });
/// using RunFolders stored = RunFolders.Open(folder);
/// Show(stored.Folder, stored.Runs, stored.LeftOut);
/// </code>
/// </example>
public sealed class RunFolders : IDisposable
{
    readonly RunStore _store;

    RunFolders(RunStore store) => _store = store;

    /// <summary>Opens every whole run in a folder.</summary>
    /// <param name="folder">Where run folders are.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">There is no such folder.</exception>
    /// <example>
    /// <code>
    /// new Laboratory(folder).Measure(model.Path, new() { Prompts = prompts });
    /// using RunFolders all = RunFolders.Open(folder);
    /// Show(all.Runs.Count);
    /// </code>
    /// </example>
    public static RunFolders Open(string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new(RunStore.Open(folder, [], CardSet.Shipped, CheckedRuns.OfUser(), cancellation));
    }

    /// <summary>The folder.</summary>
    public string Folder => _store.Folder;

    /// <summary>Names of the runs, which begin with their time.</summary>
    public IReadOnlyList<string> Runs => [.. _store.Runs.Select(run => run.Name)];

    /// <summary>Names of folders that are damaged or incomplete, and left out.</summary>
    public IReadOnlyList<string> LeftOut => [.. _store.LeftOut.Select(run => run.Name)];

    /// <summary>Asks a question in SQL, DuckDB's, of the views; it can read them and nothing else.</summary>
    /// <param name="sql">One SELECT.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">It is no SELECT, or does not fit the views.</exception>
    /// <example>
    /// <code>
    /// new Laboratory(folder).Measure(model.Path, new() { Prompts = prompts });
    /// using RunFolders stored = RunFolders.Open(folder);
    /// QueryTable table = stored.Query("SELECT model, avg(gain) AS gain FROM readings GROUP BY model");
    /// Show(table.Columns, table.Rows[0][1], table.Column("gain")[0]);
    /// </code>
    /// </example>
    public QueryTable Query(string sql, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sql);
        return new(_store.Query(sql, cancellation));
    }

    /// <summary>The verdict on a hypothesis over these runs and the twins that ship.</summary>
    /// <param name="hypothesis">A file, docs/hypotheses.md says how one is written; or the id of one that ships.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The file is no hypothesis, or its queries do not fit the views; there is no such id.</exception>
    /// <example>
    /// <code>
    /// new Laboratory(folder).Measure(model.Path, new() { Prompts = prompts });
    /// using RunFolders stored = RunFolders.Open(folder);
    /// HypothesisVerdict verdict = stored.Judge("study-h1");
    /// Show(verdict.Id, verdict.Claim, verdict.Kind, verdict.Why, verdict.Missing, verdict.Strength, verdict.Limits);
    /// </code>
    /// </example>
    public HypothesisVerdict Judge(string hypothesis, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        bool isFile = File.Exists(hypothesis) || Path.HasExtension(hypothesis);
        var known = HypothesisFiles.With(isFile ? [hypothesis] : []);
        var asked = isFile ? known[^1] : known.FirstOrDefault(h => h.Id == hypothesis) ?? throw NoSuchId(hypothesis, [.. known.Select(h => h.Id)]);
        var evidence = new StoredEvidence(_store);
        Binding.Check([asked], evidence, cancellation);
        return new(HypothesisEvaluation.Of(asked, evidence, cancellation));
    }

    static InputException NoSuchId(string id, List<string> known) => HypothesisErrors.NoSuchId(id, Nearest.Of(id, known), known);

    /// <summary>Closes the database.</summary>
    /// <example>
    /// <code>
    /// System.IO.Directory.CreateDirectory(folder);
    /// RunFolders.Open(folder).Dispose();
    /// </code>
    /// </example>
    public void Dispose() => _store.Dispose();
}

/// <summary>What a query gave.</summary>
public sealed class QueryTable
{
    internal QueryTable(QueryResult result) => (Columns, Rows) = ([.. result.Columns.Select(column => column.Name)], [.. result.Rows]);

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>
    /// The rows. A value is null, bool, long, <see cref="System.Numerics.BigInteger"/>, double, decimal, string, DateTime (UTC) or an array; null also where the database has NaN
    /// or an infinity.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows { get; }

    /// <summary>The values of a column, row by row.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public IReadOnlyList<object?> Column(string name)
    {
        int index = Columns.ToList().IndexOf(name);
        if (index < 0) throw new ArgumentException($"There is no column '{name}'. To do: name one of {string.Join(", ", Columns)}.", nameof(name));
        return [.. Rows.Select(row => row[index])];
    }
}

/// <summary>What stored runs say of a hypothesis.</summary>
public sealed record HypothesisVerdict
{
    internal HypothesisVerdict(Verdict verdict)
    {
        (Id, Claim, Kind, Why) = (verdict.Hypothesis.Id, verdict.Hypothesis.Claim, verdict.Kind, verdict.Why);
        (Missing, Strength, Limits) = (verdict.Missing, verdict.Strength, verdict.Limits);
    }

    /// <summary>The hypothesis.</summary>
    public string Id { get; }

    /// <summary>What it claims.</summary>
    public string Claim { get; }

    /// <summary>The verdict.</summary>
    public VerdictKind Kind { get; }

    /// <summary>Why, in a sentence.</summary>
    public string Why { get; }

    /// <summary>What is missing for a verdict, or for a firmer one.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>How strong the effect is, in a sentence; null without models.</summary>
    public string? Strength { get; }

    /// <summary>What the verdict cannot say; null where the hypothesis states none.</summary>
    public string? Limits { get; }
}
