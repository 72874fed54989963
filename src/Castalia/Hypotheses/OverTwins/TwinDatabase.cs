using System.Globalization;
using Castalia.Store;
using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>The view twins: a row for each network of some studies, every column of networks.csv with its type. A query sees nothing else.</summary>
/// <remarks>One for many queries, which take turns: to open and to close a database takes longer than to ask what is in it.</remarks>
sealed class TwinDatabase : IDisposable
{
    // In a database beside that of the view, so that SHOW TABLES shows it alone.
    const string Studies = "castalia_studies";

    static readonly string s_columns = string.Join(", ", TwinColumn.All.Select(column => $"{Database.Identifier(column.Name)} {column.Type}"));

    readonly QueryDatabase _database;
    readonly Dictionary<TwinTable, string> _loaded = new(ReferenceEqualityComparer.Instance);
    readonly Lock _turns = new();

    /// <summary>Without networks, for the columns alone until a query names studies.</summary>
    /// <param name="cancellation">Stops between statements.</param>
    public TwinDatabase(CancellationToken cancellation) => _database = new(database =>
    {
        database.Execute($"ATTACH ':memory:' AS {Studies}", cancellation);
        database.Execute($"CREATE TABLE {Studies}.no_study ({s_columns})", cancellation);
        database.Execute($"CREATE VIEW twins AS FROM {Studies}.no_study", cancellation);
    }, output: null, cancellation);

    /// <summary>Rows of a query over some studies, numbers as doubles.</summary>
    /// <param name="studies">The studies, whose networks stand in the view in this order.</param>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the view.</exception>
    public EvidenceTable Query(IReadOnlyList<TwinTable> studies, string name, string sql, CancellationToken cancellation)
    {
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<object?[]>();
        lock (_turns)
        {
            string[] tables = [.. studies.Select(study => Loaded(study, cancellation)).DefaultIfEmpty($"{Studies}.no_study")];
            Execute($"CREATE OR REPLACE VIEW twins AS {string.Join(" UNION ALL ", tables.Select(table => $"FROM {table}"))}", cancellation);
            _database.Run(sql, found => columns = found, rows.Add, cancellation);
        }
        return StoredEvidence.Table(name, new(columns, rows));
    }

    /// <summary>The columns of a query, without its rows.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the view.</exception>
    public EvidenceTable Bind(string name, string sql, CancellationToken cancellation)
    {
        lock (_turns) return StoredEvidence.Table(name, new(_database.Columns(sql, cancellation), []));
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    string Loaded(TwinTable study, CancellationToken cancellation)
    {
        if (_loaded.TryGetValue(study, out string? loaded)) return loaded;
        string table = string.Create(CultureInfo.InvariantCulture, $"{Studies}.study_{_loaded.Count}");
        Execute($"CREATE OR REPLACE TABLE {table} ({s_columns})", cancellation);
        string[] rows = [.. study.Networks.Select(network => $"({string.Join(", ", network.Fields.Select(field => field is null ? "NULL" : Database.Literal(field)))})")];
        if (rows.Length > 0) Execute($"INSERT INTO {table} VALUES {string.Join(",\n", rows)}", cancellation);
        return _loaded[study] = table;
    }

    void Execute(string sql, CancellationToken cancellation) => _database.Seated(seat =>
    {
        seat.Execute(sql, cancellation);
        return true;
    }, cancellation);
}
