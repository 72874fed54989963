namespace Castalia.Tokens;

/// <summary>Pairs of neighbours waiting to be joined: lowest order first, of those the leftmost.</summary>
/// <remarks>A binary heap over one array; the order and the place are one number.</remarks>
sealed class PairQueue
{
    (ulong Key, int Tag)[] _heap = new (ulong, int)[64];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a pair.</summary>
    /// <param name="order">Lower is joined earlier.</param>
    /// <param name="at">Its left symbol; 0 or more.</param>
    /// <param name="tag">Whatever the caller needs to see whether the pair still stands.</param>
    public void Add(uint order, int at, int tag)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, 2 * Count);
        var entry = ((ulong)order << 32 | (uint)at, tag);
        int slot = Count++;
        while (slot > 0 && _heap[(slot - 1) / 2].Key > entry.Item1)
        {
            _heap[slot] = _heap[(slot - 1) / 2];
            slot = (slot - 1) / 2;
        }
        _heap[slot] = entry;
    }

    /// <summary>Takes the next; there must be one.</summary>
    public (int At, int Tag) Take()
    {
        var top = _heap[0];
        var last = _heap[--Count];
        int slot = 0;
        while (true)
        {
            int child = 2 * slot + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _heap[child + 1].Key < _heap[child].Key) child++;
            if (_heap[child].Key >= last.Key) break;
            _heap[slot] = _heap[child];
            slot = child;
        }
        _heap[slot] = last;
        return ((int)(uint)top.Key, top.Tag);
    }
}
