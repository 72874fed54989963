using System.Globalization;
using System.Text;

namespace Castalia.Tokens;

/// <summary>NFC and NFD of UAX #15, from a table of its own.</summary>
/// <remarks>
/// <c>string.Normalize</c> leaves text as it is, without a word, where globalisation is invariant, and elsewhere depends on the ICU
/// that is installed. Table: Unicode Character Database, see tools/make-canonical-data.py.
/// </remarks>
static class CanonicalNormalization
{
    const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;
    const int FirstThatMatters = 0x300; // below it everything is in NFC and combines with nothing before it

    static readonly Lazy<Table> Data = new(Read);

    sealed record Table(
        Dictionary<int, int> Classes, Dictionary<int, int[]> Decompositions, Dictionary<(int First, int Second), int> Compositions);

    /// <summary>Canonical decomposition followed by canonical composition.</summary>
    public static string Nfc(string text) => IsPlain(text, FirstThatMatters) ? text : Text(Compose(Decompose(text)));

    /// <summary>Canonical decomposition.</summary>
    public static string Nfd(string text) => IsPlain(text, 0x80) ? text : Text(Decompose(text));

    static bool IsPlain(string text, int first)
    {
        foreach (char c in text)
            if (c >= first) return false;
        return true;
    }

    static string Text(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        foreach (int code in codes) text.Append(new Rune(code).ToString());
        return text.ToString();
    }

    static List<int> Decompose(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Add(rune.Value, codes);
        // Marks in order of their class; marks of one class keep their order.
        for (int i = 1; i < codes.Count; i++)
        {
            int code = codes[i], order = Class(code), at = i;
            if (order == 0) continue;
            for (; at > 0 && Class(codes[at - 1]) > order; at--) codes[at] = codes[at - 1];
            codes[at] = code;
        }
        return codes;
    }

    static void Add(int code, List<int> codes)
    {
        int syllable = code - SBase;
        if (syllable is >= 0 and < LCount * VCount * TCount)
        {
            codes.Add(LBase + syllable / (VCount * TCount));
            codes.Add(VBase + syllable % (VCount * TCount) / TCount);
            if (syllable % TCount != 0) codes.Add(TBase + syllable % TCount);
        }
        else if (Data.Value.Decompositions.TryGetValue(code, out int[]? parts))
        {
            foreach (int part in parts) Add(part, codes);
        }
        else
        {
            codes.Add(code);
        }
    }

    static List<int> Compose(List<int> codes)
    {
        var composed = new List<int>(codes.Count);
        int starter = -1, lastClass = 0;
        foreach (int code in codes)
        {
            int order = Class(code);
            // A mark joins its starter unless one of the same or a higher class stands between them.
            bool blocked = starter < composed.Count - 1 && (lastClass == 0 || lastClass >= order);
            if (starter >= 0 && !blocked && Pair(composed[starter], code) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }
            if (order == 0) starter = composed.Count;
            lastClass = order;
            composed.Add(code);
        }
        return composed;
    }

    static int? Pair(int first, int second)
    {
        int l = first - LBase, v = second - VBase, s = first - SBase, t = second - TBase;
        if (l is >= 0 and < LCount && v is >= 0 and < VCount) return SBase + (l * VCount + v) * TCount;
        if (s is >= 0 and < LCount * VCount * TCount && s % TCount == 0 && t is > 0 and < TCount) return first + t;
        return Data.Value.Compositions.TryGetValue((first, second), out int whole) ? whole : null;
    }

    static int Class(int code) => code < FirstThatMatters ? 0 : Data.Value.Classes.GetValueOrDefault(code);

    static Table Read()
    {
        var table = new Table([], [], []);
        using var stream = typeof(CanonicalNormalization).Assembly.GetManifestResourceStream("canonical.txt")
            ?? throw new InvalidOperationException("The resource canonical.txt is missing from the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#') continue;
            int end = line.AsSpan().IndexOfAny(" =>");
            int code = Hex(line.AsSpan(0, end));
            if (line[end] == ' ')
            {
                table.Classes.Add(code, int.Parse(line.AsSpan(end + 1), CultureInfo.InvariantCulture));
                continue;
            }
            int[] parts = [.. line[(end + 1)..].Split(' ').Select(part => Hex(part))];
            table.Decompositions.Add(code, parts);
            if (line[end] == '=') table.Compositions.Add((parts[0], parts[1]), code);
        }
        return table;
    }

    static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
