namespace Castalia.Tokens;

/// <summary>What two neighbouring symbols become, and in which order pairs are joined.</summary>
/// <remarks>Open addressing over one array of keys: a long text asks for each of its pairs several times.</remarks>
sealed class MergeTable
{
    readonly ulong[] _keys;
    readonly (int Rank, int Id)[] _values;
    readonly int _mask;

    /// <summary>Takes the pairs in order of rank; of two alike the later one counts.</summary>
    public MergeTable(IReadOnlyList<BpeMerge> merges)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * merges.Count));
        (_keys, _values, _mask, Count) = (new ulong[size], new (int, int)[size], size - 1, merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            var (left, right, whole) = merges[rank];
            ulong key = Key(left, right);
            int at = Slot(key);
            (_keys[at], _values[at]) = (key, (rank, whole));
        }
    }

    /// <summary>How many ranks there are.</summary>
    public int Count { get; }

    /// <summary>The rank of a pair and what it becomes; false where the two are never joined.</summary>
    public bool TryGet(int left, int right, out int rank, out int whole)
    {
        ulong key = Key(left, right);
        int at = Slot(key);
        (rank, whole) = _values[at];
        return _keys[at] == key;
    }

    static ulong Key(int left, int right) => ((ulong)(uint)left << 32 | (uint)right) + 1; // 0 marks an empty slot

    int Slot(ulong key)
    {
        ulong hash = key * 0x9E3779B97F4A7C15;
        int at = (int)(hash >> 32) & _mask;
        while (_keys[at] != 0 && _keys[at] != key) at = (at + 1) & _mask;
        return at;
    }
}
