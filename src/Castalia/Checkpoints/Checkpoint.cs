using System.Text.Json.Nodes;

namespace Castalia.Checkpoints;

/// <summary>One file of a checkpoint, for the provenance of a run.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Length.</param>
public sealed record CheckpointFile(string Path, long Bytes);

/// <summary>The container a checkpoint's weights are in.</summary>
public enum CheckpointFormat
{
    /// <summary>A Hugging Face folder with one or more safetensors files.</summary>
    Safetensors,
    /// <summary>One GGUF v3 file.</summary>
    Gguf,
}

/// <summary>A checkpoint on disk: named tensors over memory-mapped files, and what describes them.</summary>
public sealed class Checkpoint : IDisposable
{
    /// <summary>Opens a Hugging Face folder, a GGUF file, or a folder that holds exactly one GGUF file and no config.json.</summary>
    /// <exception cref="Errors.InputException">Anything in the headers that cannot be trusted.</exception>
    public static Checkpoint Open(string path) => throw new NotImplementedException();

    /// <summary>The path as the user gave it, made absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The container.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>Every file read: weights, index, config.</summary>
    public required IReadOnlyList<CheckpointFile> Files { get; init; }

    /// <summary>The tensors by name.</summary>
    public required IReadOnlyDictionary<string, Tensor> Tensors { get; init; }

    /// <summary>config.json; null for GGUF.</summary>
    public JsonObject? Config { get; init; }

    /// <summary>GGUF metadata by key; null for a folder.</summary>
    public GgufMetadata? Metadata { get; init; }

    /// <inheritdoc/>
    public void Dispose() { }
}

/// <summary>The key/value section of a GGUF file.</summary>
public sealed class GgufMetadata
{
    /// <summary>Values by key: bool, byte…ulong, float, double, string, or an array of one of those (string[], int[], float[] …).</summary>
    public required IReadOnlyDictionary<string, object> Values { get; init; }
}
