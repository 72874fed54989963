using System.Runtime.CompilerServices;

namespace Castalia.Tokens;

/// <summary>A binary heap of keys, lowest first, each with a tag.</summary>
sealed class PairHeap
{
    (ulong Key, int Tag)[] _heap = new (ulong, int)[16];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The lowest key; there must be one.</summary>
    public ulong Least => _heap[0].Key;

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ulong key, int tag)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, 2 * Count);
        var heap = _heap;
        int slot = Count++;
        while (slot > 0 && heap[(slot - 1) / 2].Key > key)
        {
            heap[slot] = heap[(slot - 1) / 2];
            slot = (slot - 1) / 2;
        }
        heap[slot] = (key, tag);
    }

    /// <summary>Takes the lowest; there must be one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (ulong Key, int Tag) Take()
    {
        var heap = _heap;
        var top = heap[0];
        var last = heap[--Count];
        int slot = 0;
        while (true)
        {
            int child = 2 * slot + 1;
            if (child >= Count) break;
            if (child + 1 < Count && heap[child + 1].Key < heap[child].Key) child++;
            if (heap[child].Key >= last.Key) break;
            heap[slot] = heap[child];
            slot = child;
        }
        heap[slot] = last;
        return top;
    }
}
