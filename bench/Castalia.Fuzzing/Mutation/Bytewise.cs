using System.Buffers.Binary;

namespace Castalia.Fuzzing.Mutation;

/// <summary>Changes bytes without knowing what they are.</summary>
static class Bytewise
{
    /// <summary>The content after one to eight changes.</summary>
    /// <param name="content">The content.</param>
    /// <param name="other">Of another file of the reader, to splice with.</param>
    /// <param name="dice">Chance.</param>
    public static Content Mutated(Content content, byte[] other, Dice dice)
    {
        for (int count = dice.Few(8); count > 0; count--) content = Once(content, other, dice);
        return content;
    }

    static Content Once(Content content, byte[] other, Dice dice)
    {
        byte[] bytes = content.Bytes;
        int at = Place(bytes.Length, dice), length = Math.Min(1 << dice.Below(10), bytes.Length - at);
        switch (dice.Below(12))
        {
            case 0 or 1 when at < bytes.Length:
                bytes = [.. bytes];
                bytes[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 2 when at < bytes.Length:
                bytes = [.. bytes];
                bytes[at] = dice.Of<byte>([0, 1, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'{', (byte)'\\', (byte)'\n', (byte)dice.Below(256)]);
                break;
            case 3:
                bytes = [.. bytes.AsSpan(0, at), .. Literals.Text(dice), .. bytes.AsSpan(at)];
                break;
            case 4:
                bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
                break;
            case 5:
                bytes = [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at, length), .. bytes.AsSpan(at + length)];
                break;
            case 6:
                return dice.OneIn(2) && content.Zeros > 0
                    ? content with { Zeros = dice.OneIn(4) ? 0 : content.Zeros - Math.Min(content.Zeros, 1 << dice.Below(20)) }
                    : new(bytes[..at]);
            case 7:
                return content with { Zeros = content.Zeros + (1 << dice.Below(16)) };
            case 8 or 9:
                bytes = Overwritten(bytes, at, dice);
                break;
            case 10:
                int from = Place(other.Length, dice), take = dice.OneIn(2) ? other.Length - from : Math.Min(1 << dice.Below(8), other.Length - from);
                bytes = [.. bytes.AsSpan(0, at), .. other.AsSpan(from, take), .. bytes.AsSpan(dice.OneIn(2) ? bytes.Length : Math.Min(bytes.Length, at + take))];
                break;
            default:
                if (at + length >= bytes.Length) break;
                bytes = [.. bytes];
                var moved = bytes.AsSpan(Place(bytes.Length - length, dice), length).ToArray();
                moved.CopyTo(bytes, at);
                break;
        }
        return content with { Bytes = bytes };
    }

    /// <summary>Somewhere, rather near the ends, where formats have what speaks of the rest.</summary>
    static int Place(int length, Dice dice) => dice.Below(4) switch
    {
        0 => dice.Below(Math.Min(length, 64) + 1),
        1 => length - dice.Below(Math.Min(length, 128) + 1),
        _ => dice.Below(length + 1),
    };

    static byte[] Overwritten(byte[] bytes, int at, Dice dice)
    {
        int width = 1 << dice.Below(4);
        if (at + width > bytes.Length) return bytes;
        Span<byte> wide = stackalloc byte[8];
        ulong value = Literals.Number(dice);
        if (dice.OneIn(4)) BinaryPrimitives.WriteUInt64BigEndian(wide, value << (64 - 8 * width));
        else BinaryPrimitives.WriteUInt64LittleEndian(wide, value);
        bytes = [.. bytes];
        wide[..width].CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
