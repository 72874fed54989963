using System.Buffers.Binary;
using System.Text;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The precompiled_charsmap of a SentencePiece model: a trie of texts, and what each becomes.</summary>
/// <remarks>
/// Layout: a 32-bit size; that many bytes of a double array (Darts-clone); the replacements, each ended by a zero byte. A unit of the
/// array holds, from bit 0, the label (8 bits, bit 31 for a value), a leaf flag (bit 8) and the offset (bits 10–30, times 256 with bit 9).
/// </remarks>
sealed class Charsmap
{
    const int MostMatches = 32; // the library looks no further
    const int MostRemembered = 1 << 14, LongestReplacement = 1024; // bytes; nmt_nfkc's longest has 33

    readonly uint[] _units;
    readonly byte[] _replacements;
    readonly Dictionary<int, string> _texts = [];

    /// <summary>Reads one.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public Charsmap(ReadOnlySpan<byte> blob, string place)
    {
        if (blob.Length < 8 || BinaryPrimitives.ReadUInt32LittleEndian(blob) is var size && (size > blob.Length - 4 || size % 4 != 0 || size == 0))
            throw TokenizerErrors.Malformed(place, "normalizer_spec.precompiled_charsmap", "The trie is longer than the map.");
        _units = new uint[size / 4];
        for (int i = 0; i < _units.Length; i++) _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(4 + 4 * i)..]);
        _replacements = blob[(int)(4 + size)..].ToArray();
        for (int at = 0; at < _replacements.Length;)
        {
            int end = Array.IndexOf(_replacements, (byte)0, at);
            if (end < 0) throw TokenizerErrors.Malformed(place, "normalizer_spec.precompiled_charsmap", "The last replacement has no end.");
            if (end - at > LongestReplacement)
                throw TokenizerErrors.Unsupported(place, "normalizer_spec.precompiled_charsmap", $"A replacement of {end - at} bytes");
            if (!System.Text.Unicode.Utf8.IsValid(_replacements.AsSpan(at, end - at)))
                throw TokenizerErrors.Malformed(place, "normalizer_spec.precompiled_charsmap", "A replacement is not valid UTF-8.");
            at = end + 1;
        }
    }

    /// <summary>What the longest text of the map that the given one begins with becomes; null for none.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="length">Its length in UTF-16 units; 0 for none.</param>
    public string? Longest(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        int value = -1, matches = 0, units = 0;
        uint node = Offset(_units[0]);
        Span<byte> utf8 = stackalloc byte[4];
        while (units < text.Length && matches < MostMatches)
        {
            Rune.DecodeFromUtf16(text[units..], out var rune, out int consumed);
            int count = rune.EncodeToUtf8(utf8);
            units += consumed;
            for (int i = 0; i < count; i++)
            {
                node ^= utf8[i];
                if (node >= _units.Length || Label(_units[node]) != utf8[i]) return value < 0 ? null : Text(value);
                uint unit = _units[node];
                node ^= Offset(unit);
                if (!HasLeaf(unit)) continue;
                if (i != count - 1 || node >= _units.Length) continue; // a key that ends inside a character is never a whole text
                (value, length) = ((int)(_units[node] & 0x7FFFFFFF), units);
                matches++;
            }
        }
        return value < 0 ? null : Text(value);
    }

    static bool HasLeaf(uint unit) => (unit >> 8 & 1) == 1;

    static uint Label(uint unit) => unit & (1U << 31 | 0xFF);

    static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1U << 9) >> 6);

    string Text(int at)
    {
        lock (_texts)
        {
            if (_texts.TryGetValue(at, out string? text)) return text;
            int end = at < _replacements.Length ? Array.IndexOf(_replacements, (byte)0, at) : at;
            text = Encoding.UTF8.GetString(_replacements, Math.Min(at, _replacements.Length), Math.Max(0, end - at));
            if (_texts.Count < MostRemembered) _texts.Add(at, text);
            return text;
        }
    }
}
