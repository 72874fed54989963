using System.Runtime.CompilerServices;

namespace Castalia.Tokens;

/// <summary>A set of code points given by a test, each answer of which is kept.</summary>
/// <remarks>
/// ASCII is asked once, when the set is made, and takes no memory beyond the set; pages of 256 other code points are filled when first asked
/// for, and tables of 256 pages made when one of them is. Two threads that fill one write the same. A file may ask for some thousand sets.
/// </remarks>
sealed class CodeSet
{
    readonly Func<int, bool> _contains;
    readonly ulong _low, _high; // ASCII
    ulong[]?[]?[]? _planes;

    public CodeSet(Func<int, bool> contains)
    {
        _contains = contains;
        for (int code = 0; code < 64; code++)
        {
            if (contains(code)) _low |= 1UL << code;
            if (contains(code + 64)) _high |= 1UL << code;
        }
    }

    /// <summary>Whether a code point is in the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int code) => (uint)code < 0x80 ? ((code < 64 ? _low : _high) >> (code & 63) & 1) != 0 : IsBeyondAscii(code);

    /// <summary>Every code point that is not in the set.</summary>
    public CodeSet Negated => new(code => !Contains(code));

    /// <summary>The code points of either set.</summary>
    public CodeSet Or(CodeSet other) => new(code => Contains(code) || other.Contains(code));

    /// <summary>The code points of any of some sets.</summary>
    public static CodeSet AnyOf(IReadOnlyList<CodeSet> sets) => sets is [var only] ? only : Where([.. sets], whole: false);

    /// <summary>The code points of all of some sets.</summary>
    public static CodeSet AllOf(IReadOnlyList<CodeSet> sets) => sets is [var only] ? only : Where([.. sets], whole: true);

    static CodeSet Where(CodeSet[] sets, bool whole) => new(code =>
    {
        foreach (var set in sets)
            if (set.Contains(code) != whole) return !whole;
        return whole;
    });

    bool IsBeyondAscii(int code)
    {
        var planes = _planes ??= new ulong[]?[]?[0x110000 >> 16];
        var pages = planes[code >> 16] ??= new ulong[]?[0x100];
        ulong[] page = pages[code >> 8 & 0xFF] ??= Fill(code & ~0xFF);
        return (page[code >> 6 & 3] >> (code & 63) & 1) != 0;
    }

    ulong[] Fill(int first)
    {
        ulong[] page = new ulong[4];
        for (int i = 0; i < 256; i++)
            if (_contains(first + i)) page[i >> 6] |= 1UL << (i & 63);
        return page;
    }
}
