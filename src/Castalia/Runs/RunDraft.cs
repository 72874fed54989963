using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>A run folder that is written while its models are measured: rows of finished prompts, and where there is no room for them in memory their readings.</summary>
/// <remarks>Hidden beside where the folder goes; nothing of it stays unless the run is complete. Few rows are written at the end, all at once.</remarks>
sealed class RunDraft : IDisposable
{
    const int LeastRows = 20_000; // below it a table is written in a fraction of a second, which those who wait for the first figures do not pay

    readonly string _parent;
    readonly bool _allPositions;
    readonly CancellationTokenSource _stop;
    readonly BlockingCollection<ReadingSource> _queue = new(boundedCapacity: 1);
    readonly List<ReadingSource> _few = [];
    readonly List<ReadingsSpill> _spills = [];
    readonly Lazy<Unfinished> _folder;
    Thread? _writer;
    ExceptionDispatchInfo? _failed;
    long _rows;

    /// <param name="parent">Where the run's folder goes.</param>
    /// <param name="allPositions">Whether every position has rows.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public RunDraft(string parent, bool allPositions, CancellationToken cancellation)
    {
        (_parent, _allPositions) = (parent, allPositions);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _folder = new(() =>
        {
            var folder = Unfinished.Beside(System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), "run"));
            Directory.CreateDirectory(folder.Path);
            return folder;
        });
    }

    /// <summary>The folder, hidden; made when first asked for.</summary>
    public string Path => _folder.Value.Path;

    /// <summary>Whether rows are being written.</summary>
    public bool HasBegun => _writer is not null;

    /// <summary>Where a model's readings go.</summary>
    /// <param name="model">Its short name.</param>
    /// <param name="tokenizer">Its tokenizer; null for none.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="setDown">Whether memory has no room for all of them.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public ReadingsStore StoreFor(string model, ITokenizer? tokenizer, IReadOnlyList<TokenizedPrompt> prompts, bool setDown)
    {
        ReadingsStore kept = new KeptReadings();
        if (setDown)
        {
            try
            {
                var spill = new ReadingsSpill(System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{_spills.Count}.readings")));
                _spills.Add(spill);
                kept = spill;
            }
            catch (Exception e) when (Unfinished.IsOfDisk(e))
            {
                throw RunFolder.NotWritable(_parent, e);
            }
        }
        return new Told(kept, (first, portion) => Add(new(model, tokenizer, prompts, first, portion)));
    }

    /// <summary>Waits until every row is in the file, or writes them.</summary>
    /// <param name="file">The file, in <see cref="Path"/>.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public void Finish(string file)
    {
        if (_writer is null)
        {
            TableFile.Write(RunTables.Readings, _few.SelectMany(source => source.Rows(_allPositions)), file, _stop.Token);
            return;
        }
        _queue.CompleteAdding();
        _writer.Join();
        _failed?.Throw();
    }

    /// <summary>Closes what holds readings: they cannot be read any more, and the folder can be moved.</summary>
    public void Close()
    {
        foreach (var spill in _spills) spill.Dispose();
        _spills.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _writer?.Join();
        Close();
        if (_folder.IsValueCreated) _folder.Value.Dispose();
        _queue.Dispose();
        _stop.Dispose();
    }

    void Add(ReadingSource source)
    {
        _rows += source.Readings.Sum(one => one.Blocks.Length * (GoldenNames.Rules.Count + (_allPositions ? (long)one.Tokens : 0)));
        if (_writer is null && _rows < LeastRows)
        {
            _few.Add(source);
            return;
        }
        if (_writer is null) Begin();
        try
        {
            _queue.Add(source, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            _failed?.Throw(); // the writer has stopped
            throw;
        }
    }

    void Begin()
    {
        string file = System.IO.Path.Combine(Path, RunTables.Readings.FileName);
        _writer = new(() =>
        {
            try
            {
                TableFile.Write(RunTables.Readings, _few.Concat(_queue.GetConsumingEnumerable(_stop.Token)).SelectMany(source => source.Rows(_allPositions)), file, _stop.Token);
            }
            catch (Exception e)
            {
                _failed = ExceptionDispatchInfo.Capture(RunFolder.IsOfDisk(e) ? RunFolder.NotWritable(_parent, e) : e);
                _stop.Cancel();
            }
        })
        { Name = "castalia rows", IsBackground = true };
        _writer.Start();
    }

    sealed class Told(ReadingsStore kept, Action<int, IReadOnlyList<PromptReadings>> tell) : ReadingsStore
    {
        public override int Count => kept.Count;

        public override PromptReadings this[int index] => kept[index];

        public override void Add(IReadOnlyList<PromptReadings> portion)
        {
            int first = kept.Count;
            kept.Add(portion);
            tell(first, portion);
        }
    }
}
