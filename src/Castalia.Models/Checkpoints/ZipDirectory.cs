using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>One entry of a zip archive, stored as it is.</summary>
/// <param name="Name">Path in the archive; a key, never a path on disk.</param>
/// <param name="Start">First byte of its data in the file.</param>
/// <param name="Length">Bytes.</param>
readonly record struct ZipEntry(string Name, long Start, long Length);

/// <summary>Reads the directory of a zip archive whose entries are all stored, each checked against its local header.</summary>
/// <remarks>
/// Format: PKWARE's APPNOTE.TXT, 4.3. Refused: compression, encryption, several disks, a comment or anything else behind the end record,
/// a name twice, entries that overlap. Checksums are not compared: that would read every weight, and torch may leave them out.
/// </remarks>
sealed class ZipDirectory
{
    const int EndLength = 22, LocatorLength = 20, End64Length = 56, CentralLength = 46, LocalLength = 30;

    readonly MappedFile _file;
    readonly List<ZipEntry> _entries = [];
    readonly List<(long Start, long End, string Name)> _places = [];

    ZipDirectory(MappedFile file) => _file = file;

    /// <summary>The entries of a mapped archive, in the directory's order.</summary>
    /// <exception cref="InputException">An archive that cannot be trusted.</exception>
    public static IReadOnlyList<ZipEntry> Read(MappedFile file)
    {
        var directory = new ZipDirectory(file);
        var (count, start, length) = directory.Place();
        directory.ReadCentral(count, start, start + length);
        directory.CheckPlaces(start);
        return directory._entries;
    }

    /// <summary>Where the central directory is, by the end record and the one of zip64 before it.</summary>
    (long Count, long Start, long Length) Place()
    {
        long end = _file.Length - EndLength;
        if (end < 0 || U32(end) != 0x06054B50)
            throw PickleErrors.Zip(_file.Path, Math.Max(end, 0), "The zip archive's end record is not at the end of the file.");
        var (count, length, start) = ((long)U16(end + 10), (long)U32(end + 12), (long)U32(end + 16));
        bool whole = U16(end + 4) == 0 && U16(end + 6) == 0 && U16(end + 8) == count && U16(end + 20) == 0, isOpen = false;
        if (end >= LocatorLength && U32(end - LocatorLength) == 0x07064B50)
        {
            (long locator, long end64) = (end - LocatorLength, I64(end - LocatorLength + 8));
            if (end64 < 0 || end64 > locator - End64Length || U32(end64) != 0x06064B50 || I64(end64 + 4) != locator - end64 - 12)
                throw PickleErrors.Zip(_file.Path, locator, "The zip64 end record is not where its locator says.");
            var (count64, length64, start64) = (I64(end64 + 32), I64(end64 + 40), I64(end64 + 48));
            whole &= U32(locator + 4) == 0 && U32(locator + 16) == 1 && U32(end64 + 16) == 0 && U32(end64 + 20) == 0 && I64(end64 + 24) == count64;
            bool agree = Agree(count, count64, 0xFFFF) && Agree(length, length64, uint.MaxValue) && Agree(start, start64, uint.MaxValue);
            if (!agree) throw PickleErrors.Zip(_file.Path, end, "The end records of zip and zip64 disagree.");
            (count, length, start, end) = (count64, length64, start64, end64);
            isOpen = true;
        }
        if (!whole) throw PickleErrors.Zip(_file.Path, end, "The zip archive has several disks or a comment, as torch.save writes none.");
        if (start < 0 || length < 0 || start > end || length != end - start || count < 0 || count > length / CentralLength || (!isOpen && count == 0xFFFF))
            throw PickleErrors.Zip(_file.Path, end, $"The zip directory of {count} entries is said to take {length} bytes from byte {start}, and does not.");
        return (count, start, length);

        static bool Agree(long small, long wide, long open) => small == open || small == wide;
    }

