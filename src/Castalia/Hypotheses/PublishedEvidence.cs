using System.Globalization;
using Castalia.Cards;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;
using Castalia.Published;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>The published study as the views of a store: its eight models in models and gains, the cards, and nothing in the others.</summary>
sealed class PublishedEvidence : IEvidenceSource, IDisposable
{
    readonly QueryDatabase _database;

    /// <summary>Fills the views.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cards">Cards among which its models find theirs.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public PublishedEvidence(PublishedStudy study, CardSet cards, CancellationToken cancellation)
    {
        Name = $"the published study, {Figures.Of(study.Models.Count, "model")} of {Figures.Of(study.Prompts.Count, "prompt")}";
        _database = new(database => Fill(database, study, cards, cancellation), output: null, cancellation);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TwinTables Twins { get; init; } = TwinTables.Shipped;

    /// <inheritdoc/>
    public EvidenceModel Model(string run, string model) => EvidenceModel.Named(model);

    /// <inheritdoc/>
    public IReadOnlyList<FoundRun> Find(RunNeed need) => [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> Description(string identity) => new Dictionary<string, object?>();

    /// <inheritdoc/>
    public EvidenceTable Query(string name, string sql, CancellationToken cancellation)
    {
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<object?[]>();
        _database.Run(sql, found => columns = found, rows.Add, cancellation);
        return StoredEvidence.Table(name, new(columns, rows));
    }

    static void Fill(Database database, PublishedStudy study, CardSet cards, CancellationToken cancellation)
    {
        StoreTables.Make(database, [], cards, cancellation);
        var models = PublishedRows.Models(study, cards);
        Insert(database, "models", models, cancellation);
        // In a store, gains is a view over readings, of which a study has none.
        string columns = string.Join(", ", StoreViews.Gains.Columns.Select(c => $"{Database.Identifier(c.Name)} {c.Type}"));
        database.Execute("DROP VIEW gains", cancellation);
        database.Execute($"CREATE TABLE gains ({columns})", cancellation);
        Insert(database, "gains", PublishedRows.Gains(study), cancellation);
    }

    static void Insert(Database database, string table, PublishedTable rows, CancellationToken cancellation)
    {
        string columns = string.Join(", ", rows.Columns.Select(c => Database.Identifier(c.Name)));
        string values = string.Join(", ", rows.Rows.Select(row => $"({string.Join(", ", row.Select(Literal))})"));
        database.Execute($"INSERT INTO {table} ({columns}) VALUES {values}", cancellation);
    }

    static string Literal(object? value) => value switch
    {
        null => "NULL",
        string text => Database.Literal(text),
        bool truth => truth ? "true" : "false",
        double real => $"'{real.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE", // a bare literal would be a decimal
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
