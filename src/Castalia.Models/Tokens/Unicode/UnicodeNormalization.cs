using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Castalia.Tokens;

/// <summary>The normalisation forms of UAX #15, from a table of its own.</summary>
/// <remarks>
/// <c>string.Normalize</c> leaves text as it is, without a word, where globalisation is invariant, and elsewhere depends on the ICU
/// that is installed. Table: the Unicode Character Database as of version 9, which the reference normalises by; see
/// tools/make-normalization-data.py.
/// </remarks>
static class UnicodeNormalization
{
    const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;
    const int FirstMark = 0x300;

    static readonly Lazy<Table> Data = new(Read);

    sealed record Table(
        Dictionary<int, int> Classes, Dictionary<int, int[]> Canonical, Dictionary<int, int[]> Compatible,
        Dictionary<(int First, int Second), int> Compositions, HashSet<int> Seconds);

    /// <summary>Canonical decomposition followed by canonical composition.</summary>
    public static string Nfc(string text) => Change(text, Composed.Value, compatible: false, compose: true);

    /// <summary>The same as a step of a tokenizer's.</summary>
    public static NormalText Nfc(NormalText text) => text.Through(Nfc);

    /// <summary>Canonical decomposition.</summary>
    public static string Nfd(string text) => Change(text, Canonical.Value, compatible: false, compose: false);

    /// <summary>Compatibility decomposition followed by canonical composition.</summary>
    public static string Nfkc(string text) => Change(text, CompatibleComposed.Value, compatible: true, compose: true);

    /// <summary>Compatibility decomposition.</summary>
    public static string Nfkd(string text) => Change(text, Compatible.Value, compatible: true, compose: false);

    // Code points that a form can change, or that can change with those before them: marks, what decomposes, what joins to a code point
    // before it. A stretch of others stays as it is, but for its last, to which what follows may join.
    static readonly Lazy<CodeSet> Canonical = new(() => new CodeSet(code => Class(code) != 0 || IsSyllable(code) || Data.Value.Canonical.ContainsKey(code)));
    static readonly Lazy<CodeSet> Compatible = new(() => Canonical.Value.Or(new CodeSet(Data.Value.Compatible.ContainsKey)));
    static readonly Lazy<CodeSet> Joins = new(() => new CodeSet(
        code => Data.Value.Seconds.Contains(code) || code is >= VBase and < VBase + VCount or > TBase and < TBase + TCount));
    static readonly Lazy<CodeSet> Composed = new(() => Canonical.Value.Or(Joins.Value));
    static readonly Lazy<CodeSet> CompatibleComposed = new(() => Compatible.Value.Or(Joins.Value));

    static string Change(string text, CodeSet active, bool compatible, bool compose)
    {
        StringBuilder? changed = null;
        int done = 0;
        for (int at = 0, previous = 0; at < text.Length;)
        {
            int next = Next(text, at);
            if (!active.Contains(Rune.GetRuneAt(text, at).Value))
            {
                (previous, at) = (at, next);
                continue;
            }
            int start = compose ? previous : at;
            while (next < text.Length && active.Contains(Rune.GetRuneAt(text, next).Value)) next = Next(text, next);
            changed ??= new StringBuilder(text.Length);
            changed.Append(text, done, start - done);
            var codes = Decompose(text[start..next], compatible);
            changed.Append(Text(compose ? Compose(codes) : codes));
            done = at = previous = next;
        }
        return changed is null ? text : changed.Append(text, done, text.Length - done).ToString();
    }

    static int Next(string text, int at) => at + (char.IsHighSurrogate(text[at]) ? 2 : 1);

    static bool IsSyllable(int code) => code is >= SBase and < SBase + LCount * VCount * TCount;

    static string Text(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        foreach (int code in codes) text.Append(new Rune(code).ToString());
        return text.ToString();
    }

    static List<int> Decompose(string text, bool compatible)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Add(rune.Value, codes, compatible);
        for (int i = 0; i < codes.Count; i++)
        {
            int start = i;
            while (i < codes.Count && Class(codes[i]) != 0) i++;
            if (i - start > 1) SortMarks(CollectionsMarshal.AsSpan(codes)[start..i]);
        }
        return codes;
    }

    /// <summary>Marks in order of their class; marks of one class keep their order.</summary>
    static void SortMarks(Span<int> marks)
    {
        int[] sorted = [.. marks.ToArray().OrderBy(Class)]; // a stable sort
        sorted.CopyTo(marks);
    }

    static void Add(int code, List<int> codes, bool compatible)
    {
        int syllable = code - SBase;
        if (syllable is >= 0 and < LCount * VCount * TCount)
        {
            codes.Add(LBase + syllable / (VCount * TCount));
            codes.Add(VBase + syllable % (VCount * TCount) / TCount);
            if (syllable % TCount != 0) codes.Add(TBase + syllable % TCount);
        }
        else if (Data.Value.Canonical.TryGetValue(code, out int[]? parts) || (compatible && Data.Value.Compatible.TryGetValue(code, out parts)))
        {
            foreach (int part in parts) Add(part, codes, compatible);
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

    static int Class(int code) => code < FirstMark ? 0 : Data.Value.Classes.GetValueOrDefault(code);

    static Table Read()
    {
        var table = new Table([], [], [], [], []);
        using var stream = typeof(UnicodeNormalization).Assembly.GetManifestResourceStream("normalization.txt")
            ?? throw new InvalidOperationException("The resource normalization.txt is missing from the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#') continue;
            int end = line.AsSpan().IndexOfAny(" =>~");
            int code = Hex(line.AsSpan(0, end));
            if (line[end] == ' ')
            {
                table.Classes.Add(code, int.Parse(line.AsSpan(end + 1), CultureInfo.InvariantCulture));
                continue;
            }
            int[] parts = [.. line[(end + 1)..].Split(' ').Select(part => Hex(part))];
            (line[end] == '~' ? table.Compatible : table.Canonical).Add(code, parts);
            if (line[end] != '=') continue;
            table.Compositions.Add((parts[0], parts[1]), code);
            table.Seconds.Add(parts[1]);
        }
        return table;
    }

    static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
