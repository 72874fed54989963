using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Twins;

/// <summary>A study that ships: its plan, and its networks as they were measured.</summary>
/// <param name="name">By which it is asked for, and the plan's name.</param>
/// <param name="tableText">networks.csv as it ships; null where it has not been carried out.</param>
sealed class ShippedStudy(string name, string? tableText)
{
    const string Plans = "Studies/", Tables = "StudyTables/";

    static readonly string[] s_other = ["cell"];

    readonly Lazy<TwinPlan> _plan = new(() => TwinPlanReader.Of(PlanOf(name)));

    readonly Lazy<TwinTable?> _table = new(() => tableText is null ? null : TwinTable.Parse(tableText, $"{name}.csv"));

    /// <summary>Names of those that ship, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Embedded.Names(Plans).Select(name => name[Plans.Length..])];

    static readonly Lazy<IReadOnlyList<ShippedStudy>> s_all = new(() => [.. Names.Select(Read)]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ShippedStudy> All => s_all.Value;

    /// <summary>One by its name; null where none has it.</summary>
    public static ShippedStudy? Of(string name) => All.FirstOrDefault(study => study.Name == name);

    /// <summary>By which it is asked for, and the plan's name.</summary>
    public string Name { get; } = name;

    /// <summary>networks.csv as it ships; null where it has not been carried out.</summary>
    public string? TableText { get; } = tableText;

    /// <summary>The plan.</summary>
    public TwinPlan Plan => _plan.Value;

    /// <summary>Its networks; null where it has not been carried out.</summary>
    public TwinTable? Table => _table.Value;

    /// <summary>The command that carries it out.</summary>
    public string Command => $"castalia twins {Name} --out DIR";

    /// <summary>A plan that ships, as a file.</summary>
    internal static SourceText PlanOf(string name) => Embedded.Source(Plans + name, TwinPlanReader.Format);

    /// <summary>Its text.</summary>
    /// <exception cref="InputException">None has that name.</exception>
    public static string TextOf(string name) => Names.Contains(name) ? PlanOf(name).Text : throw TwinErrors.NoSuchPlan(name, Nearest.Of(name, Names), Names);

    /// <summary>How networks that were measured under its plan stand to those that ship: columns that differ, and how many networks differ in any.</summary>
    public (IReadOnlyList<string> Columns, int Networks) Differences(TwinTable other)
    {
        var rows = Table!.Networks.ToDictionary(network => (network.Cell, network.Seed));
        var differing = other.Networks.Select(network => rows.TryGetValue((network.Cell, network.Seed), out var shipped)
            ? [.. TwinColumn.All.Index().Where(column => shipped.Fields[column.Index] != network.Fields[column.Index]).Select(column => column.Item.Name)] : s_other).ToList();
        return ([.. differing.SelectMany(columns => columns).Distinct()], differing.Count(columns => columns.Length > 0));
    }

    static ShippedStudy Read(string name)
    {
        string? table = Embedded.Names(Tables).Contains(Tables + name) ? Embedded.Source(Tables + name, TwinPlanReader.Format).Text : null;
        return new(name, table);
    }
}
