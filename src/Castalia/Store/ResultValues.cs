using System.Globalization;
using System.Numerics;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Castalia.Store;

/// <summary>How values of one SQL type are read.</summary>
/// <param name="Select">From a column's identifier the expression that is selected.</param>
/// <param name="Read">Reads a value that is not null.</param>
sealed record ResultValues(Func<string, string> Select, Func<DuckDBDataReader, int, object?> Read)
{
    /// <summary>The way for a column.</summary>
    public static ResultValues Of(QueryColumn column) => column.Type switch
    {
        "BOOLEAN" => new(Same, (row, i) => row.GetBoolean(i)),
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => new(As("BIGINT"), (row, i) => row.GetInt64(i)),
        "UBIGINT" or "HUGEINT" or "UHUGEINT" or "BIGNUM" => new(As("VARCHAR"), (row, i) => Whole(row.GetString(i))),
        "FLOAT" => new(Same, (row, i) => Real(row.GetFloat(i))),
        "DOUBLE" => new(Same, (row, i) => Real(row.GetDouble(i))),
        "VARCHAR" => new(Same, (row, i) => row.GetString(i)),
        "TIMESTAMP" => new(Same, (row, i) => Time(row.GetFieldValue<DuckDBTimestamp>(i))),
        "BOOLEAN[]" => new(Same, (row, i) => List<bool?>(row, i, value => value)),
        "INTEGER[]" or "BIGINT[]" => new(As("BIGINT[]"), (row, i) => List<long?>(row, i, value => value)),
        "FLOAT[]" or "DOUBLE[]" => new(As("DOUBLE[]"), (row, i) => List<double?>(row, i, value => value is { } real ? Real(real) : null)),
        "VARCHAR[]" => new(Same, (row, i) => List<string?>(row, i, value => value)),
        _ when column.IsNumber => new(As("VARCHAR"), (row, i) => Exact(row.GetString(i))), // DECIMAL
        _ => new(As("VARCHAR"), (row, i) => row.GetString(i)),
    };

    /// <summary>The expression that a column is written to a file by.</summary>
    public static string Stored(QueryColumn column)
    {
        string name = Database.Identifier(column.Name);
        return column.Type is "FLOAT" or "DOUBLE" ? $"CASE WHEN isfinite({name}) THEN {name} END AS {name}" : name;
    }

    static string Same(string column) => column;

    static Func<string, string> As(string type) => column => $"CAST({column} AS {type})";

    // NaN and infinities stand for undefined, as in readings.
    static double? Real(double value) => double.IsFinite(value) ? value : null;

    // A float's own digits: 0.1 is not 0.10000000149011612.
    static double? Real(float value) => !float.IsFinite(value) ? null : double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    static object Whole(string digits) => long.TryParse(digits, CultureInfo.InvariantCulture, out long value) ? (object)value : BigInteger.Parse(digits, CultureInfo.InvariantCulture);

    static object Exact(string digits) => decimal.TryParse(digits, CultureInfo.InvariantCulture, out decimal value) &&
        value.ToString(CultureInfo.InvariantCulture) == digits ? (object)value : digits;

    static object Time(DuckDBTimestamp time) => time.IsInfinity ? time.IsPositiveInfinity ? "infinity" : "-infinity"
        : DateTime.SpecifyKind(time.ToDateTime(), DateTimeKind.Utc);

    static object?[] List<T>(DuckDBDataReader row, int column, Func<T, object?> value) => [.. row.GetFieldValue<List<T>>(column).Select(value)];
}
