using System.Buffers.Binary;
using System.IO.Compression;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Formats;

/// <summary>The places of a zip archive's records, and archives around one changed entry.</summary>
static class ZipRegions
{
    static readonly int[] s_local = [4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2];
    static readonly int[] s_central = [4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4];
    static readonly int[] s_end = [4, 2, 2, 2, 2, 4, 4, 2];
    static readonly int[] s_end64 = [4, 8, 2, 2, 4, 4, 8, 8, 8, 8];
    static readonly int[] s_locator = [4, 4, 8, 4];

    /// <summary>An archive whose records are mutated.</summary>
    public static SeedFile File(string name, byte[] bytes)
    {
        var regions = new List<Region>();
        for (int at = 0; at + 4 <= bytes.Length;)
            at = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) switch
            {
                0x04034B50 => Record(bytes, at, s_local, "local", regions, nameField: 9),
                0x02014B50 => Record(bytes, at, s_central, "central", regions, nameField: 10),
                0x06054B50 => Record(bytes, at, s_end, "end", regions),
                0x06064B50 => Record(bytes, at, s_end64, "end64", regions),
                0x07064B50 => Record(bytes, at, s_locator, "locator", regions),
                _ => at + 1,
            };
        return new(name, new(bytes)) { Regions = regions };
    }

    /// <summary>An archive of which one entry is mutated; the others stay.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">The archive.</param>
    /// <param name="ending">How the entry's name ends.</param>
    /// <param name="regions">The places of the entry.</param>
    public static SeedFile Around(string name, byte[] bytes, string ending, Func<byte[], List<Region>> regions)
    {
        var entries = Entries(bytes);
        byte[] inner = entries.Single(entry => entry.Name.EndsWith(ending, StringComparison.Ordinal)).Data;
        return new(name, new(inner)) { Regions = regions(inner), Wrap = (changed, dice) => Archive(entries, ending, changed, dice) };
    }

    static List<(string Name, byte[] Data)> Entries(byte[] bytes)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes));
        return [.. archive.Entries.Select(entry => (entry.FullName, Data(entry)))];
    }

    static byte[] Data(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        byte[] data = new byte[entry.Length];
        stream.ReadExactly(data);
        return data;
    }

    static byte[] Archive(List<(string Name, byte[] Data)> entries, string ending, byte[] changed, Dice dice)
    {
        var level = dice.OneIn(8) ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, data) in entries)
            {
                using var to = archive.CreateEntry(name, level).Open();
                to.Write(name.EndsWith(ending, StringComparison.Ordinal) ? changed : data);
            }
        return stream.ToArray();
    }

    static int Record(byte[] bytes, int at, int[] widths, string hint, List<Region> regions, int nameField = -1)
    {
        int start = at, variable = 0;
        LengthField? name = null;
        int nameLength = 0;
        for (int i = 0; i < widths.Length; i++)
        {
            regions.Add(new(RegionKind.Number, at, at + widths[i]) { Hint = $"{hint}{i}" });
            if (i == nameField)
            {
                name = new(at, 2);
                nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
            }
            if (i >= nameField && nameField >= 0 && i < nameField + (hint == "local" ? 2 : 3)) variable += BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
            at += widths[i];
        }
        if (name is not null) regions.Add(new(RegionKind.Text, at, at + nameLength) { Lengths = [name], Hint = "name" });
        regions.Add(new(RegionKind.Item, start, at + variable) { Hint = hint });
        return at + variable;
    }
}
