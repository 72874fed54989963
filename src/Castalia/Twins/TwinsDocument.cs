using System.Text.Json.Serialization;

namespace Castalia.Twins;

/// <summary>A study for programs; entropies and losses in nats. Null is what is undefined.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Folder">Where networks and runs are.</param>
/// <param name="Shipped">How networks.csv stands to the one that ships with a built-in plan: equal or differs; null where there is none.</param>
/// <param name="Networks">One each, in the plan's order: the columns of networks.csv, the levels of its cell, its last checkpoint and its run.</param>
sealed record TwinsDocument(string Plan, string Folder, string? Shipped, IReadOnlyList<IReadOnlyDictionary<string, object?>> Networks)
{
    /// <summary>Of a study.</summary>
    /// <param name="folder">Where networks and runs are.</param>
    /// <param name="twins">The networks.</param>
    /// <param name="table">The same as a table.</param>
    /// <param name="isShipped">Whether the table equals the one that ships; null where there is none.</param>
    public static TwinsDocument Of(string folder, IReadOnlyList<MeasuredTwin> twins, TwinTable table, bool? isShipped) =>
        new(table.Plan, folder, isShipped is { } equal ? equal ? "equal" : "differs" : null, [.. twins.Zip(table.Networks, Network)]);

    static OrderedDictionary<string, object?> Network(MeasuredTwin measured, TwinNetwork network) => new(network.Values)
    {
        ["levels"] = new OrderedDictionary<string, string>(measured.Twin.Cell.Levels.Select(level => KeyValuePair.Create(level.Factor, level.Value))),
        ["checkpoint"] = measured.Trained.Folder,
        ["run"] = measured.Run,
    };
}

/// <summary>How studies are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TwinsDocument))]
// What a network's columns hold.
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(ulong))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(OrderedDictionary<string, string>))]
sealed partial class TwinsJson : JsonSerializerContext;
