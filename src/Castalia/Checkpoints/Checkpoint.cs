using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>One file of a checkpoint, for the provenance of a run.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Length.</param>
public sealed record CheckpointFile(string Path, long Bytes)
{
    /// <summary>SHA-256 of its contents, lower-case hexadecimal.</summary>
    /// <param name="progress">Told how many bytes more have been read; may be null.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    public string Sha256(IProgress<long>? progress, CancellationToken cancellation)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = file.Read(buffer)) > 0; progress?.Report(read))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>The container a checkpoint's weights are in.</summary>
public enum CheckpointFormat
{
    /// <summary>A Hugging Face folder with one or more safetensors files.</summary>
    Safetensors,
    /// <summary>A Hugging Face folder with one or more files that torch.save wrote.</summary>
    PyTorch,
    /// <summary>One GGUF v3 file.</summary>
    Gguf,
}

/// <summary>A checkpoint on disk: named tensors over memory-mapped files, and what describes them.</summary>
public sealed class Checkpoint : IDisposable
{
    IReadOnlyList<MappedFile> _mapped = [];

    /// <summary>Opens a Hugging Face folder, a GGUF file, or a folder that holds exactly one GGUF file and no config.json.</summary>
    /// <remarks>Which of a folder's files are read is for <see cref="WeightFiles"/> to say.</remarks>
    /// <exception cref="InputException">Anything in the headers that cannot be trusted.</exception>
    public static Checkpoint Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full)) return OpenGguf(full, full);
        if (!Directory.Exists(full)) throw CheckpointErrors.NoSuchPath(full);
        string config = System.IO.Path.Combine(full, "config.json");
        if (File.Exists(config)) return OpenFolder(full, config);
        string[] gguf = Directory.GetFiles(full, "*.gguf");
        return gguf.Length == 1 ? OpenGguf(full, gguf[0]) : throw CheckpointErrors.NoConfig(full);
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

    static Checkpoint OpenGguf(string path, string file)
    {
        var mapped = MappedFile.Open(file);
        try
        {
            if (path == file && !GgufFile.HasMagic(mapped) && !file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
                throw CheckpointErrors.NotACheckpointFile(file);
            var (metadata, tensors) = GgufFile.Read(mapped);
            return new Checkpoint
            {
                Path = path,
                Format = CheckpointFormat.Gguf,
                Files = [new(file, mapped.Length)],
                Tensors = tensors.ToDictionary(t => t.Name, StringComparer.Ordinal),
                Metadata = metadata,
                _mapped = [mapped],
            };
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    static Checkpoint OpenFolder(string folder, string config)
    {
        var json = StrictJson.ReadObject(config);
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
                Files = [.. described.Select(f => new CheckpointFile(f, new FileInfo(f).Length)), .. mapped.Select(m => new CheckpointFile(m.Path, m.Length))],
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

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _mapped) file.Dispose();
    }
}