    void ReadCentral(long count, long at, long end)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            if (end - at < CentralLength || U32(at) != 0x02014B50) throw PickleErrors.Zip(_file.Path, at, "The zip directory is broken off or damaged.");
            int nameLength = U16(at + 28), extraLength = U16(at + 30), commentLength = U16(at + 32);
            if (end - at - CentralLength < nameLength + extraLength + commentLength)
                throw PickleErrors.Zip(_file.Path, at, "The zip directory is broken off or damaged.");
            string name = Name(at + CentralLength, nameLength);
            if (!names.Add(name)) throw PickleErrors.Entry(_file.Path, name, "stands twice.");
            var (flags, method) = (U16(at + 8), U16(at + 10));
            if ((flags & 0x2041) != 0) throw PickleErrors.Compressed(_file.Path, name, "encrypted");
            if (method != 0) throw PickleErrors.Compressed(_file.Path, name, $"compressed (method {method})");
            long[] sizes = [U32(at + 24), U32(at + 20), U32(at + 42)]; // as they are, as stored, and where the local header is
            Widen64(name, sizes, at + CentralLength + nameLength, extraLength);
            if (sizes[0] != sizes[1]) throw PickleErrors.Entry(_file.Path, name, $"is stored in {sizes[1]} bytes and has {sizes[0]}.");
            ReadLocal(name, flags, sizes[2], sizes[0]);
            at += CentralLength + nameLength + extraLength + commentLength;
        }
        if (at != end) throw PickleErrors.Zip(_file.Path, at, "The zip directory has bytes behind its last entry.");
    }

    void ReadLocal(string name, int flags, long at, long length)
    {
        if (at < 0 || at > _file.Length - LocalLength || U32(at) != 0x04034B50)
            throw PickleErrors.Entry(_file.Path, name, $"is said to begin at byte {at}, where no local header is.");
        int nameLength = U16(at + 26), extraLength = U16(at + 28);
        if (_file.Length - at - LocalLength < nameLength + extraLength) throw PickleErrors.Entry(_file.Path, name, "has a local header that is broken off.");
        bool isSame = U16(at + 6) == flags && U16(at + 8) == 0 && Name(at + LocalLength, nameLength) == name;
        long[] sizes = [U32(at + 22), U32(at + 18)];
        Widen64(name, sizes, at + LocalLength + nameLength, extraLength);
        bool isLater = (flags & 8) != 0 && sizes is [0, 0]; // then they follow the data
        if (!isSame || !(isLater || (sizes[0] == length && sizes[1] == length)))
            throw PickleErrors.Entry(_file.Path, name, "is described otherwise by its local header than by the directory.");
        long start = at + LocalLength + nameLength + extraLength;
        if (length < 0 || length > _file.Length - start) throw PickleErrors.Entry(_file.Path, name, $"has {length} bytes from byte {start}; the file has {_file.Length}.");
        _entries.Add(new(name, start, length));
        _places.Add((at, start + length, name));
    }

    /// <summary>Sizes too large for 32 bits stand in an extra field, in this order, those only.</summary>
    void Widen64(string name, long[] sizes, long extra, int extraLength)
    {
        if (!sizes.Contains(uint.MaxValue)) return;
        for (long at = extra, end = extra + extraLength; end - at >= 4; at += 4 + U16(at + 2))
        {
            if (U16(at) != 1) continue;
            long next = at + 4, last = Math.Min(end, next + U16(at + 2));
            for (int i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] != uint.MaxValue) continue;
                if (last - next < 8) throw PickleErrors.Entry(_file.Path, name, "has a zip64 field that is too short.");
                sizes[i] = I64(next);
                next += 8;
            }
            return;
        }
        throw PickleErrors.Entry(_file.Path, name, "lacks its zip64 field.");
    }

    void CheckPlaces(long directory)
    {
        _places.Add((directory, directory, "the directory"));
        _places.Sort();
        for (int i = 1; i < _places.Count; i++)
            if (_places[i].Start < _places[i - 1].End) throw PickleErrors.Entry(_file.Path, _places[i - 1].Name, $"overlaps {_places[i].Name}.");
    }

    string Name(long at, int length)
    {
        var utf8 = _file.Bytes(at, length);
        return Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw PickleErrors.Zip(_file.Path, at, "The name of an entry is not valid UTF-8.");
    }

    ushort U16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.Bytes(at, 2));

    uint U32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_file.Bytes(at, 4));

    long I64(long at) => BinaryPrimitives.ReadInt64LittleEndian(_file.Bytes(at, 8));
}
