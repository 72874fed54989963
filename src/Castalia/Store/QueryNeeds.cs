using Castalia.Runs;

namespace Castalia.Store;

/// <summary>What queries read of one table.</summary>
/// <param name="Columns">The columns, and the run.</param>
/// <param name="IsOfLastBlocks">Whether they read rows of last blocks alone.</param>
/// <param name="Rules">The position rules whose rows alone they read; null for every one.</param>
sealed record TableNeed(IReadOnlySet<string> Columns, bool IsOfLastBlocks, IReadOnlySet<string>? Rules = null)
{
    /// <summary>What either reads.</summary>
    public TableNeed And(TableNeed other) => new(
        Columns.Union(other.Columns).ToHashSet(StringComparer.Ordinal), IsOfLastBlocks && other.IsOfLastBlocks,
        Rules is null || other.Rules is null ? null : Rules.Union(other.Rules).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether another finds here all that it reads.</summary>
    public bool Covers(TableNeed other) =>
        Columns.IsSupersetOf(other.Columns) && (!IsOfLastBlocks || other.IsOfLastBlocks) && (Rules is null || (other.Rules is not null && Rules.IsSupersetOf(other.Rules)));
}

/// <summary>What queries read of the tables of the store.</summary>
sealed class QueryNeeds
{
    readonly IReadOnlyDictionary<string, TableNeed>? _tables;

    QueryNeeds(IReadOnlyDictionary<string, TableNeed>? tables) => _tables = tables;

    /// <summary>Every row and column.</summary>
    public static QueryNeeds Everything { get; } = new(null);

    /// <summary>Nothing.</summary>
    public static QueryNeeds Nothing { get; } = new(new Dictionary<string, TableNeed>());

    /// <summary>What scans read: several of one table together.</summary>
    /// <param name="scans">Tables by name, and what is read of them.</param>
    public static QueryNeeds Of(IEnumerable<(string Table, TableNeed Need)> scans) => new(scans.GroupBy(scan => scan.Table, StringComparer.Ordinal)
        .ToDictionary(table => table.Key, table => table.Select(scan => scan.Need).Aggregate((one, other) => one.And(other)), StringComparer.Ordinal));

    /// <summary>Whether nothing may be left out.</summary>
    public bool IsEverything => _tables is null;

    /// <summary>What is read of a table; null where none of it is, or nothing may be left out.</summary>
    public TableNeed? Of(string table) => _tables?.GetValueOrDefault(table);

    /// <summary>Columns of a table of runs that are read; null where they are all there.</summary>
    public IReadOnlySet<string>? Columns(RunTable table) => Of(table.Name)?.Columns;

    /// <summary>What either reads.</summary>
    public QueryNeeds And(QueryNeeds other) =>
        _tables is null || other._tables is null ? Everything : Of(_tables.Concat(other._tables).Select(table => (table.Key, table.Value)));

    /// <summary>Whether another finds here all that it reads.</summary>
    public bool Covers(QueryNeeds other) => _tables is null || (other._tables is not null && other._tables.All(table => Of(table.Key)?.Covers(table.Value) == true));
}
