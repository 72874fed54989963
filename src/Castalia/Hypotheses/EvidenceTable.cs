namespace Castalia.Hypotheses;

/// <summary>What can be computed from a column.</summary>
enum ColumnKind
{
    Number,
    Truth,
    Text,
    Other,
}

/// <summary>A column of a query's result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type.</param>
readonly record struct TableColumn(string Name, string Type)
{
    /// <summary>What its values are.</summary>
    public ColumnKind Kind => Type switch
    {
        "BOOLEAN" => ColumnKind.Truth,
        "VARCHAR" => ColumnKind.Text,
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT"
            or "FLOAT" or "DOUBLE" => ColumnKind.Number,
        _ when Type.StartsWith("DECIMAL", StringComparison.Ordinal) => ColumnKind.Number,
        _ => ColumnKind.Other,
    };

    /// <summary>Its kind in words.</summary>
    public string Words => Kind switch
    {
        ColumnKind.Number => "a number",
        ColumnKind.Truth => "true or false",
        ColumnKind.Text => "a text",
        _ => $"of type {Type}",
    };
}

/// <summary>Rows of a query. Values: a double, a bool, a string, or null.</summary>
/// <param name="Name">The query's name.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
sealed record EvidenceTable(string Name, IReadOnlyList<TableColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Index of a column; −1 without it.</summary>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
            if (Columns[i].Name == column) return i;
        return -1;
    }

    /// <summary>The run of a row.</summary>
    public string Run(object?[] row) => (string)row[IndexOf("run")]!;

    /// <summary>The model of a row.</summary>
    public string Model(object?[] row) => (string)row[IndexOf("model")]!;

    /// <summary>The models of runs that its rows are of, in the order of their first rows.</summary>
    public IReadOnlyList<ModelOfRows> Models() =>
        [.. Rows.GroupBy(row => (Run: Run(row), Model: Model(row))).Select(rows => new ModelOfRows(rows.Key.Run, rows.Key.Model, Prompts(rows)))];

    /// <summary>Prompts behind rows of one model: the largest of a column prompts, or how many prompts a column prompt tells apart; null without either.</summary>
    public int? Prompts(IEnumerable<object?[]> rows) =>
        IndexOf("prompts") is >= 0 and var count ? (int)rows.Select(row => row[count] as double? ?? 0).DefaultIfEmpty(0).Max()
        : IndexOf("prompt") is >= 0 and var name ? rows.Select(row => row[name]).Where(prompt => prompt is not null).Distinct().Count()
        : null;
}

/// <summary>A model of a run that a query has rows of.</summary>
/// <param name="Run">The run.</param>
/// <param name="Model">Its name there.</param>
/// <param name="Prompts">Prompts behind those rows; null where no column counts them.</param>
readonly record struct ModelOfRows(string Run, string Model, int? Prompts);
