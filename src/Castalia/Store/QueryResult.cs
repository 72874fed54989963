namespace Castalia.Store;

/// <summary>A column of a query's result.</summary>
/// <param name="Name">Its name; where the query gives one name twice, the second has a number.</param>
/// <param name="Type">Its SQL type.</param>
sealed record QueryColumn(string Name, string Type)
{
    /// <summary>Whether it holds numbers.</summary>
    public bool IsNumber => Type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT"
        or "BIGNUM" or "FLOAT" or "DOUBLE" || Type.StartsWith("DECIMAL", StringComparison.Ordinal);
}

/// <summary>What a query gave.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">
/// Its rows. A value is null, bool, long, BigInteger (beyond long), double, decimal, string, DateTime (UTC) or object?[]; null also where the database has NaN
/// or an infinity, for these are undefined here. Other types (dates, intervals, structs, maps, …) are the text that the database writes for them.
/// </param>
sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<object?[]> Rows);
