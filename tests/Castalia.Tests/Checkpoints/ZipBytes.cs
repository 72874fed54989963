using System.Text;

namespace Castalia.Tests.Checkpoints;

/// <summary>One entry of a zip archive, and what its two headers claim of it.</summary>
sealed record ZipPart(string Name, byte[] Data)
{
    public ushort Method { get; init; }

    public ushort Flags { get; init; }

    /// <summary>Bytes of padding before the data, as an extra field.</summary>
    public int Padding { get; init; }

    public string? LocalName { get; init; }

    public uint? LocalLength { get; init; }

    public uint? CentralLength { get; init; }

    /// <summary>Extra field of the directory.</summary>
    public byte[] Extra { get; init; } = [];

    /// <summary>Where the directory says the local header is.</summary>
    public uint? Start { get; init; }

    /// <summary>Its name is no UTF-8.</summary>
    public bool BadName { get; init; }
}

/// <summary>Zip archives byte by byte, so that a test can get one of them wrong.</summary>
static class ZipBytes
{
    /// <summary>An archive of these parts.</summary>
    /// <param name="parts">In order.</param>
    /// <param name="zip64">End records of zip64 too, as torch writes them.</param>
    /// <param name="count">Entries claimed instead of the true number.</param>
    /// <param name="countBefore">What the small end record claims.</param>
    public static byte[] File(IEnumerable<ZipPart> parts, bool zip64 = false, ushort? count = null, ushort? countBefore = null)
    {
        List<byte> file = [], directory = [];
        int entries = 0;
        foreach (var part in parts)
        {
            uint start = part.Start ?? (uint)file.Count, length = (uint)part.Data.Length;
            byte[] name = Name(part, part.Name), localName = Name(part, part.LocalName ?? part.Name);
            uint local = part.LocalLength ?? length, central = part.CentralLength ?? length;
            byte[] extra = part.Padding == 0 ? [] : [.. "FB"u8, .. U16((ushort)(part.Padding - 4)), .. Enumerable.Repeat((byte)'Z', part.Padding - 4)];
            file.AddRange(
            [
                .. "PK\u0003\u0004"u8, .. U16(0), .. U16(part.Flags), .. U16(part.Method), .. new byte[8], .. U32(local), .. U32(local),
                .. U16((ushort)localName.Length), .. U16((ushort)extra.Length), .. localName, .. extra, .. part.Data,
            ]);
            directory.AddRange(
            [
                .. "PK\u0001\u0002"u8, .. U16(0), .. U16(0), .. U16(part.Flags), .. U16(part.Method), .. new byte[8], .. U32(central), .. U32(central),
                .. U16((ushort)name.Length), .. U16((ushort)part.Extra.Length), .. new byte[10], .. U32(start), .. name, .. part.Extra,
            ]);
            entries++;
        }
        ulong stated = count ?? (ulong)entries, at = (ulong)file.Count, end64 = at + (ulong)directory.Count;
        byte[] wide = !zip64 ? [] :
        [
            .. "PK\u0006\u0006"u8, .. U64(44), .. U16(0), .. U16(45), .. U32(0), .. U32(0), .. U64(stated), .. U64(stated),
            .. U64((ulong)directory.Count), .. U64(at), .. "PK\u0006\u0007"u8, .. U32(0), .. U64(end64), .. U32(1),
        ];
        ushort small = countBefore ?? (ushort)stated;
        return
        [
            .. file, .. directory, .. wide, .. "PK\u0005\u0006"u8, .. U16(0), .. U16(0), .. U16(small), .. U16(small),
            .. U32((uint)directory.Count), .. U32((uint)at), .. U16(0),
        ];
    }

    static byte[] Name(ZipPart part, string name) => part.BadName ? [0xFF, .. Encoding.UTF8.GetBytes(name)] : Encoding.UTF8.GetBytes(name);

    static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    static byte[] U32(uint value) => BitConverter.GetBytes(value);

    static byte[] U64(ulong value) => BitConverter.GetBytes(value);
}
