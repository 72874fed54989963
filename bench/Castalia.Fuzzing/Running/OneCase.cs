namespace Castalia.Fuzzing.Running;

/// <summary>Runs a case again, in this process, where a debugger can see it.</summary>
static class OneCase
{
    /// <returns>1 if it failed.</returns>
    public static int Print(long number, Options options)
    {
        var one = Case.Of(options.Seed, number, options.Reader);
        string folder = options.Keep is { } keep ? Directory.CreateDirectory(keep).FullName : CaseFolder.New();
        var cases = new CaseFolder(folder);
        Console.WriteLine($"Case {number} of seed {options.Seed}: {one.Reader.Name}, {one.Seed.Name}, {one.File?.Name} {one.How}");
        Console.WriteLine($"Opened: {cases.Put(one).Path}");
        Outcome? outcome = null;
        var thread = new Thread(() => outcome = Worker.Judged(cases, one), Limits.Stack);
        thread.Start();
        thread.Join();
        Console.WriteLine(outcome!.Fault is { } fault ? $"Failed: {fault}" : outcome.Refusal is { } refusal ? $"Refused:\n{refusal}" : "Read.");
        Console.WriteLine(FormattableString.Invariant($"{1e3 * outcome.Seconds:0.00} ms, {outcome.Bytes / 1048576.0:0.00} MiB allocated"));
        if (options.Keep is null) Directory.Delete(folder, recursive: true);
        return outcome.Fault is null ? 0 : 1;
    }
}
