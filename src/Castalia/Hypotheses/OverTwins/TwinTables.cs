using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>Studies whose networks hypotheses read: those that ship, and the user's own in place of the shipped of that name.</summary>
/// <param name="Tables">By the plan's name.</param>
/// <param name="Own">Names of those that are the user's.</param>
sealed record TwinTables(IReadOnlyDictionary<string, TwinTable> Tables, IReadOnlyList<string> Own)
{
    /// <summary>Those that ship.</summary>
    public static TwinTables Shipped { get; } = new(
        ShippedStudy.All.Where(study => study.Table is not null).ToDictionary(study => study.Name, study => study.Table!, StringComparer.Ordinal), []);

    /// <summary>Those that ship and those of folders.</summary>
    /// <param name="folders">Folders that 'castalia twins' filled.</param>
    /// <exception cref="InputException">One holds no study.</exception>
    public static TwinTables With(IReadOnlyList<string> folders)
    {
        if (folders.Count == 0) return Shipped;
        var tables = Shipped.Tables.ToDictionary(StringComparer.Ordinal);
        List<string> own = [];
        foreach (var table in folders.Select(TwinTable.Read))
        {
            tables[table.Plan] = table;
            own.Add(table.Plan);
        }
        return new(tables, own);
    }
}
