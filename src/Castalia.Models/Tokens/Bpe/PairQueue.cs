namespace Castalia.Tokens;

/// <summary>Pairs of neighbours waiting to be joined: lowest rank first, of those the leftmost.</summary>
/// <remarks>
/// A binary heap for a word. For a long text that would touch memory far apart on each step; there each rank has a list of its own,
/// which fills in the text's order and is gone through from left to right, and only the ranks wait in a heap.
/// </remarks>
sealed class PairQueue
{
    const int Long = 2048;

    readonly PairHeap _pairs = new(), _ranks = new();
    Bucket[] _buckets = [];
    readonly List<int> _used = [];
    bool _long;

    /// <summary>Forgets all.</summary>
    /// <param name="symbols">How long the text is.</param>
    /// <param name="ranks">How many ranks there can be.</param>
    public void Start(int symbols, int ranks)
    {
        _pairs.Clear();
        _ranks.Clear();
        foreach (int rank in _used) _buckets[rank] = default;
        _used.Clear();
        _long = symbols >= Long;
        if (_long && _buckets.Length < ranks) _buckets = new Bucket[ranks];
    }

    /// <summary>Adds a pair.</summary>
    /// <param name="rank">Lower is joined earlier.</param>
    /// <param name="at">Its left symbol; 0 or more.</param>
    /// <param name="tag">Whatever the caller needs to see whether the pair still stands; 0 or more.</param>
    public void Add(int rank, int at, int tag)
    {
        if (!_long)
        {
            _pairs.Add(((ulong)(uint)rank << 32) | (uint)at, tag);
            return;
        }
        ref var bucket = ref _buckets[rank];
        if (bucket.Early is null)
        {
            bucket.Early = new ulong[4];
            _used.Add(rank);
        }
        ulong item = ((ulong)(uint)at << 32) | (uint)tag;
        if (bucket.Sorted) (bucket.Late ??= new PairHeap()).Add(item, 0);
        else bucket.Append(item);
        if (!bucket.Waits) _ranks.Add((uint)rank, 0);
        bucket.Waits = true;
    }

    /// <summary>Takes the next; false where none waits.</summary>
    public bool TryTake(out int at, out int tag)
    {
        (at, tag) = (0, 0);
        if (!_long)
        {
            if (_pairs.Count == 0) return false;
            var (key, its) = _pairs.Take();
            (at, tag) = ((int)(uint)key, its);
            return true;
        }
        if (_ranks.Count == 0) return false;
        int rank = (int)_ranks.Least;
        ref var bucket = ref _buckets[rank];
        ulong item = bucket.Take();
        if (bucket.IsEmpty)
        {
            _ranks.Take();
            bucket.Waits = false;
        }
        (at, tag) = ((int)(item >> 32), (int)(uint)item);
        return true;
    }

    /// <summary>The pairs of one rank: those that came before the first was taken, sorted then, and those that came later.</summary>
    struct Bucket
    {
        public ulong[]? Early;
        public PairHeap? Late;
        public bool Sorted, Waits;
        int _count, _next;

        public readonly bool IsEmpty => _next == _count && Late is null or { Count: 0 };

        public void Append(ulong item)
        {
            if (_count == Early!.Length) Array.Resize(ref Early, 2 * _count);
            Early[_count++] = item;
        }

        public ulong Take()
        {
            if (!Sorted) Early.AsSpan(0, _count).Sort();
            Sorted = true;
            return Late is { Count: > 0 } && (_next == _count || Late.Least < Early![_next]) ? Late.Take().Key : Early![_next++];
        }
    }
}
