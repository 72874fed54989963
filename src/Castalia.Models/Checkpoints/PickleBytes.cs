using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Castalia.Checkpoints;

/// <summary>Takes the operands of a pickle in turn, never past its end.</summary>
/// <param name="file">The file.</param>
/// <param name="start">First byte of the pickle.</param>
/// <param name="end">One past the last byte it may have.</param>
sealed class PickleBytes(MappedFile file, long start, long end)
{
    /// <summary>Far above any list of tensors; what is built of it stays small beside the weights.</summary>
    public const int Most = 1 << 25;

    const int LongestText = 1 << 12;

    readonly long _start = start, _limit = Math.Min(end, start + Most);

    /// <summary>Where the next byte is, in the file.</summary>
    public long Offset { get; private set; } = start;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double F64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>A whole number in so many bytes of two's complement; a long where it fits.</summary>
    public object Integer(int bytes)
    {
        var value = new BigInteger(Take(bytes));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    /// <summary>A length of a frame, which must lie in the pickle.</summary>
    public void Frame()
    {
        long at = Offset;
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        if (length > (ulong)(end - Offset))
            throw PickleErrors.Malformed(file.Path, at, $"A frame of {length} bytes reaches beyond the pickle.");
    }

    /// <summary>UTF-8 of a known length.</summary>
    public string Text(uint length)
    {
        long at = Offset;
        if (length > LongestText)
            throw PickleErrors.Limit(file.Path, at, $"A text is {length} bytes long; at most {LongestText} are read.");
        return Decoded(Take((int)length), at);
    }

    /// <summary>UTF-8 up to a line feed.</summary>
    public string Line()
    {
        long at = Offset;
        while (U8() != '\n')
            if (Offset - at > LongestText) throw PickleErrors.Limit(file.Path, at, $"A name is longer than {LongestText} bytes.");
        return Decoded(file.Bytes(at, (int)(Offset - at - 1)), at);
    }

    string Decoded(ReadOnlySpan<byte> utf8, long at) =>
        Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : throw PickleErrors.Malformed(file.Path, at, "A text is not valid UTF-8.");

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > _limit - Offset)
        {
            throw _limit < end
                ? PickleErrors.Limit(file.Path, _start, $"The pickle is longer than {Most} bytes.")
                : PickleErrors.Malformed(file.Path, Offset, "The pickle ends before it is complete.");
        }
        var bytes = file.Bytes(Offset, count);
        Offset += count;
        return bytes;
    }
}
