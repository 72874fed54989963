using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Castalia.Checkpoints;

namespace Castalia.Store;

/// <summary>Runs that were found whole, as they are written: descriptions and prompts that several share stand once.</summary>
/// <param name="Format">Which build wrote it.</param>
/// <param name="Folder">The folder of the runs, absolute.</param>
/// <param name="Descriptions">Descriptions of models.</param>
/// <param name="Prompts">Lists of prompts.</param>
/// <param name="Runs">The runs.</param>
sealed record KeptFolder(string Format, string Folder, IReadOnlyList<JsonObject> Descriptions, IReadOnlyList<IReadOnlyList<StoredPrompt>> Prompts, IReadOnlyList<KeptRun> Runs)
{
    /// <summary>What this build writes: another may check more, or read another thing out of a manifest.</summary>
    public static string OfThisBuild { get; } = $"castalia checked runs 1 {typeof(KeptFolder).Module.ModuleVersionId:N} {typeof(Checkpoint).Module.ModuleVersionId:N}";

    public static KeptFolder Of(string folder, IEnumerable<(IReadOnlyList<KeptFile> Files, StoredRun Run)> runs)
    {
        var descriptions = new Once<JsonObject>(json => json.ToJsonString());
        var prompts = new Once<IReadOnlyList<StoredPrompt>>(list => System.Text.Json.JsonSerializer.Serialize(list, KeptJson.Default.IReadOnlyListStoredPrompt));
        List<KeptRun> kept = [.. runs.Select(one => KeptRun.Of(one.Files, one.Run, model => (descriptions.At(model.Architecture), prompts.At(model.Prompts))))];
        return new(OfThisBuild, folder, descriptions.Values, prompts.Values, kept);
    }

    /// <summary>Values without repeats.</summary>
    sealed class Once<T>(Func<T, string> key) where T : class
    {
        readonly Dictionary<T, int> _same = new(ReferenceEqualityComparer.Instance);
        readonly Dictionary<string, int> _equal = new(StringComparer.Ordinal);

        public List<T> Values { get; } = [];

        public int At(T value)
        {
            if (_same.TryGetValue(value, out int at)) return at;
            string text = key(value);
            if (!_equal.TryGetValue(text, out at))
            {
                _equal[text] = at = Values.Count;
                Values.Add(value);
            }
            return _same[value] = at;
        }
    }
}

/// <summary>How they are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KeptFolder))]
[JsonSerializable(typeof(IReadOnlyList<StoredPrompt>))]
sealed partial class KeptJson : JsonSerializerContext;
