namespace Castalia.Sweeps;

/// <summary>Where a cell stands, as one process sees it.</summary>
enum CellState
{
    /// <summary>Nobody is known to compute it.</summary>
    Waiting,
    /// <summary>This process computes it.</summary>
    InHand,
    /// <summary>Another does, or computes what is equal to it.</summary>
    Elsewhere,
    /// <summary>Its result is there.</summary>
    Done,
    /// <summary>It failed.</summary>
    Failed,
}

/// <summary>The cells of a plan in the order in which one process takes them.</summary>
/// <remarks>
/// First those with which no process died, so that one that kills its worker keeps nobody from the rest; of these, those of the checkpoint at hand;
/// then those of which no other process has the checkpoint; in the plan's order. One that stands on others waits until these are settled.
/// </remarks>
sealed class CellQueue
{
    readonly IReadOnlyList<SweepCell> _cells;
    readonly SweepFolder _folder;
    readonly SweepClaims _claims;
    readonly CellState[] _states;
    readonly int[] _deaths;
    readonly Dictionary<string, int> _indices;
    readonly HashSet<string> _elsewhere = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    /// <summary>Looks which of them are done.</summary>
    public CellQueue(IReadOnlyList<SweepCell> cells, SweepFolder folder, SweepClaims claims)
    {
        (_cells, _folder, _claims) = (cells, folder, claims);
        _states = new CellState[cells.Count];
        _deaths = new int[cells.Count];
        _indices = cells.Index().ToDictionary(cell => cell.Item.Key, cell => cell.Index, StringComparer.Ordinal);
        Refresh();
    }

    /// <summary>Cells.</summary>
    public int Count => _cells.Count;

    /// <summary>Done.</summary>
    public int Done => Counted(CellState.Done);

    /// <summary>Failed.</summary>
    public int Failed => Counted(CellState.Failed);

    /// <summary>Done or failed.</summary>
    public int Settled => Done + Failed;

    /// <summary>Whether all are.</summary>
    public bool IsEmpty => Settled == Count;

    /// <summary>Looks again which are done, failed and in others' hands.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            var deaths = _claims.Deaths();
            var held = _claims.Held();
            var listing = _folder.List();
            _elsewhere.Clear();
            foreach (var (i, cell) in _cells.Index())
            {
                _deaths[i] = deaths.GetValueOrDefault(cell.Key);
                if (_states[i] is CellState.InHand or CellState.Done) continue;
                _states[i] = listing.IsDone(cell) ? CellState.Done : listing.Failed.Contains(cell.Key) ? CellState.Failed : held.Contains(cell.Key) ? CellState.Elsewhere : CellState.Waiting;
                if (_states[i] == CellState.Elsewhere) _elsewhere.Add(cell.Named);
            }
        }
    }

    /// <summary>The next, which is in hand then; null where none waits.</summary>
    /// <param name="last">What the cell before was of; null for none.</param>
    public SweepCell? Next(string? last)
    {
        lock (_lock)
        {
            int best = -1;
            (int, int) least = (int.MaxValue, int.MaxValue);
            for (int i = 0; i < _states.Length; i++)
            {
                if (_states[i] != CellState.Waiting || !_cells[i].After.All(IsSettled)) continue;
                string named = _cells[i].Named;
                var order = (_deaths[i], named == last ? 0 : _elsewhere.Contains(named) ? 2 : 1);
                if (order.CompareTo(least) >= 0) continue;
                (best, least) = (i, order);
            }
            if (best < 0) return null;
            _states[best] = CellState.InHand;
            return _cells[best];
        }
    }

    /// <summary>Puts a cell back that is in others' hands.</summary>
    public void Leave(SweepCell cell, CellState state)
    {
        lock (_lock)
        {
            _states[_indices[cell.Key]] = state;
            _elsewhere.Add(cell.Named);
        }
    }

    /// <summary>Looks what became of a cell that was in hand.</summary>
    public void Settle(SweepCell cell)
    {
        lock (_lock)
        {
            int i = _indices[cell.Key];
            if (_states[i] == CellState.InHand) _states[i] = File.Exists(Path.Combine(_folder.Failed, cell.Key)) ? CellState.Failed : _folder.IsSettled(cell) ? CellState.Done : CellState.Waiting;
        }
    }

    /// <summary>Whether a cell waits for a checkpoint.</summary>
    public bool IsWaitedFor(SweepCheckpoint checkpoint)
    {
        lock (_lock) return _cells.Index().Any(cell => _states[cell.Index] == CellState.Waiting && cell.Item.Checkpoints.Any(one => one.Named == checkpoint.Named));
    }

    bool IsSettled(string key) => _states[_indices[key]] is CellState.Done or CellState.Failed;

    int Counted(CellState state)
    {
        lock (_lock) return _states.Count(s => s == state);
    }
}
