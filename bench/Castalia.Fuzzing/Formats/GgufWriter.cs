using System.Buffers.Binary;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Formats;

/// <summary>GGUF files of metadata alone, in the types that llama.cpp's converter writes.</summary>
sealed class GgufWriter
{
    readonly List<byte> _keys = [];
    ulong _count;

    public GgufWriter Add(string key, string value) => Add(key, 8, Text(value));

    public GgufWriter Add(string key, uint value) => Add(key, 4, BitConverter.GetBytes(value));

    public GgufWriter Add(string key, bool value) => Add(key, 7, [value ? (byte)1 : (byte)0]);

    public GgufWriter Add(string key, IReadOnlyCollection<string> values) => Add(key, 9, [.. Head(8, values.Count), .. values.SelectMany(Text)]);

    public GgufWriter Add(string key, IEnumerable<int> values) => Add(key, 9, [.. Head(5, values.Count()), .. values.SelectMany(BitConverter.GetBytes)]);

    public GgufWriter Add(string key, IEnumerable<float> values) => Add(key, 9, [.. Head(6, values.Count()), .. values.SelectMany(BitConverter.GetBytes)]);

    public byte[] Bytes() => [.. "GGUF"u8, .. BitConverter.GetBytes(3u), .. U64(0), .. U64(_count), .. _keys];

    GgufWriter Add(string key, uint type, byte[] value)
    {
        _keys.AddRange([.. Text(key), .. BitConverter.GetBytes(type), .. value]);
        _count++;
        return this;
    }

    static byte[] Head(uint type, int count) => [.. BitConverter.GetBytes(type), .. U64((ulong)count)];

    static byte[] Text(string text)
    {
        byte[] utf8 = Literals.Bytes(text);
        return [.. U64((ulong)utf8.Length), .. utf8];
    }

    static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
