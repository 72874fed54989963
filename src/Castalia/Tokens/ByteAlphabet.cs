namespace Castalia.Tokens;

/// <summary>The 256 printable characters that byte-level vocabularies spell bytes with (GPT-2's bytes_to_unicode).</summary>
/// <remarks>Printable Latin-1 stands for itself; the other 68 bytes, in order, are U+0100 and on.</remarks>
static class ByteAlphabet
{
    static readonly char[] Spelling = Build();
    static readonly Dictionary<char, byte> Bytes = Spelling.Select((c, b) => (c, (byte)b)).ToDictionary(p => p.c, p => p.Item2);

    /// <summary>The character a byte is spelt with.</summary>
    public static char Of(byte value) => Spelling[value];

    /// <summary>The byte a character spells; false where it spells none.</summary>
    public static bool TryByte(char character, out byte value) => Bytes.TryGetValue(character, out value);

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
