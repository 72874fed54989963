using System.Runtime.InteropServices;
using System.Text;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;

namespace Castalia.Cli.Verbs;

/// <summary>The end of a verb's work: its own, or, where it was told to stop and does not come to it, that of the process.</summary>
/// <remarks>
/// Work may wait for what no cancellation reaches: a full pipe, a disk that does not answer, a library. What is written appears under its name
/// by one last move, so that the process can end at any time; what it has not finished it takes with it.
/// </remarks>
sealed partial class WorkEnd
{
    const int Working = 0, Reached = 1, Forced = 2, StandardError = 2;

    static readonly TimeSpan LastWork = TimeSpan.FromMilliseconds(500);

    readonly TaskCompletionSource _reached = new();
    int _state = Working;

    /// <summary>Says that the work has come to its end; does not return where the process is already being ended.</summary>
    public void Reach()
    {
        if (Interlocked.CompareExchange(ref _state, Reached, Working) == Forced) Thread.Sleep(Timeout.Infinite);
        _reached.TrySetResult();
    }

    /// <summary>Ends the process unless the work comes to its end within some time.</summary>
    public void Within(TimeSpan patience, int exitCode, string message) => new Thread(() =>
    {
        if (_reached.Task.Wait(patience) || Interlocked.CompareExchange(ref _state, Forced, Working) != Working) return;
        // On a thread of its own, for the message may wait for the same full pipe as the work.
        var last = new Thread(() =>
        {
            Unfinished.RemoveOwn();
            Say(ProgressDisplay.IsTerminal ? $"\e[?25h{message}" : message); // the cursor, which moving bars hide
        })
        { IsBackground = true, Name = "castalia last" };
        last.Start();
        last.Join(LastWork);
        if (OperatingSystem.IsWindows()) Environment.Exit(exitCode);
        else ExitNow(exitCode); // without the libraries' own clearing up, which waits for threads that wait
    })
    { IsBackground = true, Name = "castalia end" }.Start();

    /// <summary>Past the framework's console, which lets nobody write while someone waits to.</summary>
    static unsafe void Say(string message)
    {
        byte[] line = Encoding.UTF8.GetBytes(message + Environment.NewLine);
        if (OperatingSystem.IsWindows()) Console.Error.Write(message + Environment.NewLine);
        else fixed (byte* first = line) _ = Write(StandardError, first, (nuint)line.Length);
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint Write(int file, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);
}
