using System.Buffers.Binary;
using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Reads a safetensors file: 8 bytes of header length, a JSON header, the data.</summary>
/// <remarks>
/// The rules are the reference reader's (huggingface/safetensors 0.4.5, serde_json), as strict and as lenient: at most 100 MB of header; every byte
/// of the data in exactly one tensor; <c>__metadata__</c> may be null, else it maps strings to strings; of a tensor given twice the last
/// counts; fields beside the three known ones are passed over, a known one twice is not; the three may also stand in a list without their names.
/// Elements may lie unaligned, as old writers left them; they are read so. Tensors are views on the mapping.
/// </remarks>
static unsafe class SafetensorsFile
{
    /// <summary>The reference reader's limit.</summary>
    public const long LargestHeader = 100_000_000;

    /// <summary>Bytes before the header, which are its length.</summary>
    public const int LengthBytes = 8;

    const int Deepest = 127; // serde_json's limit
    const string MetadataKey = "__metadata__";

    /// <summary>The tensors of a mapped file, in the header's order.</summary>
    /// <exception cref="InputException">A header that cannot be trusted.</exception>
    public static IReadOnlyList<Tensor> Read(MappedFile file) => Read(file, []);

    /// <summary>The same, and what its metadata says.</summary>
    /// <param name="file">The file.</param>
    /// <param name="metadata">Gets the metadata's strings. <c>safetensors.torch.save_model</c> puts there the name of each tensor it left out, with that of the equal one it kept.</param>
    /// <exception cref="InputException">A header that cannot be trusted.</exception>
    public static IReadOnlyList<Tensor> Read(MappedFile file, Dictionary<string, string> metadata)
    {
        if (file.Length < 8) throw CheckpointErrors.Truncated(file.Path, "The header's length", 8, file.Length);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, 8));
        if (length > LargestHeader) throw CheckpointErrors.HeaderTooLong(file.Path, length, LargestHeader);
        if ((long)length > file.Length - 8) throw CheckpointErrors.Truncated(file.Path, "The header", 8 + (long)length, file.Length);
        long dataStart = 8 + (long)length;
        List<Entry> entries;
        try
        {
            var header = file.Bytes(8, (int)length);
            JsonFile.Checked(header);
            entries = Entries(file, header, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw CheckpointErrors.HeaderNotJson(file.Path, e.Message);
        }
        CheckCover(file, entries, file.Length - dataStart);
        return [.. entries.Select(e => new Tensor(e.Name, e.DType, e.Shape, file.Path, file.Data + dataStart + e.Begin, e.End - e.Begin))];
    }

    sealed record Stated(string Name, string DType, List<long> Shape, List<long> Offsets);

    sealed record Entry(string Name, DType DType, IReadOnlyList<long> Shape, long Begin, long End);

    static List<Entry> Entries(MappedFile file, ReadOnlySpan<byte> header, Dictionary<string, string> metadata)
    {
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = Deepest });
        var entries = new List<Stated>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        bool hasMetadata = false;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("it is not a JSON object.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            json.Read();
            if (name == MetadataKey)
            {
                if (hasMetadata) throw new JsonException($"{MetadataKey} stands twice.");
                hasMetadata = true;
                ReadMetadata(ref json, metadata);
                continue;
            }
            var entry = ReadEntry(file, name, ref json);
            if (places.TryAdd(name, entries.Count)) entries.Add(entry);
            else entries[places[name]] = entry;
        }
        if (json.Read()) throw new JsonException("something follows its closing brace.");
        return [.. entries.Select(entry => Checked(file, entry))];
    }

    /// <summary>Strings by name, or null for none; nothing in it changes how the file is read.</summary>
    static void ReadMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        if (json.TokenType == JsonTokenType.Null) return;
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException($"{MetadataKey} is not an object.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw new JsonException($"{MetadataKey} holds '{key}', which is not a string.");
            metadata[key] = json.GetString()!;
        }
    }

    static Stated ReadEntry(MappedFile file, string name, ref Utf8JsonReader json)
    {
        string? dType = null;
        List<long>? shape = null, offsets = null;
        if (json.TokenType == JsonTokenType.StartArray)
        {
            json.Read();
            dType = DTypeName(file, name, ref json);
            json.Read();
            shape = Integers(file, name, "shape", ref json);
            json.Read();
            offsets = Integers(file, name, "data_offsets", ref json);
            json.Read();
            if (json.TokenType != JsonTokenType.EndArray) throw CheckpointErrors.Tensor(file.Path, name, "is described by a list of more than three.");
            return new(name, dType, shape, offsets);
        }
        if (json.TokenType != JsonTokenType.StartObject) throw CheckpointErrors.Tensor(file.Path, name, "is not described by an object.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string key = json.GetString()!;
            json.Read();
            bool again = key switch { "dtype" => dType is not null, "shape" => shape is not null, _ => offsets is not null };
            switch (key)
            {
                case "dtype" or "shape" or "data_offsets" when again:
                    throw CheckpointErrors.Tensor(file.Path, name, $"gives '{key}' twice.");
                case "dtype":
                    dType = DTypeName(file, name, ref json);
                    break;
                case "shape":
                    shape = Integers(file, name, key, ref json);
                    break;
                case "data_offsets":
                    offsets = Integers(file, name, key, ref json);
                    break;
                default:
                    PassOver(ref json);
                    break;
            }
        }
        if (dType is null || shape is null || offsets is null)
            throw CheckpointErrors.Tensor(file.Path, name, $"lacks '{(dType is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'.");
        return new(name, dType, shape, offsets);
    }

    /// <summary>A value that is not read; serde_json refuses numbers beyond float64 there too.</summary>
    static void PassOver(ref Utf8JsonReader json)
    {
        int depth = json.CurrentDepth;
        do
        {
            if (json.TokenType == JsonTokenType.Number && !(json.TryGetDouble(out double value) && double.IsFinite(value)))
                throw new JsonException("a number is out of range.");
        }
        while ((json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || json.CurrentDepth > depth) && json.Read());
    }

    /// <summary>A type's name; serde also takes an object whose only key it is, with null for a value.</summary>
    static string DTypeName(MappedFile file, string name, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.GetString()!;
        if (json.TokenType == JsonTokenType.StartObject && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string type = json.GetString()!;
            if (json.Read() && json.TokenType == JsonTokenType.Null && json.Read() && json.TokenType == JsonTokenType.EndObject) return type;
        }
        throw NotOf(file, name, "dtype", "a string");
    }

    static Entry Checked(MappedFile file, Stated stated)
    {
        (string name, string dTypeName, List<long> shape, List<long> offsets) = stated;
        var dType = DTypes.FromSafetensors(dTypeName) ?? throw CheckpointErrors.UnknownDType(file.Path, name, dTypeName);
        if (offsets is not [long begin, long end] || begin > end)
            throw CheckpointErrors.Tensor(file.Path, name, $"has data_offsets [{string.Join(", ", offsets)}]; expected a begin and an end not before it.");
        Int128 bytes = 1;
        foreach (long axis in shape)
        {
            bytes *= axis;
            if (bytes > long.MaxValue) throw CheckpointErrors.Tensor(file.Path, name, $"has shape [{string.Join(", ", shape)}], more than any file holds.");
        }
        bytes *= dType.Block().Bytes;
        if (bytes != end - begin)
            throw CheckpointErrors.Tensor(file.Path, name, $"takes {bytes} bytes as {dTypeName} [{string.Join(", ", shape)}], but data_offsets give it {end - begin}.");
        return new(name, dType, shape, begin, end);
    }

    static List<long> Integers(MappedFile file, string name, string key, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw NotOf(file, name, key, "a list of whole numbers not below 0");
        var values = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long value) || json.ValueSpan[0] == '-')
                throw NotOf(file, name, key, "a list of whole numbers not below 0");
            values.Add(value);
        }
        return values;
    }

    static InputException NotOf(MappedFile file, string name, string key, string expected) =>
        CheckpointErrors.Tensor(file.Path, name, $"gives '{key}' something that is not {expected}.");

    /// <summary>Every byte of the data belongs to exactly one tensor.</summary>
    static void CheckCover(MappedFile file, List<Entry> entries, long dataLength)
    {
        long at = 0;
        string previous = "";
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.End > dataLength)
                throw CheckpointErrors.Tensor(file.Path, entry.Name, $"ends at byte {entry.End} of the data, of which the file has {dataLength}.");
            if (entry.Begin < at) throw CheckpointErrors.Tensor(file.Path, entry.Name, $"overlaps tensor '{previous}'.");
            if (entry.Begin > at) throw CheckpointErrors.DataNotCovered(file.Path, at, entry.Begin);
            (at, previous) = (entry.End, entry.Name);
        }
        if (at < dataLength) throw CheckpointErrors.DataNotCovered(file.Path, at, dataLength);
    }
}
