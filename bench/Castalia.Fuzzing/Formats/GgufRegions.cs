using System.Buffers.Binary;
using System.Text;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Formats;

/// <summary>The places of a GGUF file's header.</summary>
sealed class GgufRegions
{
    const int MostOfOne = 12; // elements of one list
    const uint String = 8, List = 9;

    static readonly int[] s_widths = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    readonly byte[] _bytes;
    readonly List<Region> _regions = [];
    int _at = 4;

    GgufRegions(byte[] bytes) => _bytes = bytes;

    /// <summary>A GGUF file whose data are zeros; what was in them does not matter to whoever reads the header.</summary>
    public static SeedFile File(string name, byte[] bytes)
    {
        var walk = new GgufRegions(bytes);
        int end = walk.Header();
        // Headers grow: there is room for that.
        return new(name, new(bytes[..end], bytes.Length - end + (1 << 16))) { Regions = walk._regions };
    }

    int Header()
    {
        Number(4, "version");
        LengthField tensors = new(_at, 8, Counts: true), keys = new(_at + 8, 8, Counts: true);
        Number(8, "count");
        ulong tensorCount = U64(_at - 8), keyCount = U64(_at);
        Number(8, "count");
        for (ulong i = 0; i < keyCount; i++)
        {
            int start = _at;
            string key = Text("key", []);
            uint type = U32(_at);
            Number(4, "type");
            Value(type, key);
            _regions.Add(new(RegionKind.Item, start, _at) { Lengths = [keys], Hint = "key" });
        }
        for (ulong i = 0; i < tensorCount; i++)
        {
            int start = _at;
            Text("name", []);
            LengthField axes = new(_at, 4, Counts: true);
            uint axisCount = U32(_at);
            Number(4, "axes");
            for (uint axis = 0; axis < axisCount; axis++)
            {
                _regions.Add(new(RegionKind.Item, _at, _at + 8) { Lengths = [axes], Hint = "axis" });
                Number(8, "axis");
            }
            Number(4, "ggml");
            Number(8, "offset");
            _regions.Add(new(RegionKind.Item, start, _at) { Lengths = [tensors], Hint = "tensor" });
        }
        return _at;
    }

    void Value(uint type, string key)
    {
        if (type == String) Text(key, []);
        else if (type == List) Elements(key);
        else Number(s_widths[type], key);
    }

    void Elements(string key)
    {
        uint type = U32(_at);
        Number(4, "type");
        LengthField count = new(_at, 8, Counts: true);
        ulong stated = U64(_at);
        Number(8, "count");
        for (ulong i = 0; i < stated; i++)
        {
            int start = _at, known = _regions.Count;
            Value(type, key + "[]");
            if (i >= MostOfOne && i % 89 != 0) _regions.RemoveRange(known, _regions.Count - known);
            else _regions.Add(new(RegionKind.Item, start, _at) { Lengths = [count], Hint = key + "[]" });
        }
    }

    string Text(string hint, IReadOnlyList<LengthField> outer)
    {
        int length = (int)U64(_at);
        LengthField own = new(_at, 8);
        Number(8, "length");
        _regions.Add(new(RegionKind.Text, _at, _at + length) { Lengths = [own, .. outer], Hint = hint });
        _at += length;
        return Encoding.UTF8.GetString(_bytes, _at - length, length);
    }

    void Number(int width, string hint)
    {
        _regions.Add(new(RegionKind.Number, _at, _at + width) { Hint = hint });
        _at += width;
    }

    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));
}
