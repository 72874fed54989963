using System.Text.Json;
using System.Text.RegularExpressions;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>Reads in the database's plan of a query what the query reads; a plan that is not understood in every part reads everything.</summary>
/// <remarks>
/// The plan is made with every optimizer off but the one that drops columns: a filter stands above its scan as it was written. What is taken from it can
/// only be too much: a column that were missing would not be there, and the query would fail.
/// </remarks>
static partial class QueryPlan
{
    const string Scan = "SEQ_SCAN", Filter = "FILTER", Ours = "memory.main.", OfLastBlocks = $"({LastBlock})", LastBlock = "layer = (n_layers - 1)", Run = "run";

    // What gives rows without a table.
    static readonly string[] s_withoutTable = ["DUMMY_SCAN", "COLUMN_DATA_SCAN", "EXPRESSION_SCAN", "DELIM_SCAN", "CTE_SCAN"];

    static readonly Dictionary<string, HashSet<string>> s_ofRuns = RunTables.All.ToDictionary(
        table => table.Name, table => table.Columns.Select(c => c.Name).Append(Run).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    static readonly HashSet<string> s_ofMemory = new([.. new[] { StoreViews.Runs, StoreViews.Models, StoreViews.Prompts, StoreViews.Cards, StoreViews.CardValues }.Select(view => view.Name)], StringComparer.Ordinal);

    /// <summary>What is read by a query of this plan.</summary>
    /// <param name="json">As EXPLAIN (FORMAT json) prints it.</param>
    public static QueryNeeds Needs(string json)
    {
        try
        {
            using var plan = JsonDocument.Parse(json, new() { MaxDepth = 1000 });
            List<(string, TableNeed)> scans = [];
            return plan.RootElement.EnumerateArray().All(node => IsUnderstood(node, above: null, scans)) ? QueryNeeds.Of(scans) : QueryNeeds.Everything;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return QueryNeeds.Everything;
        }
    }

    static bool IsUnderstood(JsonElement node, JsonElement? above, List<(string, TableNeed)> scans)
    {
        string name = Name(node);
        var children = node.GetProperty("children");
        if (children.GetArrayLength() > 0) return children.EnumerateArray().All(child => IsUnderstood(child, node, scans));
        if (name != Scan) return s_withoutTable.Contains(name);
        var told = node.GetProperty("extra_info");
        string table = told.GetProperty("Table").GetString()!;
        if (!table.StartsWith(Ours, StringComparison.Ordinal)) return false;
        table = table[Ours.Length..];
        string[] columns = Texts(told.GetProperty("Projections"));
        if (s_ofRuns.TryGetValue(table, out var known))
        {
            if (!columns.All(known.Contains)) return false;
            string[] conditions = above is { } filter && Name(filter) == Filter ? Texts(filter.GetProperty("extra_info").GetProperty("Expression")) : [];
            scans.Add((table, new(
                columns.Append(Run).ToHashSet(StringComparer.Ordinal), conditions.Any(HasLastBlock),
                conditions.Select(RuleOf).FirstOrDefault(rule => rule is not null) is { } rule ? new HashSet<string>([rule], StringComparer.Ordinal) : null)));
            return true;
        }
        scans.Add((table, new(new HashSet<string>(), false)));
        return s_ofMemory.Contains(table);
    }

    static string Name(JsonElement node) => node.GetProperty("name").GetString()!.Trim();

    /// <summary>A list stands as such, one text by itself, and none as an empty one.</summary>
    static string[] Texts(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => one.GetString()!)]
        : value.GetString() is { Length: > 0 } one ? [one] : [];

    /// <summary>Whether a condition is of last blocks, or says so in one of the parts that must all hold.</summary>
    internal static bool HasLastBlock(string condition) => MustHold(condition).Contains(OfLastBlocks);

    /// <summary>The position rule that a condition asks for, or one of the parts that must all hold; null where it asks for none, or for several.</summary>
    internal static string? RuleOf(string condition) => MustHold(condition).Select(part => OfRule().Match(part)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    /// <summary>A condition's parts that must all hold, in their brackets; itself where it has none.</summary>
    static IEnumerable<string> MustHold(string condition)
    {
        if (IsEnclosed(condition) && Parts(condition[1..^1]) is { Count: > 1 } parts && parts.TrueForAll(IsEnclosed)) return parts.SelectMany(MustHold);
        return [condition];
    }

    /// <summary>Whether a bracket at its beginning is closed at its end.</summary>
    static bool IsEnclosed(string text) => text.Length > 1 && text[0] == '(' && Depths(text).TakeWhile(depth => depth > 0).Count() == text.Length - 1;

    /// <summary>The texts between the outermost ANDs.</summary>
    static List<string> Parts(string text)
    {
        const string and = " AND ";
        int[] depths = [.. Depths(text)];
        List<string> parts = [];
        int begin = 0;
        for (int i = 0; i + and.Length <= text.Length; i++)
        {
            if (depths[i] != 0 || !text.AsSpan(i).StartsWith(and)) continue;
            parts.Add(text[begin..i]);
            begin = i + and.Length;
            i = begin - 1;
        }
        parts.Add(text[begin..]);
        return parts;
    }

    /// <summary>How many brackets are open after each character; inside a quoted text one more than around it.</summary>
    static IEnumerable<int> Depths(string text)
    {
        int open = 0;
        char quote = '\0';
        foreach (char c in text)
        {
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else open += c == '(' ? 1 : c == ')' ? -1 : 0;
            yield return quote != '\0' ? open + 1 : open;
        }
    }

    [GeneratedRegex(@"^\(position_rule = (?:CAST\()?'([a-z-]+)'(?: AS VARCHAR\))?\)\z")]
    private static partial Regex OfRule();
}
