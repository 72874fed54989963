namespace Castalia.Checkpoints;

/// <summary>A set of element indices, as disjoint runs in order: what of a tensor has been written.</summary>
sealed class IndexRuns
{
    readonly SortedList<long, long> _runs = []; // first → one past last

    public void Add(long from, long to)
    {
        if (from == to) return;
        lock (_runs)
        {
            int at = FirstNotBefore(from);
            if (at > 0 && _runs.Values[at - 1] >= from) at--; // the run before reaches into or up to this one
            while (at < _runs.Count && _runs.Keys[at] <= to)
            {
                (from, to) = (Math.Min(from, _runs.Keys[at]), Math.Max(to, _runs.Values[at]));
                _runs.RemoveAt(at);
            }
            _runs.Add(from, to);
        }
    }

    /// <summary>The first run of [0, count) that is missing; null if none is.</summary>
    public (long From, long To)? Gap(long count)
    {
        lock (_runs)
        {
            long from = _runs.Count > 0 && _runs.Keys[0] == 0 ? _runs.Values[0] : 0;
            if (from == count) return null;
            int next = FirstNotBefore(from);
            return (from, next < _runs.Count ? _runs.Keys[next] : count);
        }
    }

    int FirstNotBefore(long index)
    {
        int low = 0, high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_runs.Keys[middle] < index) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
