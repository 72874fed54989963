using System.Text.RegularExpressions;
using Castalia.Errors;

namespace Castalia.Store;

/// <summary>What can be wrong with a query over stored runs.</summary>
static partial class QueryErrors
{
    static string Views => $"The views are {string.Join(", ", StoreViews.All.SkipLast(1).Select(view => view.Name))} and {StoreViews.All[^1].Name}; 'castalia query \"DESCRIBE gains\"' lists the columns of one.";

    /// <summary>No statement at all.</summary>
    public static InputException Empty() => new("The query is empty.", "the query", $"Give one SELECT. {Views}");

    /// <summary>More than one statement.</summary>
    public static InputException Several(string sql, int statements) => new(
        $"The query is {statements} statements; one is run at a time.", Quoted(sql),
        "Give one SELECT. A PIVOT without its IN list counts as several: state the values, ON category IN ('a', 'b').");

    /// <summary>A statement that is not a SELECT.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="type">What the database takes it for.</param>
    public static InputException NoSelect(string sql, string type) => new(
        $"The query is no SELECT (the database calls it {type.ToLowerInvariant()}); stored runs are only read.", Quoted(sql),
        "Give one SELECT; to keep its result: --format csv, json or parquet with --out FILE.");

    /// <summary>A function that does more than read.</summary>
    public static InputException NotHere(string sql, string function) => new(
        $"The function {function} does more than read.", Quoted(sql), $"Leave it out; a query reads stored runs and nothing else. {Views}");

    /// <summary>What the database said, in our form: its first lines, the line of the query, and what is there instead.</summary>
    public static InputException Refused(string sql, string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string cause = Kind().Replace(lines.Length > 0 ? lines[0] : "The query failed.", "");
        bool isOutside = cause.Contains("disabled by configuration", StringComparison.Ordinal) || cause.Contains("configuration has been locked", StringComparison.Ordinal);
        if (isOutside) return new($"{cause}.", Quoted(sql), $"A query reads stored runs and nothing else. {Views}");
        string place = lines.FirstOrDefault(line => line.StartsWith("LINE ", StringComparison.Ordinal)) is { } line ? $"the query, line {line[5..]}" : Quoted(sql);
        string near = string.Join(' ', lines.Skip(1).Where(line => line.StartsWith("Candidate", StringComparison.Ordinal) || line.StartsWith("Either", StringComparison.Ordinal)));
        return new(cause, place, near.Length > 0 ? $"{near}{(near.EndsWith('.') ? "" : ".")} {Views}" : Views);
    }

    /// <summary>A name for results that something has.</summary>
    public static InputException OutTaken(string path) => new(
        "There is something of that name already; results never replace a file.", path, "Name another file by --out, or remove this one.");

    /// <summary>A folder for results that is not there.</summary>
    public static InputException NoOutFolder(string path) => new("The folder of --out is not there.", path, "Make it, or name a file in another.");

    /// <summary>A disk that takes no more.</summary>
    public static InputException NotWritable(string path, Exception e) => new(
        $"The results cannot be written: {e.Message.Split('\n')[0]}", path, "Name by --out a file where you may write, with room.", e);

    static string Quoted(string sql)
    {
        const int Most = 70;
        string line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return $"the query: {(line.Length <= Most ? line : line[..(Most - 1)] + "…")}";
    }

    [GeneratedRegex("^(Binder|Catalog|Parser|Permission|Conversion|Invalid Input|Out of Range|Out of Memory|Not implemented|Constraint|Invalid) Error: ")]
    private static partial Regex Kind();
}
