using System.Text.Json.Nodes;
using Castalia.Errors;

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
    /// <summary>A Hugging Face folder with one or more files that torch.save wrote.</summary>
    PyTorch,
    /// <summary>GGUF v3, one file or the parts of a split one.</summary>
    Gguf,
}

/// <summary>A checkpoint on disk: named tensors over memory-mapped files, and what describes them.</summary>
public sealed class Checkpoint : IDisposable
{
    IReadOnlyList<MappedFile> _mapped = [];

    /// <summary>Opens a Hugging Face folder, a GGUF file, any part of a split one, or a folder whose weights are exactly one GGUF model.</summary>
    /// <remarks>
    /// Which of a folder's files are read is for <see cref="WeightFiles"/> to say.
    /// A GGUF model describes itself: a config.json beside it is not read.
    /// </remarks>
    /// <exception cref="InputException">Anything in the headers that cannot be trusted.</exception>
    public static Checkpoint Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full)) return OpenGguf(full, full);
        if (!Directory.Exists(full)) throw CheckpointErrors.NoSuchPath(full);
        string config = System.IO.Path.Combine(full, "config.json");
        if (File.Exists(config) && HasHubWeights(full)) return OpenFolder(full, config);
        if (GgufModel.OnlyIn(full) is { } gguf) return OpenGguf(full, gguf);
        return File.Exists(config) ? OpenFolder(full, config) : throw CheckpointErrors.NoConfig(full);
    }

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

    /// <summary>Where a tensor lies in a mapped file; null for one that lies elsewhere.</summary>
    internal unsafe FileRange? RangeOf(Tensor tensor)
    {
        foreach (var file in _mapped)
            if (file.Range(tensor.Data, tensor.Extent) is { } range) return range;
        return null;
    }

    static Checkpoint OpenGguf(string path, string file)
    {
        var mapped = new List<MappedFile>();
        try
        {
            if (path == file && !file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            {
                using var one = MappedFile.Open(file);
                if (!GgufFile.HasMagic(one)) throw CheckpointErrors.NotACheckpointFile(file);
            }
            foreach (string part in GgufModel.FilesOf(file)) mapped.Add(MappedFile.Open(part));
            var (metadata, tensors) = GgufModel.Read(mapped);
            return new Checkpoint
            {
                Path = path,
                Format = CheckpointFormat.Gguf,
                Files = [.. mapped.Select(m => new CheckpointFile(m.Path, m.Length))],
                Tensors = tensors,
                Metadata = metadata,
                _mapped = mapped,
            };
        }
        catch
        {
            foreach (var part in mapped) part.Dispose();
            throw;
        }
    }

    static Checkpoint OpenFolder(string folder, string config)
    {
        var json = PythonJson.ReadObject(config);
        var (format, names, index) = WeightFiles.In(folder);
        var mapped = new List<MappedFile>();
        try
        {
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                mapped.Add(MappedFile.Open(System.IO.Path.Combine(folder, name)));
                foreach (var tensor in format == CheckpointFormat.PyTorch ? TorchFile.Read(mapped[^1]) : SafetensorsFile.Read(mapped[^1]))
                {
                    index?.Check(tensor.Name, name);
                    tensors.Add(tensor.Name, tensor);
                }
            }
            index?.CheckComplete(tensors.Keys);
            string[] described = index is null ? [config] : [config, index.Path];
            return new Checkpoint
            {
                Path = folder,
                Format = format,
                Files = [.. described.Select(f => new CheckpointFile(f, LengthOf(f))), .. mapped.Select(m => new CheckpointFile(m.Path, m.Length))],
                Tensors = tensors,
                Config = json,
                _mapped = mapped,
            };
        }
        catch
        {
            foreach (var file in mapped) file.Dispose();
            throw;
        }
    }

    /// <summary>Of the file itself, where the path is a link to it, as in the hub's cache.</summary>
    static long LengthOf(string path)
    {
        using var handle = File.OpenHandle(path);
        return RandomAccess.GetLength(handle);
    }

    static readonly string[] HubWeights = ["*.bin", "*.pt", "*.pth", "*.safetensors", "*.safetensors.index.json"];

    static bool HasHubWeights(string folder) =>
        HubWeights.Any(pattern => Directory.EnumerateFiles(folder, pattern).Any());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _mapped) file.Dispose();
    }
}
