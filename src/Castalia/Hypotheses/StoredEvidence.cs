using System.Numerics;
using Castalia.Store;

namespace Castalia.Hypotheses;

/// <summary>The views of stored runs.</summary>
/// <param name="store">The runs.</param>
sealed class StoredEvidence(RunStore store) : IEvidenceSource
{
    /// <inheritdoc/>
    public string Name => $"{Reports.Figures.Of(store.Runs.Count, "run")} in {store.Folder}";

    /// <inheritdoc/>
    public EvidenceTable Query(string name, string sql, CancellationToken cancellation) => Table(name, store.Query(sql, cancellation));

    /// <summary>A query's result with every number a double.</summary>
    public static EvidenceTable Table(string name, QueryResult result) => new(
        name, [.. result.Columns.Select(column => new TableColumn(column.Name, column.Type))], [.. result.Rows.Select(row => (object?[])[.. row.Select(Value)])]);

    static object? Value(object? value) => value switch
    {
        long whole => (double)whole,
        BigInteger whole => (double)whole,
        decimal exact => (double)exact,
        float real => (double)real,
        _ => value,
    };
}
