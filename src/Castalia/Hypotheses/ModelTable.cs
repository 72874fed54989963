using Castalia.Errors;

namespace Castalia.Hypotheses;

/// <summary>One row for each model: results of tests per model as <c>test.field</c>, and columns of queries with one row for each model as <c>query.column</c>.</summary>
static class ModelTable
{
    /// <summary>The columns that a test over the models may name.</summary>
    public static IReadOnlyList<TableColumn> Columns(Hypothesis h, Measure test, IReadOnlyDictionary<string, EvidenceTable> tables) =>
    [
        .. NameCheck.Before(h, test).Select(name => new TableColumn(name, "DOUBLE")),
        .. tables.Values.SelectMany(table => table.Columns.Select(column => column with { Name = $"{table.Name}.{column.Name}" })),
    ];

    /// <summary>The rows that a test over the models is taken of, with the columns it names.</summary>
    /// <param name="h">The hypothesis.</param>
    /// <param name="test">The test.</param>
    /// <param name="models">The models, in order.</param>
    /// <param name="tables">The queries, of the chosen runs only.</param>
    /// <param name="results">What earlier tests gave, by test and model.</param>
    /// <exception cref="InputException">A query whose columns it names has several rows for a model.</exception>
    public static EvidenceTable Of(
        Hypothesis h, Measure test, IReadOnlyList<string> models, IReadOnlyDictionary<string, EvidenceTable> tables,
        IReadOnlyDictionary<(string Test, string Model), Measures.MeasureResult> results)
    {
        string[] named = [.. ColumnCheck.Names(test)];
        TableColumn[] columns = [.. Columns(h, test, tables).Where(column => named.Contains(column.Name))];
        return new("models", columns, [.. models.Select(model => (object?[])[.. columns.Select(column => Value(column.Name, model))])]);

        object? Value(string name, string model)
        {
            string[] parts = name.Split('.');
            if (results.TryGetValue((parts[0], model), out var result)) return result.Fields[parts[1]].Value;
            var table = tables[parts[0]];
            object?[][] rows = [.. table.Rows.Where(row => table.Model(row) == model)];
            if (rows.Length > 1) throw HypothesisErrors.ManyRows(test.Place, table.Name, model, rows.Length);
            return rows.Length == 0 ? null : rows[0][table.IndexOf(parts[1])];
        }
    }
}
