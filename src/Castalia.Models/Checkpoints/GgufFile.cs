using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Reads a GGUF file of version 2 or 3: metadata, tensor list, data.</summary>
/// <remarks>
/// Format: ggml-org/ggml, docs/gguf.md. Axes are stored innermost first and turned round here. Version 3 only allowed big-endian files beside
/// what version 2 has; version 1 counted in 32 bits.
/// </remarks>
static unsafe class GgufFile
{
    const int MostAxes = 4;

    /// <summary>Whether a file begins as GGUF files do.</summary>
    public static bool HasMagic(MappedFile file) => file.Length >= 4 && file.Bytes(0, 4).SequenceEqual("GGUF"u8);

    /// <summary>Metadata and tensors of a mapped file.</summary>
    /// <exception cref="InputException">A header that cannot be trusted.</exception>
    public static (GgufMetadata Metadata, IReadOnlyList<Tensor> Tensors) Read(MappedFile file)
    {
        var (metadata, reader, tensorCount) = Header(file);
        var entries = ReadEntries(file, reader, tensorCount);
        long alignment = metadata.FindInteger("general.alignment") ?? 32;
        if (alignment < 8 || alignment > 1 << 20 || (alignment & (alignment - 1)) != 0)
            throw CheckpointErrors.Gguf(file.Path, 0, $"Key 'general.alignment' is {alignment}; expected a power of two from 8.");
        long dataStart = (reader.Offset + alignment - 1) / alignment * alignment;
        CheckPlaces(file, entries, dataStart, alignment);
        return (metadata, [.. entries.Select(e => new Tensor(e.Name, e.DType, e.Shape, file.Path, file.Data + dataStart + e.Offset, e.Bytes))]);
    }

    /// <summary>The metadata alone: what the tensors are is not looked at.</summary>
    /// <exception cref="InputException">A header that cannot be trusted.</exception>
    public static GgufMetadata ReadMetadata(MappedFile file) => Header(file).Metadata;

    static (GgufMetadata Metadata, GgufReader Reader, int TensorCount) Header(MappedFile file)
    {
        if (!HasMagic(file)) throw CheckpointErrors.NotGguf(file.Path, Magic(file));
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("GGUF files are read on little-endian machines only.");
        var reader = new GgufReader(file);
        reader.U32("the magic number");
        uint version = reader.U32("the version");
        if (version is not (2 or 3)) throw CheckpointErrors.GgufVersion(file.Path, version);
        int tensorCount = reader.Count("The number of tensors", 24), keyCount = reader.Count("The number of metadata keys", 13);
        return (new GgufMetadata { Values = ReadMetadata(file, reader, keyCount), Path = file.Path }, reader, tensorCount);
    }

    static string Magic(MappedFile file) =>
        file.Length == 0 ? "nothing: it is empty" : Convert.ToHexString(file.Bytes(0, (int)Math.Min(4, file.Length)));

    static Dictionary<string, object> ReadMetadata(MappedFile file, GgufReader reader, int count)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            long at = reader.Offset;
            string key = reader.String("a metadata key");
            object value = reader.Value(reader.U32($"the type of key '{key}'"), key);
            if (!values.TryAdd(key, value)) throw CheckpointErrors.Gguf(file.Path, at, $"Metadata key '{key}' stands twice.");
        }
        return values;
    }

    sealed record Entry(string Name, DType DType, IReadOnlyList<long> Shape, long Offset, long Bytes);

    static List<Entry> ReadEntries(MappedFile file, GgufReader reader, int count)
    {
        var entries = new List<Entry>(Math.Min(count, 4096)); // the count may be damaged
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            long at = reader.Offset;
            string name = reader.String("a tensor's name");
            if (!names.Add(name)) throw CheckpointErrors.Gguf(file.Path, at, $"Tensor '{name}' stands twice.");
            uint axes = reader.U32($"the number of axes of '{name}'");
            if (axes is 0 or > MostAxes) throw CheckpointErrors.Gguf(file.Path, at, $"Tensor '{name}' has {axes} axes; expected 1 to {MostAxes}.");
            var shape = new long[axes];
            for (int axis = (int)axes - 1; axis >= 0; axis--)
            {
                ulong length = reader.U64($"the shape of '{name}'");
                if (length is 0 or > long.MaxValue) throw CheckpointErrors.Gguf(file.Path, at, $"Tensor '{name}' has an axis of length {length}.");
                shape[axis] = (long)length;
            }
            uint type = reader.U32($"the type of '{name}'");
            var dType = DTypes.FromGgml(type) ?? throw CheckpointErrors.GgmlType(file.Path, name, type);
            ulong offset = reader.U64($"the offset of '{name}'");
            if (offset > long.MaxValue) throw CheckpointErrors.Gguf(file.Path, at, $"Tensor '{name}' begins at byte {offset} of the data.");
            entries.Add(new(name, dType, shape, (long)offset, Bytes(file, at, name, dType, shape)));
        }
        return entries;
    }

    static long Bytes(MappedFile file, long at, string name, DType dType, long[] shape)
    {
        var (elements, bytes) = dType.Block();
        if (shape[^1] % elements != 0)
            throw CheckpointErrors.Gguf(file.Path, at, $"Tensor '{name}' has rows of {shape[^1]} values; {dType} stores them by {elements}.");
        Int128 total = (Int128)(shape[^1] / elements) * bytes;
        foreach (long axis in shape.AsSpan()[..^1])
        {
            total *= axis;
            if (total > file.Length) break;
        }
        return total <= file.Length
            ? (long)total
            : throw CheckpointErrors.Gguf(file.Path, at, $"Tensor '{name}' of shape [{string.Join(", ", shape)}] is larger than the file.");
    }

    static void CheckPlaces(MappedFile file, List<Entry> entries, long dataStart, long alignment)
    {
        long end = 0;
        string previous = "";
        Entry[] ordered = [.. entries.OrderBy(e => e.Offset)];
        for (int i = 0; i < ordered.Length; i++)
        {
            var entry = ordered[i];
            if (entry.Offset % alignment != 0)
                throw CheckpointErrors.Tensor(file.Path, entry.Name, $"begins at byte {entry.Offset} of the data, not a multiple of the alignment {alignment}.");
            if (entry.Offset < end) throw CheckpointErrors.Tensor(file.Path, entry.Name, $"overlaps tensor '{previous}'.");
            long? next = i + 1 < ordered.Length ? ordered[i + 1].Offset : null;
            if (DTypes.MayBeAnother(entry.DType)) CheckRoom(file, entry, next, dataStart, alignment);
            if (entry.Offset > file.Length - dataStart - entry.Bytes)
                throw CheckpointErrors.Truncated(file.Path, $"Tensor '{entry.Name}'", dataStart + entry.Offset + entry.Bytes, file.Length);
            (end, previous) = (entry.Offset + entry.Bytes, entry.Name);
        }
    }

    /// <summary>A type whose number means another one elsewhere must fill its place, but for the padding to the next tensor.</summary>
    static void CheckRoom(MappedFile file, Entry entry, long? next, long dataStart, long alignment)
    {
        long room = (next ?? file.Length - dataStart) - entry.Offset;
        if (room < entry.Bytes || (next is not null && room - entry.Bytes >= alignment))
            throw CheckpointErrors.GgmlTypeElsewhere(file.Path, entry.Name, entry.DType.Facts(), entry.Bytes, Math.Max(room, 0));
    }
}
