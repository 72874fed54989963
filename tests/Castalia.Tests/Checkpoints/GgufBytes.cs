using System.Text;

namespace Castalia.Tests.Checkpoints;

/// <summary>GGUF files byte by byte, so that a test can get one of them wrong.</summary>
sealed class GgufBytes
{
    readonly List<byte> _keys = [], _tensors = [];
    int _keyCount, _tensorCount;

    /// <summary>Magic number; "GGUF" as letters.</summary>
    public byte[] Magic { get; init; } = "GGUF"u8.ToArray();

    public uint Version { get; init; } = 3;

    /// <summary>What the header claims instead of the counts that are true.</summary>
    public ulong? ClaimedTensors { get; init; }

    public ulong? ClaimedKeys { get; init; }

    public int Alignment { get; init; } = 32;

    public byte[] Data { get; init; } = new byte[64];

    /// <summary>One key "k" of value 7 and one F32 tensor "a" of [2, 3] at 0.</summary>
    public static GgufBytes Correct() => new GgufBytes().Key("k", 4, BitConverter.GetBytes(7u)).Tensor("a", [3, 2], 0, 0);

    /// <summary>Adds a key of a numbered value type.</summary>
    public GgufBytes Key(string name, uint type, byte[] value) => Key(Encoding.UTF8.GetBytes(name), type, value);

    public GgufBytes Key(byte[] name, uint type, byte[] value)
    {
        _keys.AddRange([.. Text(name), .. BitConverter.GetBytes(type), .. value]);
        _keyCount++;
        return this;
    }

    /// <summary>Adds the keys of one part of a split file.</summary>
    public GgufBytes Part(ushort number, ushort count, int tensors) =>
        Key("split.no", 2, BitConverter.GetBytes(number)).Key("split.count", 2, BitConverter.GetBytes(count))
            .Key("split.tensors.count", 5, BitConverter.GetBytes(tensors));

    /// <summary>Adds a tensor; axes innermost first, as the format has them.</summary>
    public GgufBytes Tensor(string name, ulong[] axes, uint type, ulong offset) => Tensor(Encoding.UTF8.GetBytes(name), axes, type, offset);

    public GgufBytes Tensor(byte[] name, ulong[] axes, uint type, ulong offset)
    {
        _tensors.AddRange([.. Text(name), .. BitConverter.GetBytes((uint)axes.Length)]);
        foreach (ulong axis in axes) _tensors.AddRange(BitConverter.GetBytes(axis));
        _tensors.AddRange([.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(offset)]);
        _tensorCount++;
        return this;
    }

    public static byte[] Text(byte[] utf8) => [.. BitConverter.GetBytes((ulong)utf8.Length), .. utf8];

    public static byte[] List(uint type, ulong count, byte[] items) => [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(count), .. items];

    public byte[] File()
    {
        List<byte> file =
        [
            .. Magic, .. BitConverter.GetBytes(Version), .. BitConverter.GetBytes(ClaimedTensors ?? (ulong)_tensorCount),
            .. BitConverter.GetBytes(ClaimedKeys ?? (ulong)_keyCount), .. _keys, .. _tensors,
        ];
        while (file.Count % Alignment != 0) file.Add(0);
        return [.. file, .. Data];
    }
}
