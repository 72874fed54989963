using System.Buffers.Binary;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Formats;

/// <summary>The places of pickles: every instruction, and the numbers and texts it carries.</summary>
static class PickleRegions
{
    /// <summary>Those of a pickle, or of some one behind the other.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="count">How many pickles there are.</param>
    /// <param name="end">First byte behind the last.</param>
    public static List<Region> Of(byte[] bytes, int count, out int end)
    {
        var regions = new List<Region>();
        int at = 0;
        for (; count > 0; count--)
            while (bytes[Next(bytes, ref at, regions)] != (byte)'.') { }
        end = at;
        return regions;
    }

    static int Next(byte[] bytes, ref int at, List<Region> regions)
    {
        int start = at;
        byte code = bytes[at++];
        switch ((char)code)
        {
            case '\u0080' or 'q' or 'h' or 'K' or '\u0082':
                Number(1, ref at, regions);
                break;
            case 'M' or '\u0083':
                Number(2, ref at, regions);
                break;
            case 'J' or 'r' or 'j' or '\u0084':
                Number(4, ref at, regions);
                break;
            case 'G' or '\u0095':
                Number(8, ref at, regions);
                break;
            case 'X' or 'T' or 'B' or '\u008B':
                Text(bytes, 4, ref at, regions);
                break;
            case '\u008C' or 'U' or 'C' or '\u008A':
                Text(bytes, 1, ref at, regions);
                break;
            case '\u008D' or '\u008E' or '\u0096':
                Text(bytes, 8, ref at, regions);
                break;
            case 'c' or 'i':
                Line(bytes, ref at, regions);
                Line(bytes, ref at, regions);
                break;
            case 'I' or 'L' or 'F' or 'S' or 'V' or 'P' or 'g' or 'p':
                Line(bytes, ref at, regions);
                break;
        }
        regions.Add(new(RegionKind.Item, start, at) { Hint = "instruction" });
        regions.Add(new(RegionKind.Number, start, start + 1) { Hint = "code" });
        return start;
    }

    static void Number(int width, ref int at, List<Region> regions)
    {
        regions.Add(new(RegionKind.Number, at, at + width) { Hint = $"number{width}" });
        at += width;
    }

    static void Text(byte[] bytes, int width, ref int at, List<Region> regions)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.AsSpan(at, width).CopyTo(wide);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(wide);
        LengthField own = new(at, width);
        Number(width, ref at, regions);
        regions.Add(new(RegionKind.Text, at, at + length) { Lengths = [own], Hint = "text" });
        at += length;
    }

    static void Line(byte[] bytes, ref int at, List<Region> regions)
    {
        int end = Array.IndexOf(bytes, (byte)'\n', at);
        regions.Add(new(RegionKind.Text, at, end) { Hint = "line" });
        at = end + 1;
    }
}
