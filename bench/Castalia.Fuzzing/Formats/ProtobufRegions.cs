using System.Globalization;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Formats;

/// <summary>The places of a SentencePiece model, a protobuf message.</summary>
static class ProtobufRegions
{
    const int MostOfOne = 40; // pieces

    public static SeedFile File(string name, byte[] bytes)
    {
        var regions = new List<Region>();
        Message(bytes, 0, bytes.Length, "", [], regions);
        return new(name, new(bytes)) { Regions = regions };
    }

    static void Message(byte[] bytes, int start, int end, string path, IReadOnlyList<LengthField> outer, List<Region> regions)
    {
        var counts = new Dictionary<ulong, int>();
        for (int at = start; at < end;)
        {
            int field = at, known = regions.Count;
            ulong tag = Varint(bytes, ref at, outer, "tag", regions);
            string hint = string.Create(CultureInfo.InvariantCulture, $"{path}.{tag >> 3}");
            switch (tag & 7)
            {
                case 0:
                    Varint(bytes, ref at, outer, hint, regions);
                    break;
                case 1 or 5:
                    int width = (tag & 7) == 1 ? 8 : 4;
                    regions.Add(new(RegionKind.Number, at, at + width) { Hint = hint });
                    at += width;
                    break;
                default:
                    int lengthAt = at;
                    int length = (int)Varint(bytes, ref at, outer, "length", regions);
                    LengthField[] inner = [new(lengthAt, at - lengthAt, IsVarint: true), .. outer];
                    // Pieces, and what the trainer and the normaliser were told, are messages.
                    if (path.Length == 0 && (tag >> 3) is 1 or 2 or 3 or 5) Message(bytes, at, at + length, hint, inner, regions);
                    else regions.Add(new(RegionKind.Text, at, at + length) { Lengths = inner, Hint = hint });
                    at += length;
                    break;
            }
            int count = counts[tag] = counts.GetValueOrDefault(tag) + 1;
            if (count > MostOfOne && count % 89 != 0) regions.RemoveRange(known, regions.Count - known);
            else regions.Add(new(RegionKind.Item, field, at) { Lengths = outer, Hint = hint });
        }
    }

    static ulong Varint(byte[] bytes, ref int at, IReadOnlyList<LengthField> outer, string hint, List<Region> regions)
    {
        int start = at;
        while (bytes[at++] >= 0x80) { }
        regions.Add(new(RegionKind.Varint, start, at) { Lengths = outer, Hint = hint });
        return Edits.ReadVarint(bytes.AsSpan(start, at - start));
    }
}
