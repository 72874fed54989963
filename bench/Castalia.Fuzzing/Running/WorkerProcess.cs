using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>A worker, seen from the process that began it.</summary>
sealed class WorkerProcess : IDisposable
{
    const int MostErrors = 400; // characters of what it says when it dies

    readonly Process _process;
    readonly Progress _progress;
    readonly Timer _watch;
    readonly string _folder;
    string _errors = "";
    long _watched = -1;
    double _usedBefore;

    public WorkerProcess(ulong seed, Reader? only)
    {
        _folder = CaseFolder.New();
        _progress = new Progress(Path.Combine(_folder, "progress")) { At = (-1, DateTime.UtcNow) };
        string[] arguments = ["exec", Assembly.GetExecutingAssembly().Location, "worker", _folder, seed.ToString(CultureInfo.InvariantCulture), only?.Name ?? "all"];
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x80000000"; // so that a case that takes everything ends as a failure and not the machine
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _errors = _errors.Length > MostErrors ? _errors : $"{_errors}{line.Data} ";
        _process.BeginErrorReadLine();
        _watch = new(_ => EndIfStuck(), null, 1000, 1000);
    }

    /// <summary>It was ended because its case did not end.</summary>
    public bool WasStuck { get; private set; }

    /// <summary>The case it is at; −1 for none.</summary>
    public long Number => _progress.At.Number;

    /// <summary>What it said as it died.</summary>
    public string LastWords()
    {
        _process.WaitForExit();
        return WasStuck ? FormattableString.Invariant($"time: no end within {Limits.ProcessorSecondsToEnd} s of the processors, or {Limits.SecondsToEnd} s")
            : $"ended the process, which gave {_process.ExitCode} and said: {_errors.Trim()}";
    }

    /// <summary>Runs a stretch of cases.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="line">Given every line it answers but the last.</param>
    /// <returns>Whether it came to the end.</returns>
    public bool Run(long from, long to, Action<string[]> line)
    {
        try
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{from} {to}"));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            return false;
        }
        while (_process.StandardOutput.ReadLine() is { } answer)
        {
            string[] parts = answer.Split('\t');
            if (parts[0] == "done") return true;
            line(parts);
        }
        return false;
    }

    void EndIfStuck()
    {
        var (number, begun) = _progress.At;
        if (number < 0 || WasStuck) return;
        try
        {
            double used = _process.TotalProcessorTime.TotalSeconds;
            if (number != _watched) (_watched, _usedBefore) = (number, used);
            if (used - _usedBefore < Limits.ProcessorSecondsToEnd && (DateTime.UtcNow - begun).TotalSeconds < Limits.SecondsToEnd) return;
            WasStuck = true;
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _progress.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
