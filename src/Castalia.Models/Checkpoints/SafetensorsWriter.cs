using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Castalia.Errors;
using Microsoft.Win32.SafeHandles;

namespace Castalia.Checkpoints;

/// <summary>A tensor that a <see cref="SafetensorsWriter"/> is to write.</summary>
/// <param name="Name">Its name; any text but <c>__metadata__</c>.</param>
/// <param name="DType">F64, F32, F16 or BF16.</param>
/// <param name="Shape">Lengths of the axes, outermost first; none for a scalar; 0 is allowed.</param>
sealed record SafetensorsEntry(string Name, DType DType, IReadOnlyList<long> Shape);

/// <summary>Writes a safetensors file tensor by tensor, in any order and in pieces; the file appears under its name
/// only when it is whole.</summary>
/// <remarks>
/// The header lists the tensors in the order given and is padded with spaces so that the data begins at a multiple of
/// 8; the data lies widest type first, so that every tensor is aligned to its element. Format: huggingface/safetensors,
/// README.
/// <see cref="Write"/> may be called from several threads at once.
/// </remarks>
sealed class SafetensorsWriter : IDisposable
{
    const string MetadataKey = "__metadata__";
    const long LargestHeader = 100_000_000; // what the reference reader accepts, bytes
    const int Chunk = 1 << 16; // elements converted at a time

    readonly string _path;
    readonly Unfinished _unfinished;
    readonly SafeFileHandle _file;
    readonly Dictionary<string, Slot> _slots;
    readonly IReadOnlyDictionary<string, string>? _metadata;
    readonly byte[] _header;
    bool _open = true;

    SafetensorsWriter(
        string path, Unfinished unfinished, SafeFileHandle file, Dictionary<string, Slot> slots, IReadOnlyDictionary<string, string>? metadata, byte[] header)
    {
        _metadata = metadata;
        _header = metadata is null ? [] : header;
        _path = path;
        _unfinished = unfinished;
        _file = file;
        _slots = slots;
    }

    /// <summary>Begins a file: writes its header to a temporary file in the same folder.</summary>
    /// <param name="path">Where the file is to appear; one already there is replaced on completion.</param>
    /// <param name="entries">The tensors.</param>
    /// <param name="metadata">Texts for the header's <c>__metadata__</c>; null for none.</param>
    /// <exception cref="InputException">The file cannot be created there, or the disk has no room for it.</exception>
    /// <exception cref="ArgumentException">A name twice or reserved, a negative axis, a type that floats are not
    /// written as, a header that no reader accepts.</exception>
    public static SafetensorsWriter Create(
        string path, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        path = Path.GetFullPath(path);
        var slots = new Dictionary<string, Slot>(StringComparer.Ordinal);
        long end = 0;
        foreach (var entry in entries.OrderByDescending(entry => Width(entry.DType))) // stable
        {
            if (entry.Name == MetadataKey)
                throw new ArgumentException($"'{MetadataKey}' is not a tensor's name.", nameof(entries));
            if (entry.Shape.FirstOrDefault(axis => axis < 0, 0) is < 0 and var axis)
                throw new ArgumentException($"Tensor '{entry.Name}' has an axis of {axis}.", nameof(entries));
            long count = entry.Shape.Aggregate(1L, (n, axis) => checked(n * axis));
            var slot = new Slot(entry, count, end);
            if (!slots.TryAdd(entry.Name, slot))
                throw new ArgumentException($"Tensor '{entry.Name}' is given twice.", nameof(entries));
            end = checked(end + count * Width(entry.DType));
        }
        byte[] header = Header(entries, slots, metadata);
        foreach (var slot in slots.Values) slot.Start += header.Length;

        Unfinished? unfinished = null;
        SafeFileHandle? file = null;
        try
        {
            if (!Directory.Exists(Path.GetDirectoryName(path))) throw new DirectoryNotFoundException("its folder is not there.");
            unfinished = Unfinished.Beside(path);
            // Preallocated, so that a full disk is found now and not an hour later.
            file = File.OpenHandle(
                unfinished.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, header.Length + end);
            RandomAccess.Write(file, header, 0);
            return new SafetensorsWriter(path, unfinished, file, slots, metadata, header);
        }
        catch (Exception e)
        {
            file?.Dispose();
            unfinished?.Dispose();
            if (Unfinished.IsOfDisk(e)) throw Unwritable(path, e);
            throw;
        }
    }

