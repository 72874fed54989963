using System.Diagnostics;
using System.Text.RegularExpressions;
using Castalia.Errors;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>What became of a case.</summary>
/// <param name="Fault">What is wrong with it; null where it was read, or refused as it should be.</param>
/// <param name="Refusal">The message with which it was refused; null where it was read.</param>
/// <param name="ByTheNet">No reader knew a word for what was wrong.</param>
/// <param name="Seconds">By the clock; where that is long, without what others on the machine took.</param>
/// <param name="Bytes">Allocated.</param>
sealed partial record Outcome(string? Fault, string? Refusal, bool ByTheNet, double Seconds, long Bytes)
{
    const int Lines = 24, Columns = 80;

    /// <summary>Reads what is at a path and judges how that ended.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="path">The path.</param>
    /// <param name="fileBytes">Bytes of the files there.</param>
    /// <param name="names">The folder and the files in it, of which a refusal must name one.</param>
    /// <param name="isLast">What took too long is not tried again: only then is it worth a look at what others on the machine took.</param>
    public static Outcome Of(Reader reader, string path, long fileBytes, IReadOnlyList<string> names, bool isLast = true)
    {
        double waited = isLast ? Usage.Waited() : 0;
        var before = Usage.Now();
        long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        string? fault = null;
        Exception? thrown = null;
        try
        {
            reader.Read(path);
        }
        catch (Exception e)
        {
            thrown = e;
        }
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var after = Usage.Now();
        fault = thrown switch
        {
            null => null,
            InputException refused => Misspoken(refused, names),
            _ => $"escaped: {Short(thrown)}",
        };
        long most = Limits.Bytes(fileBytes), grown = after.Peak - before.Peak;
        if (allocated > most) fault ??= $"memory: {allocated >> 20} MiB were allocated for {fileBytes} bytes{Said(thrown)}";
        if (seconds > Limits.Seconds && isLast) seconds = Math.Max(0, seconds - (Usage.Waited() - waited));
        if (seconds > Limits.Seconds) fault ??= FormattableString.Invariant($"time: {seconds:0.0} s{Said(thrown)}");
        if (grown > most) fault ??= $"memory: the process grew by {grown >> 20} MiB for {fileBytes} bytes{Said(thrown)}";
        return new(fault, (thrown as InputException)?.Message, thrown is InputException { InnerException: not null } net && net.Cause.StartsWith("The file is malformed, in a way", StringComparison.Ordinal), seconds, allocated);
    }

    static string Said(Exception? thrown) => thrown is null ? "" : $"; then: {thrown.Message.Split('\n')[0]}";

    /// <summary>What is wrong with a refusal.</summary>
    static string? Misspoken(InputException refused, IReadOnlyList<string> names)
    {
        string message = refused.Message;
        for (Exception? e = refused; e is not null; e = e.InnerException)
            if (e is OutOfMemoryException) return $"memory: there was not enough: {Short(e)}";
        string[] lines = message.Split('\n');
        if (lines.Length != 3 || !lines[1].StartsWith("  where: ", StringComparison.Ordinal) || !lines[2].StartsWith("  to do: ", StringComparison.Ordinal))
            return $"message: not three lines: {message}";
        if (Unprintable().Match(message) is { Success: true } raw) return $"message: U+{(int)raw.Value[0]:X4} is in it raw: {Printable.Of(message)}";
        if (lines.Sum(line => Math.Max(1, (line.Length + Columns - 1) / Columns)) > Lines) return $"message: longer than a screen: {message}";
        return names.Any(name => message.Contains(name, StringComparison.Ordinal)) ? null : $"message: names no file: {message}";
    }

    /// <summary>An exception in a line: what, its message, and the topmost places of the library.</summary>
    static string Short(Exception e)
    {
        var places = Places().Matches(e.StackTrace ?? "").Select(match => match.Groups[1].Value).Where(place => place.StartsWith("Castalia.", StringComparison.Ordinal)).Distinct().Take(3);
        return $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} at {string.Join(" < ", places)}";
    }

    [GeneratedRegex(@"[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c-[\n]]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"\bat ([\w.`<>]+)")]
    private static partial Regex Places();
}
