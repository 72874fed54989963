using System.Buffers.Binary;
using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Reads a safetensors file: 8 bytes of header length, a JSON header, the data.</summary>
/// <remarks>
/// The rules are the reference reader's (huggingface/safetensors): at most 100 MB of header, every byte of the data in exactly one
/// tensor. Elements may lie unaligned, as old writers left them; they are read so. Tensors are views on the mapping.
/// </remarks>
static unsafe class SafetensorsFile
{
    const long LargestHeader = 100_000_000;
    const string MetadataKey = "__metadata__";

    /// <summary>The tensors of a mapped file, in the header's order.</summary>
    /// <exception cref="InputException">A header that cannot be trusted.</exception>
    public static IReadOnlyList<Tensor> Read(MappedFile file)
    {
        if (file.Length < 8) throw CheckpointErrors.Truncated(file.Path, "The header's length", 8, file.Length);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, 8));
        if (length > LargestHeader) throw CheckpointErrors.HeaderTooLong(file.Path, length, LargestHeader);
        if ((long)length > file.Length - 8) throw CheckpointErrors.Truncated(file.Path, "The header", 8 + (long)length, file.Length);
        long dataStart = 8 + (long)length;
        List<Entry> entries;
        try
        {
            entries = Entries(file, file.Bytes(8, (int)length));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw CheckpointErrors.HeaderNotJson(file.Path, e.Message);
        }
        CheckCover(file, entries, file.Length - dataStart);
        return [.. entries.Select(e => new Tensor(e.Name, e.DType, e.Shape, file.Path, file.Data + dataStart + e.Begin, e.End - e.Begin))];
    }

    readonly record struct Entry(string Name, DType DType, IReadOnlyList<long> Shape, long Begin, long End);

    static List<Entry> Entries(MappedFile file, ReadOnlySpan<byte> header)
    {
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new JsonException("it is not a JSON object.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string name = json.GetString()!;
            if (!names.Add(name)) throw CheckpointErrors.Tensor(file.Path, name, "stands twice in the header.");
            json.Read();
            if (name == MetadataKey) SkipMetadata(ref json);
            else entries.Add(ReadEntry(file, name, ref json));
        }
        if (json.Read()) throw new JsonException("something follows its closing brace.");
        return entries;
    }

    /// <summary>Strings by name; nothing in it changes how the file is read.</summary>
    static void SkipMetadata(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException($"{MetadataKey} is not an object.");
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.String) throw new JsonException($"{MetadataKey} holds '{key}', which is not a string.");
        }
    }

    static Entry ReadEntry(MappedFile file, string name, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw CheckpointErrors.Tensor(file.Path, name, "is not described by an object.");
        string? dType = null;
        List<long>? shape = null, offsets = null;
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
                    dType = json.TokenType == JsonTokenType.String ? json.GetString()! : throw NotOf(file, name, key, "a string");
                    break;
                case "shape":
                    shape = Integers(file, name, key, ref json);
                    break;
                case "data_offsets":
                    offsets = Integers(file, name, key, ref json);
                    break;
                default:
                    throw CheckpointErrors.Tensor(file.Path, name, $"has the unknown field '{key}'.");
            }
        }
        if (dType is null || shape is null || offsets is null)
            throw CheckpointErrors.Tensor(file.Path, name, $"lacks '{(dType is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'.");
        return Checked(file, name, dType, shape, offsets);
    }

    static Entry Checked(MappedFile file, string name, string dTypeName, List<long> shape, List<long> offsets)
    {
        var dType = DTypes.FromSafetensors(dTypeName) ?? throw CheckpointErrors.UnknownDType(file.Path, name, dTypeName);
        if (offsets is not [long begin, long end] || begin > end)
            throw CheckpointErrors.Tensor(file.Path, name, $"has data_offsets [{string.Join(", ", offsets)}]; expected a begin and an end not before it.");
        Int128 bytes = dType.Block().Bytes;
        foreach (long axis in shape)
        {
            bytes *= axis;
            if (bytes > long.MaxValue) throw CheckpointErrors.Tensor(file.Path, name, $"has shape [{string.Join(", ", shape)}], more than any file holds.");
        }
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
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long value) || value < 0)
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
