using Castalia.Hypotheses.Conditions;
using Castalia.Wording;

namespace Castalia.Hypotheses.Measures;

/// <summary>Rows that a statistic is taken of.</summary>
/// <param name="table">The table, with the columns.</param>
/// <param name="rows">Those of its rows that count.</param>
sealed class MeasureRows(EvidenceTable table, IReadOnlyList<object?[]> rows)
{
    /// <summary>How many rows.</summary>
    public int Count => rows.Count;

    /// <summary>The rows in which every one of the columns has a value, with a note where there are others.</summary>
    public (MeasureRows Rows, IReadOnlyList<string> Notes) Complete(IEnumerable<Column> columns)
    {
        int[] used = [.. columns.Select(column => table.IndexOf(column.Name))];
        object?[][] complete = [.. rows.Where(row => used.All(i => row[i] is not null))];
        int dropped = rows.Count - complete.Length;
        return (new(table, complete), dropped == 0 ? [] : [$"{Figures.Of(dropped, "row")} without a value left out"]);
    }

    /// <summary>Numbers of a column, true as 1 and false as 0; of complete rows.</summary>
    public double[] Numbers(Column column)
    {
        int i = table.IndexOf(column.Name);
        return [.. rows.Select(row => row[i] switch
        {
            double number => number,
            bool truth => truth ? 1 : 0,
            var other => throw new InvalidOperationException($"No number: {other} in {column.Name}."),
        })];
    }

    /// <summary>Values of a column as labels; of complete rows. Models of the same prompt are told apart.</summary>
    public string[] Labels(Column column)
    {
        int i = table.IndexOf(column.Name);
        return [.. rows.Select(row => FormattableString.Invariant($"{row[i]}"))];
    }

    /// <summary>Indices of the rows of each cluster; of complete rows.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Clusters(Column column)
    {
        string[] labels = Labels(column);
        return [.. Enumerable.Range(0, labels.Length).GroupBy(i => labels[i], StringComparer.Ordinal).Select(cluster => cluster.ToArray())];
    }

    /// <summary>Whether a condition holds of each row; null where that turns on a missing value.</summary>
    public bool?[] Hold(Condition condition) => [.. rows.Select(row => Evaluation.Of(condition, name => row[table.IndexOf(name)] switch
    {
        double number => Meaning.Of(number),
        bool truth => Meaning.Of(truth),
        _ => Meaning.Undefined("no value"),
    }))];
}
