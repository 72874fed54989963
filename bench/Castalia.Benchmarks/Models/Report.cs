using System.Runtime.InteropServices;
using System.Text;
using Castalia.Runs;

namespace Castalia.Benchmarks.Models;

/// <summary>Markdown, printed as it comes and kept for a file.</summary>
sealed class Report
{
    readonly StringBuilder _all = new();
    bool _inTable;

    /// <summary>Begins with what it was measured on.</summary>
    /// <param name="threads">Threads the peak is measured with.</param>
    public Report(int threads)
    {
        Line($"# {Processor}");
        Text(FormattableString.Invariant(
            $"""
            - {Environment.ProcessorCount} processors, vectors of {FmaPeak.Lanes * 32} bits, {RuntimeInformation.OSDescription}
            - {RuntimeInformation.FrameworkDescription}, {Software.NameAndVersion}, {DateTime.UtcNow:yyyy-MM-dd}
            - peak: {FmaPeak.Measure(1) / 1e9:F0} GFLOP/s with one thread, {FmaPeak.Measure(threads) / 1e9:F0} with {threads}
            """));
        Text("Shares are of the peak measured beside each figure. See [README.md](../README.md) for how to repeat this.");
    }

    /// <summary>The processor's own name.</summary>
    public static string Processor => File.Exists("/proc/cpuinfo") &&
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line.Split(':', 2)[1].Trim()
            : $"{RuntimeInformation.ProcessArchitecture}";

    /// <summary>A heading of the second order.</summary>
    public void Heading(string text)
    {
        Text("");
        Line($"## {text}");
    }

    /// <summary>A paragraph.</summary>
    public void Text(string text)
    {
        _inTable = false;
        Line("");
        if (text.Length > 0) Line(text);
    }

    /// <summary>A row of a table; the first after other text begins one.</summary>
    public void Row(params string[] cells)
    {
        if (!_inTable) Line("");
        _inTable = true;
        Line($"| {string.Join(" | ", cells)} |");
    }

    void Line(string line)
    {
        Console.WriteLine(line);
        _all.Append(line).Append('\n');
    }

    /// <summary>Writes a file; in a folder one named after the processor.</summary>
    public void Save(string path)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, $"{string.Concat(Processor.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-')}.md");
        File.WriteAllText(path, _all.ToString().Replace("\n\n\n", "\n\n", StringComparison.Ordinal));
    }
}
