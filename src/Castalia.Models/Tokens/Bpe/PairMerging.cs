using System.Runtime.CompilerServices;

namespace Castalia.Tokens;

/// <summary>Byte-pair merging by rank: the pair of lowest rank anywhere is joined, the leftmost of those, until none is left.</summary>
/// <remarks>
/// A queue of pairs over a linked list, O(n log n) at most: a text without a break is no trap. As in the reference, a pair that has waited is
/// still good if its place now holds another pair that becomes the same token.
/// </remarks>
sealed class PairMerging
{
    readonly PairQueue _queue = new();
    int[] _previous = new int[64], _next = new int[64];

    /// <summary>Joins symbols in place.</summary>
    /// <returns>How many are left, at the beginning of the span.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Merge(Span<int> symbols, MergeTable merges)
    {
        int count = symbols.Length;
        if (count < 2) return count;
        if (_next.Length < count) (_previous, _next) = (new int[2 * count], new int[2 * count]);
        int[] previous = _previous, next = _next;
        _queue.Start(count, merges.Count);
        for (int i = 0; i < count; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1 < count ? i + 1 : -1);
            if (i + 1 < count && merges.TryGet(symbols[i], symbols[i + 1], out int rank, out int whole)) _queue.Add(rank, i, whole);
        }
        while (_queue.TryTake(out int at, out int id))
        {
            int right = next[at];
            if (symbols[at] < 0 || right < 0) continue; // joined to its left meanwhile, or the last now
            if (!merges.TryGet(symbols[at], symbols[right], out _, out int whole) || whole != id) continue;
            symbols[at] = id;
            symbols[right] = -1;
            int after = next[at] = next[right];
            if (after >= 0) previous[after] = at;
            int before = previous[at];
            if (before >= 0 && merges.TryGet(symbols[before], id, out int rank, out whole)) _queue.Add(rank, before, whole);
            if (after >= 0 && merges.TryGet(id, symbols[after], out rank, out whole)) _queue.Add(rank, at, whole);
        }
        int left = 0;
        for (int i = 0; i >= 0; i = next[i]) symbols[left++] = symbols[i];
        return left;
    }
}
