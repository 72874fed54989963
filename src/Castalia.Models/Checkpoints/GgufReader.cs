using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Castalia.Checkpoints;

/// <summary>Reads the little-endian values of a GGUF header in turn, never past the end of the file.</summary>
sealed class GgufReader(MappedFile file)
{
    const int LongestString = 1 << 24;

    /// <summary>Where the next value begins.</summary>
    public long Offset { get; private set; }

    public uint U32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong U64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A number of things of which each takes at least so many bytes.</summary>
    public int Count(string what, int leastBytes)
    {
        long at = Offset;
        ulong count = U64(what);
        if (count > (ulong)(file.Length - Offset) / (ulong)leastBytes || count > int.MaxValue)
            throw CheckpointErrors.Gguf(file.Path, at, $"{what} is {count}, more than the rest of the file can hold.");
        return (int)count;
    }

    /// <summary>A length and that many bytes of UTF-8.</summary>
    public string String(string what)
    {
        long at = Offset;
        int length = Count($"the length of {what}", 1);
        if (length > LongestString) throw CheckpointErrors.Gguf(file.Path, at, $"{what} is {length} bytes long; at most {LongestString} are read.");
        var bytes = Take(length, what);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw CheckpointErrors.Gguf(file.Path, at, $"{what} is not valid UTF-8.");
    }

    /// <summary>A value of a numbered type.</summary>
    public object Value(uint type, string key)
    {
        long at = Offset;
        return type switch
        {
            0 => Take(1, key)[0],
            1 => (sbyte)Take(1, key)[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, key)),
            3 => BinaryPrimitives.ReadInt16LittleEndian(Take(2, key)),
            4 => U32(key),
            5 => BinaryPrimitives.ReadInt32LittleEndian(Take(4, key)),
            6 => BinaryPrimitives.ReadSingleLittleEndian(Take(4, key)),
            7 => Bool(Take(1, key)[0], at, key),
            8 => String($"key '{key}'"),
            9 => List(key),
            10 => U64(key),
            11 => BinaryPrimitives.ReadInt64LittleEndian(Take(8, key)),
            12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, key)),
            _ => throw CheckpointErrors.Gguf(file.Path, at, $"Key '{key}' has value type {type}; types run from 0 to 12."),
        };
    }

    object List(string key)
    {
        long at = Offset;
        uint type = U32(key);
        return type switch
        {
            0 => Numbers<byte>(key),
            1 => Numbers<sbyte>(key),
            2 => Numbers<ushort>(key),
            3 => Numbers<short>(key),
            4 => Numbers<uint>(key),
            5 => Numbers<int>(key),
            6 => Numbers<float>(key),
            7 => Array.ConvertAll(Numbers<byte>(key), b => Bool(b, at, key)),
            8 => Strings(key),
            10 => Numbers<ulong>(key),
            11 => Numbers<long>(key),
            12 => Numbers<double>(key),
            9 => throw CheckpointErrors.Gguf(file.Path, at, $"Key '{key}' is a list of lists, which is not read."),
            _ => throw CheckpointErrors.Gguf(file.Path, at, $"Key '{key}' is a list of value type {type}; types run from 0 to 12."),
        };
    }

    string[] Strings(string key)
    {
        int count = Count($"the length of list '{key}'", 8);
        var strings = new List<string>(Math.Min(count, 1 << 16)); // the count may be damaged
        while (strings.Count < count) strings.Add(PlainString() ?? String($"an entry of '{key}'"));
        return [.. strings];
    }

    /// <summary>A string with nothing amiss; else null, and nothing is taken. Naming an entry costs more than reading it.</summary>
    string? PlainString()
    {
        const int lengthBytes = sizeof(ulong);
        long left = file.Length - Offset - lengthBytes;
        if (left < 0) return null;
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(Offset, lengthBytes));
        if (length > (ulong)Math.Min(left, LongestString)) return null;
        var bytes = file.Bytes(Offset + lengthBytes, (int)length);
        if (!Utf8.IsValid(bytes)) return null;
        Offset += lengthBytes + (long)length;
        return Encoding.UTF8.GetString(bytes);
    }

    bool Bool(byte value, long at, string key) => value <= 1
        ? value == 1
        : throw CheckpointErrors.Gguf(file.Path, at, $"Key '{key}' is a boolean of value {value}; expected 0 or 1.");

    /// <summary>Numbers as they lie in the file: this reader runs on little-endian machines only, which the entry checks.</summary>
    T[] Numbers<T>(string key) where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        long at = Offset;
        int count = Count($"the length of list '{key}'", size);
        if ((long)count * size > int.MaxValue) throw CheckpointErrors.Gguf(file.Path, at, $"List '{key}' is longer than 2 GiB.");
        return MemoryMarshal.Cast<byte, T>(Take(count * size, key)).ToArray();
    }

    ReadOnlySpan<byte> Take(int count, string what)
    {
        if (Offset + count > file.Length) throw CheckpointErrors.Truncated(file.Path, $"{what} at byte {Offset}", Offset + count, file.Length);
        var bytes = file.Bytes(Offset, count);
        Offset += count;
        return bytes;
    }
}
