using System.Text.Json.Serialization;
using Castalia.Errors;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>A study for programs; entropies and losses in nats. Null is what is undefined.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Folder">Where networks and runs are.</param>
/// <param name="Shipped">How networks.csv stands to the one that ships with a built-in plan: equal or differs; null where there is none.</param>
/// <param name="Networks">One each, in the plan's order: the columns of networks.csv, the levels of its cell, its last checkpoint and its run.</param>
/// <param name="Failed">Those that could not be trained and measured, in the plan's order.</param>
sealed record TwinsDocument(
    string Plan, string Folder, string? Shipped, IReadOnlyList<IReadOnlyDictionary<string, object?>> Networks, IReadOnlyList<FailedTwinDocument> Failed)
{
    /// <summary>Of a study.</summary>
    /// <param name="plan">The plan's name.</param>
    /// <param name="folder">Where networks and runs are.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="isShipped">Whether the table equals the one that ships; null where there is none.</param>
    public static TwinsDocument Of(string plan, string folder, StudyOutcome outcome, bool? isShipped) => new(
        plan, folder, isShipped is { } equal ? equal ? "equal" : "differs" : null, [.. outcome.Measured.Select(measured => Network(measured, TwinNetwork.Of(measured)))],
        [.. outcome.Failed.Select(failed => FailedTwinDocument.Of(failed.Twin, failed.Why))]);

    static OrderedDictionary<string, object?> Network(MeasuredTwin measured, TwinNetwork network) => new(network.Values)
    {
        ["levels"] = new OrderedDictionary<string, string>(measured.Twin.Cell.Levels.Select(level => KeyValuePair.Create(level.Factor, level.Value))),
        ["checkpoint"] = measured.Trained.Folder,
        ["run"] = measured.Run,
    };
}

/// <summary>A network that could not be trained and measured.</summary>
/// <param name="Cell">Its cell.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Cause">What is wrong.</param>
/// <param name="Place">Where.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Step">Where it diverged: the step, from 1; null for other reasons.</param>
/// <param name="Tensor">The tensor; null likewise.</param>
/// <param name="Value">The value there, "NaN", "Infinity" and "-Infinity" as texts; null likewise.</param>
sealed record FailedTwinDocument(
    string Cell, ulong Seed, string Cause, string Place, string Remedy, int? Step, string? Tensor, [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] float? Value)
{
    /// <summary>Of a network, with why.</summary>
    public static FailedTwinDocument Of(Twin twin, InputException why)
    {
        var diverged = why.Detail as Divergence;
        return new(twin.Cell.Name, twin.Seed, why.Cause, why.Place, why.Remedy, diverged?.Step, diverged?.Tensor, diverged?.Value);
    }
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
