namespace Castalia.Statistics;

/// <summary>A stream of random indices that is the same on every machine and in every version: SplitMix64.</summary>
/// <remarks>
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the state grows by a fixed odd number, the
/// output is a mix of it. An index below n is the upper half of the 128-bit product of a draw and n, draws that
/// would favour small indices rejected (Lemire 2019). The runtime's own Random may change between versions.
/// </remarks>
sealed class IndexStream(long seed)
{
    ulong _state = unchecked((ulong)seed);

    /// <summary>The stream of one block of a run: its state two mixes away from the seed, so that streams of neighbouring blocks and
    /// seeds do not run along one another.</summary>
    public static IndexStream OfBlock(long seed, int block) =>
        new(unchecked((long)new IndexStream(unchecked((long)new IndexStream(seed).Next() + block)).Next()));

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>An index from 0 to n − 1, each equally likely; n at least 1.</summary>
    public int Below(int n)
    {
        ulong bound = (ulong)n, unfair = (0 - bound) % bound;
        while (true)
        {
            ulong index = Math.BigMul(Next(), bound, out ulong fraction);
            if (fraction >= unfair) return (int)index;
        }
    }
}
