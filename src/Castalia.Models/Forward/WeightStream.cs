using Castalia.Architectures;
using Castalia.Checkpoints;

namespace Castalia.Forward;

/// <summary>Reads the weights of the next block while one is computed, and lets those of the last one go.</summary>
/// <remarks>
/// The steps of a run are its blocks in order and then the unembedding. One thread gives advice about mapped pages and does nothing else:
/// where it is late, or the system does not listen, the arithmetic reads the same bytes itself. It is never more than one step ahead, so that
/// the file cache holds no more of a model than the run is about to use.
/// What is read through the mapping instead of a <see cref="RowBuffer"/> counts as the process's memory while it stays, so those pages
/// leave it when their step is done. A model that fits keeps them.
/// </remarks>
sealed class WeightStream : IDisposable
{
    /// <summary>A model of more bytes lets pages go.</summary>
    public const long MostMapped = 512L << 20;

    const long PieceBytes = 8L << 20;

    readonly Checkpoint _checkpoint;
    readonly FileRange[][] _steps;
    readonly bool _drops;
    readonly CancellationToken _cancellation;
    readonly Lock _gate = new();
    readonly AutoResetEvent _changed = new(false);
    readonly Queue<int> _done = new();
    readonly Thread? _thread; // null where all stays mapped
    readonly CancellationTokenRegistration _wake;
    int _current;
    bool _begun, _closing;
    int _readTo = -1;

    /// <summary>Begins to read the first block.</summary>
    /// <param name="map">Where the weights are.</param>
    /// <param name="checkpoint">The files they are in; must outlive this.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="mostMapped">A model of more bytes lets pages go.</param>
    public WeightStream(WeightMap map, Checkpoint checkpoint, CancellationToken cancellation, long mostMapped = MostMapped)
    {
        int nLayers = map.Architecture.NLayers;
        var head = map.Find(WeightRole.Unembedding)!.Tensor;
        _steps = [.. Enumerable.Range(0, nLayers).Select(layer => Ranges(map.TensorsOf(layer), checkpoint)), Ranges([head], checkpoint)];
        (_checkpoint, _drops, _cancellation) = (checkpoint, map.Bytes > mostMapped && !checkpoint.StaysMapped, cancellation);
        if (checkpoint.StaysMapped) return;
        _thread = new Thread(Advise) { IsBackground = true, Name = "castalia weights" };
        _thread.Start();
        _wake = cancellation.UnsafeRegister(static changed => ((AutoResetEvent)changed!).Set(), _changed);
    }

    /// <summary>The step after the blocks.</summary>
    public int Head => _steps.Length - 1;

    /// <summary>Whether the thread still runs.</summary>
    public bool IsRunning => _thread?.IsAlive == true;

    /// <summary>The step that was read ahead last; −1 before the first.</summary>
    public int ReadTo => Volatile.Read(ref _readTo);

    static FileRange[] Ranges(IEnumerable<Tensor> tensors, Checkpoint checkpoint) =>
        [.. tensors.Select(checkpoint.RangeOf).OfType<FileRange>()];

    /// <summary>Begins to read some rows of a matrix of which the others are not needed.</summary>
    public static unsafe void ReadRows(Checkpoint checkpoint, StoredWeight weight, IEnumerable<int> rows)
    {
        // Without this a row missing from the file cache would bring megabytes around it with it.
        if (weight.Transposed || !weight.Tensor.IsContiguous || checkpoint.RangeOf(weight.Tensor) is not { } whole) return;
        long length = weight.Tensor.ByteLength / weight.Tensor.Rows;
        foreach (int row in rows.Distinct()) whole.Slice(weight.Tensor.RowStart(row) - weight.Tensor.Data, length).ReadAhead();
    }

    /// <summary>Rows of a matrix have been read through the mapping, and are done with.</summary>
    public void EndRows(StoredWeight weight)
    {
        if (_drops) _checkpoint.RangeOf(weight.Tensor)?.Drop();
    }

    /// <summary>A step begins; the next one may be read.</summary>
    public void Begin(int step)
    {
        lock (_gate) (_current, _begun) = (step, true);
        _changed.Set();
    }

    /// <summary>A step has been computed; its pages leave the process.</summary>
    public void End(int step)
    {
        if (!_drops) return;
        lock (_gate) _done.Enqueue(step);
        _changed.Set();
    }

    void Advise()
    {
        using var pieces = Pieces().GetEnumerator();
        bool more = pieces.MoveNext();
        while (!_cancellation.IsCancellationRequested)
        {
            int? done = null;
            bool read = false;
            lock (_gate)
            {
                if (_closing) return;
                if (_done.TryDequeue(out int computed)) done = computed;
                else if (more) read = pieces.Current.Step <= (_begun ? _current + 1 : 0);
            }
            if (done is { } dropped)
            {
                Drop(dropped);
            }
            else if (read)
            {
                var (step, range) = pieces.Current;
                Volatile.Write(ref _readTo, step);
                if (step >= Volatile.Read(ref _current)) range.ReadAhead(); // what has been computed is not needed any more
                more = pieces.MoveNext();
            }
            else
            {
                _changed.WaitOne();
            }
        }
    }

    IEnumerable<(int Step, FileRange Range)> Pieces() =>
        _steps.SelectMany((ranges, step) => ranges.SelectMany(range => range.Pieces(PieceBytes)).Select(piece => (step, piece)));

    void Drop(int step)
    {
        foreach (var range in _steps[step]) range.Drop();
    }

    /// <summary>Ends the reading.</summary>
    public void Dispose()
    {
        _wake.Dispose();
        lock (_gate) _closing = true;
        _changed.Set();
        _thread?.Join();
        _changed.Dispose();
    }
}
