using System.Numerics;
using Castalia.Store;
using Castalia.Untrained;

namespace Castalia.Hypotheses;

/// <summary>The views of stored runs, without Castalia's own untrained networks: they expand by theory and say nothing of trained models.</summary>
/// <param name="store">The runs.</param>
sealed class StoredEvidence(RunStore store) : IEvidenceSource
{
    /// <inheritdoc/>
    public string Name => $"{Reports.Figures.Of(store.Runs.Count, "run")} in {store.Folder}" +
        (store.Gains().Any(row => IsUntrained(row.Model)) ? ", untrained networks left out" : "");

    /// <inheritdoc/>
    public EvidenceTable Query(string name, string sql, CancellationToken cancellation)
    {
        var table = Table(name, store.Query(sql, cancellation));
        int model = table.IndexOf("model");
        return model < 0 ? table : table with { Rows = [.. table.Rows.Where(row => row[model] is not string named || !IsUntrained(named))] };
    }

    static bool IsUntrained(string model) => model.StartsWith(UntrainedNetwork.NamePrefix, StringComparison.Ordinal);

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
