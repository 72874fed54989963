using System.Runtime.InteropServices;

namespace Castalia.Cli.Verbs;

/// <summary>What a command tells the shell.</summary>
static class ExitCode
{
    public const int Done = 0;

    /// <summary>A fault of castalia itself.</summary>
    public const int Failed = 1;

    /// <summary>Usage or input that the user can mend.</summary>
    public const int BadInput = 2;

    /// <summary>What was looked for was found: a defect, by audit.</summary>
    public const int Found = 3;

    /// <summary>EX_TEMPFAIL: it stopped before its end, and a scheduler should start it again.</summary>
    public const int Requeue = 75;

    /// <summary>128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;
}

/// <summary>The one boundary between exceptions and exit codes; what is not the user's to mend passes through.</summary>
static class Verb
{
    /// <summary>How long work that was told to stop may take to come to an end of its own.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Runs quick work, which an interruption ends at once.</summary>
    public static int Run(Action work) => Run(Done(_ => work()), "nothing was written.", TimeSpan.Zero, ExitCode.Terminated);

    /// <summary>Runs work that stops when the user interrupts it, and is ended after a second where it does not; a second interruption ends the process at once.</summary>
    /// <param name="work">The work.</param>
    /// <param name="interrupted">What is said of an interruption.</param>
    public static int Run(Action<CancellationToken> work, string interrupted = "nothing was written.") => Run(Done(work), interrupted, Patience, ExitCode.Terminated);

    /// <summary>The same of work that has exit codes of its own.</summary>
    /// <param name="work">The work.</param>
    /// <param name="interrupted">What is said of an interruption.</param>
    /// <param name="terminated">The exit code after SIGTERM.</param>
    public static int Run(Func<CancellationToken, int> work, string interrupted, int terminated) => Run(work, interrupted, Patience, terminated);

    static Func<CancellationToken, int> Done(Action<CancellationToken> work) => cancellation =>
    {
        work(cancellation);
        return ExitCode.Done;
    };

    static int Run(Func<CancellationToken, int> work, string interrupted, TimeSpan patience, int terminated)
    {
        using var source = new CancellationTokenSource();
        int signalled = ExitCode.Done;
        var end = new WorkEnd();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => Stop(c, ExitCode.Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => Stop(c, terminated));
        try
        {
            int code = work(source.Token);
            end.Reach();
            return code;
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            end.Reach();
            Messages.Lines($"castalia: interrupted; {interrupted}");
            return signalled;
        }
        catch (Exception e) when (InputFault.Of(e) is { } fault)
        {
            end.Reach();
            Messages.Lines($"castalia: {fault.Message}");
            return ExitCode.BadInput;
        }

        void Stop(PosixSignalContext context, int exitCode)
        {
            if (source.IsCancellationRequested) return; // the default: the process ends
            context.Cancel = true;
            signalled = exitCode;
            end.Within(patience, exitCode, $"castalia: interrupted; {interrupted}");
            source.Cancel();
        }
    }
}
