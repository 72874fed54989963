using System.Buffers;
using System.Text;

namespace Castalia.Tokens;

/// <summary>The 256 printable characters that byte-level vocabularies spell bytes with (GPT-2's bytes_to_unicode).</summary>
/// <remarks>Printable Latin-1 stands for itself; the other 68 bytes, in order, are U+0100 and on.</remarks>
static class ByteAlphabet
{
    static readonly char[] Spelling = Build();
    static readonly short[] Bytes = BuildBytes(); // by character; −1 for one that spells none

    /// <summary>The character a byte is spelt with.</summary>
    public static char Of(byte value) => Spelling[value];

    /// <summary>The byte a character spells; false where it spells none.</summary>
    public static bool TryByte(char character, out byte value)
    {
        int spelt = character < Bytes.Length ? Bytes[character] : -1;
        value = spelt < 0 ? default : (byte)spelt;
        return spelt >= 0;
    }

    /// <summary>A text, each byte of its UTF-8 spelt.</summary>
    public static string Spell(string text) => Spell(text.AsSpan());

    /// <summary>A text, each byte of its UTF-8 spelt.</summary>
    public static string Spell(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return string.Create(text.Length, text, static (spelling, characters) =>
            {
                for (int i = 0; i < spelling.Length; i++) spelling[i] = Spelling[characters[i]];
            });
        }
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int count = Encoding.UTF8.GetBytes(text, bytes);
        string spelt = string.Create(count, bytes, static (spelling, values) =>
        {
            for (int i = 0; i < spelling.Length; i++) spelling[i] = Spelling[values[i]];
        });
        ArrayPool<byte>.Shared.Return(bytes);
        return spelt;
    }

    /// <summary>Adds the bytes a piece spells; its UTF-8 where one of its characters spells none.</summary>
    public static void Add(string piece, List<byte> to)
    {
        int before = to.Count;
        foreach (char c in piece)
        {
            if (TryByte(c, out byte value))
            {
                to.Add(value);
                continue;
            }
            to.RemoveRange(before, to.Count - before);
            to.AddRange(Encoding.UTF8.GetBytes(piece));
            return;
        }
    }

    static short[] BuildBytes()
    {
        short[] bytes = new short[Spelling.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (short b = 0; b < Spelling.Length; b++) bytes[Spelling[b]] = b;
        return bytes;
    }

    static char[] Build()
    {
        var spelling = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            spelling[b] = (char)(printable ? b : next++);
        }
        return spelling;
    }
}
