using System.Text;
using Castalia.Checkpoints;

namespace Castalia.Sweeps;

/// <summary>A process at work on a sweep: a file that is written again and again as long as it lives.</summary>
/// <remarks>
/// The file is rewritten in place, never made again: where others removed it, having taken the process for dead, the process sees that, and what it has in
/// hand is theirs. Its clock is compared with no other.
/// </remarks>
sealed class SweepOwner : IDisposable
{
    const int BeatsOfLease = 6;

    readonly SweepFolder _folder;
    readonly string _path, _head;
    readonly Timer _timer;
    readonly CancellationTokenSource _lost = new();
    long _beat;

    /// <summary>Begins.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="lease">Silence after which others take it for dead.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public SweepOwner(SweepFolder folder, TimeSpan lease)
    {
        _folder = folder;
        Id = $"{ProcessMark.Own}-{Guid.NewGuid():N}"[..^24];
        _path = Path.Combine(folder.Owners, Id);
        _head = FormattableString.Invariant($"{lease.TotalSeconds:0.###} {DateTime.UtcNow.Ticks} {Environment.MachineName.Replace(' ', '-')}");
        folder.Write(_path, Text(0));
        var period = lease / BeatsOfLease;
        _timer = new(_ => Beat(), null, period, period);
    }

    /// <summary>Its name: the process's mark and eight digits.</summary>
    public string Id { get; }

    /// <summary>Whether nobody has taken it for dead.</summary>
    public bool IsAlive => File.Exists(_path);

    /// <summary>Cancelled when others have taken it for dead.</summary>
    public CancellationToken Lost => _lost.Token;

    string Text(long beat) => FormattableString.Invariant($"{_head} {beat:D12}\n");

    void Beat()
    {
        try
        {
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.Write(Encoding.UTF8.GetBytes(Text(Interlocked.Increment(ref _beat))));
        }
        catch (FileNotFoundException)
        {
            try
            {
                _lost.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // Its work has ended.
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full or away for a moment; silence for the whole lease is what counts.
        }
    }

    /// <summary>Ends: what it still claimed is free.</summary>
    public void Dispose()
    {
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended)) ended.WaitOne();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its process will be seen to have ended.
        }
        _lost.Dispose();
    }
}
