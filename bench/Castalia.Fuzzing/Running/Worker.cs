using System.Globalization;
using System.Runtime.InteropServices;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>Runs the stretches of cases that it is told on standard input, in a process that may be ended by one of them.</summary>
/// <remarks>
/// A stretch is "from to". For each that is done it answers "done from", after a line "failed number reader fault" for every failure and a line
/// "tally reader counts" for every reader.
/// </remarks>
static class Worker
{
    /// <param name="folder">A folder for this worker alone.</param>
    /// <param name="seed">The campaign's seed.</param>
    /// <param name="only">The one reader; null for all.</param>
    public static void Run(string folder, ulong seed, Reader? only)
    {
        // An interruption is for who began this process, and waits for the stretch.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        using var progress = new Progress(Path.Combine(folder, "progress"));
        var thread = new Thread(() => Stretches(folder, seed, only, progress), Limits.Stack);
        thread.Start();
        thread.Join();
    }

    static void Stretches(string folder, ulong seed, Reader? only, Progress progress)
    {
        var cases = new CaseFolder(folder);
        var begun = new HashSet<Reader>();
        while (Console.In.ReadLine() is { } line)
        {
            long[] ends = [.. line.Split(' ').Select(end => long.Parse(end, CultureInfo.InvariantCulture))];
            var tallies = new Dictionary<Reader, Tally>();
            for (long number = ends[0]; number < ends[1]; number++)
            {
                progress.At = (number, DateTime.UtcNow);
                var one = Case.Of(seed, number, only);
                // What is done once by a process is no case's doing.
                if (begun.Add(one.Reader)) _ = Judged(cases, Case.Unchanged(one.Reader, one.Reader.All[0]));
                var outcome = Judged(cases, one);
                if (outcome.Fault is { } fault) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"failed\t{number}\t{one.Reader.Name}\t{Errors.Printable.Of(fault, 2000)}"));
                if (!tallies.TryGetValue(one.Reader, out var tally)) tallies[one.Reader] = tally = new();
                tally.Add(outcome);
            }
            progress.At = (-1, DateTime.UtcNow);
            foreach (var (reader, tally) in tallies) Console.Out.WriteLine($"tally\t{reader.Name}\t{tally.Line()}");
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done\t{ends[0]}"));
        }
    }

    /// <summary>Runs a case; one that took too long, once more: at first much is compiled, and the machine may have been busy with something else.</summary>
    public static Outcome Judged(CaseFolder folder, Case one)
    {
        var (path, bytes) = folder.Put(one);
        string[] names = [path, .. one.Seed.Files.Select(file => Path.GetFileName(file.Name)), .. one.Seed.Files.Select(file => Path.GetDirectoryName(file.Name)!).Where(name => name.Length > 0)];
        var outcome = Outcome.Of(one.Reader, path, bytes, names, isLast: false);
        return outcome.Fault?.StartsWith("time: ", StringComparison.Ordinal) == true ? Outcome.Of(one.Reader, path, bytes, names) : outcome;
    }
}
