using System.Runtime.CompilerServices;

namespace Castalia.Tokens;

/// <summary>A set of code points given by a test, each answer of which is kept.</summary>
/// <remarks>Pages of 256 code points are filled when first asked for; two threads that fill one page write the same.</remarks>
sealed class CodeSet(Func<int, bool> contains)
{
    readonly ulong[]?[] _pages = new ulong[0x110000 >> 8][];

    /// <summary>Whether a code point is in the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int code)
    {
        ulong[] page = _pages[code >> 8] ??= Fill(code & ~0xFF);
        return (page[(code >> 6) & 3] >> (code & 63) & 1) != 0;
    }

    /// <summary>Every code point that is not in the set.</summary>
    public CodeSet Negated => new(code => !Contains(code));

    /// <summary>The code points of either set.</summary>
    public CodeSet Or(CodeSet other) => new(code => Contains(code) || other.Contains(code));

    /// <summary>The code points of both sets.</summary>
    public CodeSet And(CodeSet other) => new(code => Contains(code) && other.Contains(code));

    ulong[] Fill(int first)
    {
        ulong[] page = new ulong[4];
        for (int i = 0; i < 256; i++)
            if (contains(first + i)) page[i >> 6] |= 1UL << (i & 63);
        return page;
    }
}