    /// <summary>Puts a text of the metadata in the place of one of the same length, which could not be known when the header was written.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">Letters and digits of ASCII, as many as the text that stands there.</param>
    /// <exception cref="ArgumentException">There is no such key, or its text has another length or other characters.</exception>
    /// <exception cref="InputException">The disk refuses the bytes.</exception>
    internal void Restate(string key, string value)
    {
        ObjectDisposedException.ThrowIf(!_open, this);
        if (_metadata?.GetValueOrDefault(key) is not { } stated || stated.Length != value.Length || !(stated + value).All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException($"The metadata has no '{key}' of {value.Length} letters and digits.", nameof(key));
        byte[] entry = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(key)}\":\"{stated}\"");
        long at = _header.AsSpan().IndexOf(entry) + entry.Length - 1 - stated.Length;
        try
        {
            RandomAccess.Write(_file, Encoding.ASCII.GetBytes(value), at);
        }
        catch (IOException e)
        {
            throw Unwritable(_path, e);
        }
    }

    /// <summary>Writes a run of elements of one tensor, each rounded to the tensor's type, to nearest, ties to
    /// even.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="elementOffset">Index of the first element in row-major order.</param>
    /// <param name="values">The elements.</param>
    /// <exception cref="ArgumentException">No such tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Elements beyond the tensor's end.</exception>
    /// <exception cref="OverflowException">A finite value that the tensor's type has only infinity for.</exception>
    /// <exception cref="InputException">The disk refuses the bytes.</exception>
    public void Write(string name, long elementOffset, ReadOnlySpan<float> values)
    {
        var slot = SlotOf(name, elementOffset, values.Length);
        int width = Width(slot.Entry.DType);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Min(values.Length, Chunk) * width);
        try
        {
            for (int at = 0; at < values.Length; at += Chunk)
            {
                var part = values.Slice(at, Math.Min(Chunk, values.Length - at));
                if (Convert(part, slot.Entry.DType, bytes) is var bad and >= 0)
                    throw new OverflowException(string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"Element {elementOffset + at + bad} of '{name}', {part[bad]:R}, overflows {slot.Entry.DType}."));
                long offset = slot.Start + (elementOffset + at) * width;
                RandomAccess.Write(_file, bytes.AsSpan(0, part.Length * width), offset);
            }
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw Unwritable(_path, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
        slot.Written.Add(elementOffset, elementOffset + values.Length);
    }

    /// <summary>Writes a run of elements that are already as they are to be stored.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="elementOffset">Index of the first element in row-major order.</param>
    /// <param name="stored">The elements, little-endian, in the tensor's type.</param>
    /// <exception cref="ArgumentException">No such tensor, or not a whole number of elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Elements beyond the tensor's end.</exception>
    /// <exception cref="InputException">The disk refuses the bytes.</exception>
    internal void WriteStored(string name, long elementOffset, ReadOnlySpan<byte> stored)
    {
        int width = _slots.TryGetValue(name, out var announced) ? Width(announced.Entry.DType) : 1;
        var slot = SlotOf(name, elementOffset, stored.Length / width);
        if (stored.Length % width != 0)
            throw new ArgumentException($"{stored.Length} bytes are no whole number of {slot.Entry.DType}.", nameof(stored));
        try
        {
            RandomAccess.Write(_file, stored, slot.Start + elementOffset * width);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw Unwritable(_path, e);
        }
        slot.Written.Add(elementOffset, elementOffset + stored.Length / width);
    }

    Slot SlotOf(string name, long elementOffset, int count)
    {
        ObjectDisposedException.ThrowIf(!_open, this);
        if (!_slots.TryGetValue(name, out var slot))
            throw new ArgumentException($"No tensor '{name}' was announced.", nameof(name));
        if (elementOffset < 0 || count > slot.Count - elementOffset)
            throw new ArgumentOutOfRangeException(
                nameof(elementOffset),
                $"Tensor '{name}' has {slot.Count} elements; {count} do not fit at {elementOffset}.");
        return slot;
    }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="InvalidOperationException">A tensor lacks elements; the message names it.</exception>
    /// <exception cref="InputException">The name cannot be taken.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(!_open, this);
        foreach (var slot in _slots.Values)
            if (slot.Written.Gap(slot.Count) is var (from, to))
                throw new InvalidOperationException(
                    $"Tensor '{slot.Entry.Name}' lacks elements {from} to {to - 1} of {slot.Count}.");
        _file.Dispose();
        try
        {
            File.Move(_unfinished.Path, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(_path, e);
        }
        _open = false;
        _unfinished.Dispose();
    }

    /// <summary>Closes the file; if it was not completed, nothing of it remains.</summary>
    public void Dispose()
    {
        if (!_open) return;
        _open = false;
        _file.Dispose();
        _unfinished.Dispose();
    }

    static byte[] Header(
        IReadOnlyList<SafetensorsEntry> entries, Dictionary<string, Slot> slots,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is not null)
            {
                writer.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata) writer.WriteString(key, value);
                writer.WriteEndObject();
            }
            foreach (var entry in entries)
            {
                var slot = slots[entry.Name];
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", entry.DType.ToString());
                writer.WriteStartArray("shape");
                foreach (long axis in entry.Shape) writer.WriteNumberValue(axis);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(slot.Start);
                writer.WriteNumberValue(slot.Start + slot.Count * Width(entry.DType));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        int padded = (json.WrittenCount + 7) / 8 * 8;
        if (padded > LargestHeader)
            throw new ArgumentException(
                $"The header of {entries.Count} tensors takes {padded} bytes; readers accept {LargestHeader}.", nameof(entries));
        byte[] bytes = new byte[8 + padded];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, padded);
        json.WrittenSpan.CopyTo(bytes.AsSpan(8));
        bytes.AsSpan(8 + json.WrittenCount).Fill((byte)' ');
        return bytes;
    }

    /// <summary>Index of the first finite value that becomes infinite; −1 if none does.</summary>
    static int Convert(ReadOnlySpan<float> values, DType dType, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            switch (dType)
            {
                case DType.F64:
                    BinaryPrimitives.WriteDoubleLittleEndian(bytes[(8 * i)..], value);
                    break;
                case DType.F32:
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], value);
                    break;
                case DType.F16:
                    var half = (Half)value;
                    if (Half.IsInfinity(half) && float.IsFinite(value)) return i;
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], half);
                    break;
                case DType.BF16:
                    ushort upper = UpperHalf(value);
                    if ((upper & 0x7FFF) == 0x7F80 && float.IsFinite(value)) return i;
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], upper);
                    break;
            }
        }
        return -1;
    }

    static ushort UpperHalf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)(bits >> 16 | 0x40); // stays a NaN whatever the lower half held
        return (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }

    static int Width(DType dType) => dType switch
    {
        DType.F64 => 8,
        DType.F32 => 4,
        DType.F16 or DType.BF16 => 2,
        _ => throw new ArgumentException($"Floats are written as F64, F32, F16 or BF16, not {dType}.", nameof(dType)),
    };

    static InputException Unwritable(string path, Exception e) => new(
        cause: $"The file cannot be written: {e.Message}",
        place: path,
        remedy: "Name a file in a folder that exists, that you may write to, and that has room.",
        inner: e);

    /// <summary>Where a tensor's bytes go, and which of its elements are there.</summary>
    sealed class Slot(SafetensorsEntry entry, long count, long start)
    {
        public SafetensorsEntry Entry => entry;
        public long Count => count;
        public long Start { get; set; } = start;
        public IndexRuns Written { get; } = new();
    }
}
