using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Errors;

namespace Castalia.Sweeps;

/// <summary>Why a cell failed.</summary>
/// <param name="Cause">What is wrong.</param>
/// <param name="Where">Where.</param>
/// <param name="ToDo">What to do.</param>
/// <param name="AtUtc">When.</param>
/// <param name="Machine">On which machine.</param>
sealed record SweepFailure(string Cause, string Where, string ToDo, DateTime AtUtc, string Machine);

/// <summary>A cell as the list of a plan has it.</summary>
/// <param name="Key">Its provisional name.</param>
/// <param name="Checkpoint">Its checkpoint; of others what they are of.</param>
/// <param name="Task">What is done with it.</param>
/// <param name="Place">The folder that its result appears in, below the sweep's; null for the runs.</param>
sealed record PlannedCell(string Key, string Checkpoint, string Task, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Place = null);

/// <summary>How both are written: members in snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SweepFailure))]
[JsonSerializable(typeof(PlannedCell))]
sealed partial class SweepFilesJson : JsonSerializerContext;

/// <summary>The failures of a sweep, a file for each cell.</summary>
static class SweepFailures
{
    /// <summary>Remembers one.</summary>
    public static void Write(SweepFolder folder, string key, InputException why) => folder.Write(Path.Combine(folder.Failed, key), JsonSerializer.Serialize(
        new SweepFailure(why.Cause, why.Place, why.Remedy, DateTime.UtcNow, Environment.MachineName), SweepFilesJson.Default.SweepFailure) + "\n");

    /// <summary>One; a file that cannot be read says so itself.</summary>
    public static SweepFailure Read(SweepFolder folder, string key)
    {
        string path = Path.Combine(folder.Failed, key);
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllText(path), SweepFilesJson.Default.SweepFailure) is { Cause: not null, Where: not null, ToDo: not null } failure) return failure;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // As below.
        }
        return new("It failed; why, cannot be read.", path, "castalia sweep retry.", default, "");
    }

    /// <summary>Forgets some, so that they are tried again.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="keys">Provisional names or their beginnings; none for all.</param>
    /// <returns>How many.</returns>
    /// <exception cref="InputException">No such failure; the disk refuses.</exception>
    public static int Forget(SweepFolder folder, IReadOnlyList<string> keys)
    {
        string[] failed = [.. SweepFolder.Names(folder.Failed)];
        foreach (string key in keys)
            if (!failed.Any(name => name.StartsWith(key, StringComparison.Ordinal))) throw SweepErrors.NoSuchFailure(key, folder.Path);
        string[] meant = [.. failed.Where(name => keys.Count == 0 || keys.Any(key => name.StartsWith(key, StringComparison.Ordinal)))];
        folder.Writing(() =>
        {
            foreach (string name in meant) File.Delete(Path.Combine(folder.Failed, name));
        });
        return meant.Length;
    }
}
