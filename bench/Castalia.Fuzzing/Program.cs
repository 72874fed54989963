using System.Globalization;
using System.Runtime.InteropServices;
using Castalia.Fuzzing.Readers;
using Castalia.Fuzzing.Running;

// See bench/README.md.
const string Usage = """
    run [--cases N] [--from N] [--seed S] [--workers W] [--reader NAME] [--out FILE]
          runs cases, 10,000,000 unless told otherwise; ends with 1 if one failed
    case N [--seed S] [--reader NAME] [--keep FOLDER]
          runs one case again, says what became of it, and keeps its files
    readers
          lists the readers and their shares
    """;

if (args is ["worker", var folder, var campaign, var which])
{
    Worker.Run(folder, ulong.Parse(campaign, CultureInfo.InvariantCulture), AllReaders.Named(which));
    return 0;
}
if (args is [] or ["--help"])
{
    Console.WriteLine(Usage);
    return 0;
}
try
{
    var options = Options.Parse(args[0] == "case" ? args.AsSpan(2) : args.AsSpan(1));
    switch (args[0])
    {
        case "readers":
            foreach (string wrong in SeedCheck.Run()) Console.WriteLine(wrong);
            foreach (var reader in AllReaders.List) Console.WriteLine($"{reader.Name}: {reader.Weight}, {reader.All.Count} seeds");
            return 0;
        case "case":
            return OneCase.Print(long.Parse(args[1], CultureInfo.InvariantCulture), options);
        case "run":
            return Run(options);
        default:
            throw new FormatException($"'{args[0]}' is none of these:\n{Usage}");
    }
}
catch (Exception e) when (e is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

static int Run(Options options)
{
    using var cancelled = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
    var campaign = new Campaign(options.Seed, options.Reader)
    {
        Failed = failure => Console.Error.WriteLine($"case {failure.Number}, {failure.Reader}: {failure.Fault[..Math.Min(300, failure.Fault.Length)]}"),
    };
    long to = options.From + options.Cases, said = Environment.TickCount64, began = said;
    var time = campaign.Run(options.From, to, options.Workers, Say, cancelled.Token);
    string report = Report.Of(campaign, time);
    if (campaign.Resume < to) report += $"\nInterrupted; to go on: --from {campaign.Resume} --cases {to - campaign.Resume}\n";
    Console.WriteLine(report);
    if (options.Out is { } file) File.WriteAllText(file, report);
    return campaign.Failures.Count > 0 ? 1 : 0;

    void Cancel(PosixSignalContext context)
    {
        context.Cancel = !cancelled.IsCancellationRequested;
        cancelled.Cancel();
    }

    void Say(Campaign now)
    {
        long ticks = Environment.TickCount64, last = Interlocked.Read(ref said);
        if (ticks - last < 10_000 || Interlocked.CompareExchange(ref said, ticks, last) != last) return;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{now.Done:N0} of {options.Cases:N0}, {now.Done * 1000 / Math.Max(1, ticks - began):N0} a second, {now.Failures.Count:N0} failed; to go on from here: --from {now.Resume}"));
    }
}
