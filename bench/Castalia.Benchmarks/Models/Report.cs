using System.Runtime.InteropServices;
using System.Text;
using Castalia.Machine;
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
    /// <returns>Its path.</returns>
    public string Save(string path)
    {
        if (Directory.Exists(path))
            path = Path.Combine(path, $"{string.Concat(Processor.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-')}.md");
        File.WriteAllText(path, _all.ToString().Replace("\n\n\n", "\n\n", StringComparison.Ordinal));
        return path;
    }

    /// <summary>Puts the first table into a document, between a comment that names the file of results and the next comment.</summary>
    /// <exception cref="ArgumentException">The document has no such comments, or there is no table.</exception>
    public void ShowIn(string document, string results)
    {
        string text = File.ReadAllText(document), mark = $"<!-- {Path.GetFileName(results)} -->\n";
        int begin = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length, end = begin < mark.Length ? -1 : text.IndexOf("<!--", begin, StringComparison.Ordinal);
        if (end < 0) throw new ArgumentException($"{document} has no line '{mark.Trim()}' with another comment after it.", nameof(document));
        var table = _all.ToString().Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).ToList();
        if (table.Count == 0) throw new ArgumentException("No table was measured.", nameof(results));
        File.WriteAllText(document, $"{text[..begin]}{string.Join('\n', table)}\n{text[end..]}");
    }
}
