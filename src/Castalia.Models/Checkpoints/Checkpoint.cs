using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>One file of a checkpoint, for the provenance of a run.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Length.</param>
sealed record CheckpointFile(string Path, long Bytes);

/// <summary>The container a checkpoint's weights are in.</summary>
enum CheckpointFormat
{
    /// <summary>A Hugging Face folder with one or more safetensors files.</summary>
    Safetensors,
    /// <summary>A Hugging Face folder with one or more files that torch.save wrote.</summary>
    PyTorch,
    /// <summary>GGUF, one file or the parts of a split one.</summary>
    Gguf,
}

/// <summary>A checkpoint on disk: named tensors over memory-mapped files, and what describes them.</summary>
sealed class Checkpoint : IDisposable
{
    static readonly Dictionary<string, string> Empty = new(StringComparer.Ordinal);

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
        return Malformed.Unless(full, () =>
        {
            try
            {
                return OpenAt(full);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CheckpointErrors.CannotOpen(full, e);
            }
        });
    }

    static Checkpoint OpenAt(string full)
    {
        if (File.Exists(full)) return OpenGguf(full, full, []);
        if (!Directory.Exists(full)) throw CheckpointErrors.NoSuchPath(full);
        string config = System.IO.Path.Combine(full, "config.json");
        bool hasConfig = File.Exists(config), hasWeights = WeightFiles.AreIn(full);
        string[] notes = Adapters.AreIn(full) ? [AdapterBeside] : [];
        if (hasConfig && hasWeights) return OpenFolder(full, config, notes);
        if (GgufModel.OnlyIn(full) is { } gguf) return OpenGguf(full, gguf, notes);
        if (notes.Length > 0 && !hasWeights) throw Adapters.Alone(full);
        return hasConfig ? OpenFolder(full, config, notes) : throw CheckpointErrors.NoConfig(full);
    }

    const string AdapterBeside = "An adapter lies in the folder beside the weights. It is not applied: the figures are those of the weights without it.";

    /// <summary>The path as the user gave it, made absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The container.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>Every file read: weights, index, config.</summary>
    public required IReadOnlyList<CheckpointFile> Files { get; init; }

    /// <summary>The tensors by name.</summary>
    public required IReadOnlyDictionary<string, Tensor> Tensors { get; init; }

    /// <summary>Names of tensors that are not stored because they equal another, with its name, as the file itself says; of safetensors only.</summary>
    internal IReadOnlyDictionary<string, string> Aliases { get; init; } = Empty;

    /// <summary>Whether passes follow one another: weights are then read where they are mapped and their pages stay, where one pass copies each once.</summary>
    public bool StaysMapped { get; set; }

    /// <summary>Checks, before a pass that reads what stays mapped, that no file has been cut short since.</summary>
    /// <exception cref="InputException">One has.</exception>
    public void CheckLengths()
    {
        foreach (var file in _mapped) file.CheckLength();
    }

    /// <summary>What a run must say of how the files were read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>config.json; null for GGUF.</summary>
    public JsonObject? Config { get; init; }

    /// <summary>GGUF metadata by key; null for a folder.</summary>
    public GgufMetadata? Metadata { get; init; }

    /// <summary>The tensor of a name, or the one that the file says is equal to it; null for neither.</summary>
    internal Tensor? Find(string name) =>
        Tensors.TryGetValue(name, out var tensor) || (Aliases.TryGetValue(name, out string? kept) && Tensors.TryGetValue(kept, out tensor)) ? tensor : null;

    /// <summary>Where a tensor lies in a mapped file; null for one that lies elsewhere.</summary>
    internal unsafe FileRange? RangeOf(Tensor tensor)
    {
        foreach (var file in _mapped)
            if (file.Range(tensor.Data, tensor.Extent) is { } range) return range;
        return null;
    }

    /// <summary>A file of the GGUF model that a folder is opened as; null where it is opened as another kind, or not at all.</summary>
    internal static string? GgufIn(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "config.json")) && WeightFiles.AreIn(folder) ? null : GgufModel.OnlyIn(folder);

    static Checkpoint OpenGguf(string path, string file, IReadOnlyList<string> notes)
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
            var (metadata, tensors) = Malformed.Unless(file, () => GgufModel.Read(mapped));
            return new Checkpoint
            {
                Path = path,
                Format = CheckpointFormat.Gguf,
                Files = [.. mapped.Select(m => new CheckpointFile(m.Path, m.Length))],
                Tensors = tensors,
                Metadata = metadata,
                Notes = notes,
                _mapped = mapped,
            };
        }
        catch
        {
            foreach (var part in mapped) part.Dispose();
            throw;
        }
    }

    static Checkpoint OpenFolder(string folder, string config, IEnumerable<string> said)
    {
        var json = PythonJson.ReadObject(config);
        var (format, names, index) = WeightFiles.In(folder);
        var mapped = new List<MappedFile>();
        List<string> notes = [.. said];
        try
        {
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                mapped.Add(MappedFile.Open(System.IO.Path.Combine(folder, name)));
                foreach (var tensor in format == CheckpointFormat.PyTorch ? TorchFile.Read(mapped[^1], notes) : SafetensorsFile.Read(mapped[^1], metadata))
                {
                    if (Adapters.Mark(tensor.Name)) throw CheckpointErrors.AdapterInside(tensor.File, tensor.Name);
                    index?.Check(tensor.Name, name);
                    tensors.Add(tensor.Name, tensor);
                }
            }
            index?.CheckComplete(tensors.Keys);
            if (WrapperNames.TakeOff(tensors) is { } parts) notes.Add($"Names hold {parts}, which a wrapper around the model or its parts adds: left out.");
            string[] described = index is null ? [config] : [config, index.Path];
            return new Checkpoint
            {
                Path = folder,
                Format = format,
                Files = [.. described.Select(f => new CheckpointFile(f, LengthOf(f))), .. mapped.Select(m => new CheckpointFile(m.Path, m.Length))],
                Tensors = tensors,
                Aliases = AliasesIn(metadata, tensors),
                Config = json,
                Notes = notes,
                _mapped = mapped,
            };
        }
        catch
        {
            foreach (var file in mapped) file.Dispose();
            throw;
        }
    }

    /// <summary>Of a header's metadata what names a tensor that is not stored and one that is.</summary>
    static Dictionary<string, string> AliasesIn(Dictionary<string, string> metadata, Dictionary<string, Tensor> tensors)
    {
        if (metadata.Count == 0) return Empty;
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (dropped, kept) in metadata)
        {
            string absent = WrapperNames.Without(dropped), stored = WrapperNames.Without(kept);
            if (!tensors.ContainsKey(absent) && tensors.ContainsKey(stored)) aliases[absent] = stored;
        }
        return aliases;
    }

    /// <summary>Of the file itself, where the path is a link to it, as in the hub's cache.</summary>
    static long LengthOf(string path)
    {
        using var handle = File.OpenHandle(path);
        return RandomAccess.GetLength(handle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _mapped) file.Dispose();
    }
}
