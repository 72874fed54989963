using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>A GGUF model in its files: one file, or the parts of a split one.</summary>
/// <remarks>
/// The first part holds the metadata; every part says in <c>split.no</c> (from 0), <c>split.count</c> and
/// <c>split.tensors.count</c> (of all parts together) which it is (ggml-org/llama.cpp, tools/gguf-split).
/// </remarks>
static class GgufModel
{
    const string CountKey = "split.count", NumberKey = "split.no", TensorsKey = "split.tensors.count", AlignmentKey = "general.alignment";

    /// <summary>The files of the model that a file belongs to, in order.</summary>
    /// <exception cref="InputException">By its name it is one part of several, and others are not beside it.</exception>
    public static IReadOnlyList<string> FilesOf(string file)
    {
        if (GgufPartName.Of(file) is not { } name) return [file];
        if (name.Number < 1 || name.Number > name.Count) throw CheckpointErrors.NoSuchPart(file, name.Number, name.Count);
        string[] missing = [.. name.Paths.Where(path => !File.Exists(path))];
        return missing.Length == 0 ? name.Paths : throw CheckpointErrors.PartsMissing(file, missing, name.Count);
    }

    /// <summary>The metadata of the model that a file belongs to: no other part than the first is looked for, and no tensor looked at.</summary>
    /// <exception cref="InputException">The first part is not there, or its header cannot be trusted.</exception>
    public static GgufMetadata ReadMetadata(string file)
    {
        string first = GgufPartName.Of(file) is { Count: > 0 } name ? name.PathOf(1) : file;
        if (!File.Exists(first)) throw CheckpointErrors.PartsMissing(file, [first], GgufPartName.Of(file)!.Count);
        using var mapped = MappedFile.Open(first);
        return Malformed.Unless(first, () => GgufFile.ReadMetadata(mapped));
    }

    /// <summary>A file of the one GGUF model in a folder; null for none or several.</summary>
    public static string? OnlyIn(string folder)
    {
        string[] files = [.. Directory.GetFiles(folder, "*.gguf").Order(StringComparer.Ordinal)];
        return files.Select(file => GgufPartName.Of(file) is { } part ? (part.Model, part.Count) : (file, 0)).Distinct().Count() == 1 ? files[0] : null;
    }

    /// <summary>Metadata of the first part, tensors of all.</summary>
    /// <param name="files">What <see cref="FilesOf"/> named.</param>
    /// <exception cref="InputException">A header that cannot be trusted, or parts that do not belong together.</exception>
    public static (GgufMetadata Metadata, IReadOnlyDictionary<string, Tensor> Tensors) Read(IReadOnlyList<MappedFile> files)
    {
        var parts = files.Select(GgufFile.Read).ToList();
        var first = parts[0].Metadata;
        for (int i = 0; i < parts.Count; i++) CheckPart(parts[i].Metadata, first, i, parts.Count);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var tensor in parts.SelectMany(part => part.Tensors))
            if (!tensors.TryAdd(tensor.Name, tensor))
                throw CheckpointErrors.Tensor(tensor.File, tensor.Name, $"is also in '{Path.GetFileName(tensors[tensor.Name].File)}'.");
        if (parts.Count > 1 && first.FindInteger(TensorsKey) is var total && total != tensors.Count)
            throw CheckpointErrors.SplitKey(first.Path, TensorsKey, Found(total), $"the parts hold {tensors.Count} tensors together");
        return (first, tensors);
    }

    static void CheckPart(GgufMetadata part, GgufMetadata first, int index, int count)
    {
        long? stated = part.FindInteger(CountKey), number = part.FindInteger(NumberKey);
        if (count == 1 && stated is > 1 && GgufPartName.Of(part.Path) is null)
            throw CheckpointErrors.PartNotNamed(part.Path, stated.Value);
        // A model in one file may leave the keys out, or call itself part 0 of 0.
        if (count == 1 ? stated is not (null or 0 or 1) : stated != count)
            throw CheckpointErrors.SplitKey(part.Path, CountKey, Found(stated), $"by its name it is one of {count}");
        if (count == 1 ? number is not (null or 0) : number != index)
            throw CheckpointErrors.SplitKey(part.Path, NumberKey, Found(number), $"by its name it is part {index} of {count}, counted from 0");
        if (index == 0) return;
        foreach (var (key, value) in part.Values)
            if (key is not (NumberKey or AlignmentKey) && !(first.Values.TryGetValue(key, out object? expected) && Same(value, expected)))
                throw CheckpointErrors.PartsDisagree(part.Path, key, Path.GetFileName(first.Path));
    }

    static string Found(long? value) => value is { } number ? FormattableString.Invariant($"{number}") : "absent";

    static bool Same(object a, object b) => a is Array left && b is Array right
        ? left.GetType() == right.GetType() && left.Cast<object>().SequenceEqual(right.Cast<object>())
        : a.Equals(b);
}
