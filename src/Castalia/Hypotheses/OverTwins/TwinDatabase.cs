using Castalia.Store;
using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>The view twins: a row for each network of some studies, every column of networks.csv with its type. It holds nothing else.</summary>
sealed class TwinDatabase : IDisposable
{
    readonly QueryDatabase _database;

    /// <param name="tables">The studies; none for the columns alone.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public TwinDatabase(IEnumerable<TwinTable> tables, CancellationToken cancellation)
    {
        string[] rows = [.. tables.SelectMany(table => table.Networks).Select(network => $"({string.Join(", ", network.Fields.Select(field => field is null ? "NULL" : Database.Literal(field)))})")];
        _database = new(database =>
        {
            database.Execute($"CREATE TABLE twins ({string.Join(", ", TwinColumn.All.Select(column => $"{Database.Identifier(column.Name)} {column.Type}"))})", cancellation);
            if (rows.Length > 0) database.Execute($"INSERT INTO twins VALUES {string.Join(",\n", rows)}", cancellation);
        }, output: null, cancellation);
    }

    /// <summary>Rows of a query, numbers as doubles.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the view.</exception>
    public EvidenceTable Query(string name, string sql, CancellationToken cancellation)
    {
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<object?[]>();
        _database.Run(sql, found => columns = found, rows.Add, cancellation);
        return StoredEvidence.Table(name, new(columns, rows));
    }

    /// <summary>The columns of a query, without its rows.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the view.</exception>
    public EvidenceTable Bind(string name, string sql, CancellationToken cancellation) => StoredEvidence.Table(name, new(_database.Columns(sql, cancellation), []));

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
