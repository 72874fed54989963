using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Castalia.Tests.Slurm;

/// <summary>The real Slurm: a controller and two nodes of one CPU each, on this machine, in a folder of their own; for tests and benchmarks.</summary>
public sealed class SlurmCluster : IDisposable
{
    public const int Nodes = 2;

    static readonly string[] s_daemons = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged"];

    readonly string? _folder;

    public SlurmCluster()
    {
        if (Missing is not null) return;
        _folder = Directory.CreateTempSubdirectory("castalia-slurm-").FullName;
        Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(Root, "slurm.conf")); // one at a time
        // Munge's user goes through it to its own.
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_001_001);
        Run(Script, "up", Root, Number(Nodes), Number(FreePort()));
    }

    /// <summary>Why there is none; null where there is.</summary>
    public static string? Missing =>
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "needs root on Linux to start Slurm"
        : s_daemons.FirstOrDefault(file => !File.Exists(file)) is { } file ? $"needs Slurm: no {file}" : null;

    string Root => Path.Combine(_folder!, "slurm");

    /// <summary>The script that starts it, in the repository that this was built in.</summary>
    static string Script
    {
        get
        {
            string script = Path.Combine("tests", "Castalia.Tests", "Slurm", "cluster.sh");
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, script))) folder = Path.GetDirectoryName(folder);
            return Path.Combine(folder ?? throw new FileNotFoundException($"There is no {script} above {AppContext.BaseDirectory}."), script);
        }
    }

    /// <summary>What a command prints.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd(); // a daemon closes what it has of it
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>Numbers of the processes that are tasks on a node.</summary>
    public List<int> Tasks(int node) => [.. Processes().Where(process => process.Environment.Contains(FormattableString.Invariant($"\0SLURMD_NODENAME=n{node}\0"), StringComparison.Ordinal)).Select(process => process.Id)];

    /// <summary>Ends the daemon of a node; its tasks go on.</summary>
    public void KillDaemon(int node) => SendKill(int.Parse(File.ReadAllText(Path.Combine(Root, FormattableString.Invariant($"n{node}.pid"))), CultureInfo.InvariantCulture));

    /// <summary>Ends a node as a cut of power would: its daemon and its tasks.</summary>
    public void KillNode(int node)
    {
        KillDaemon(node);
        var tasks = Tasks(node);
        foreach (int keeper in tasks.Select(ParentOf).Distinct().Where(parent => parent > 1 && NameOf(parent).StartsWith("slurmstepd", StringComparison.Ordinal))) SendKill(keeper);
        tasks.ForEach(SendKill);
    }

    /// <summary>Starts its daemon again.</summary>
    public void StartNode(int node) => Run(Script, "node", Root, Number(node));

    /// <summary>Ends the controller.</summary>
    public void KillController() => SendKill(int.Parse(File.ReadAllText(Path.Combine(Root, "slurmctld.pid")), CultureInfo.InvariantCulture));

    /// <summary>Starts it again, with what it had written.</summary>
    public void StartController() => Run(Script, "controller", Root);

    public static void SendKill(int process) => Send("KILL", process);

    /// <summary>Sends a signal to a process, where it is still there.</summary>
    public static void Send(string signal, int process)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", Number(process)]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (_folder is null || !Directory.Exists(_folder)) return;
        Run(Script, "down", Root);
        Directory.Delete(_folder, recursive: true);
    }

    IEnumerable<(int Id, string Environment)> Processes()
    {
        string own = $"\0SLURM_CONF={Path.Combine(Root, "slurm.conf")}\0";
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            string environment;
            try
            {
                environment = "\0" + File.ReadAllText(Path.Combine(folder, "environ"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // it has ended
            }
            if (environment.Contains(own, StringComparison.Ordinal)) yield return (id, environment);
        }
    }

    static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    static string StatOf(int process)
    {
        try
        {
            return File.ReadAllText(FormattableString.Invariant($"/proc/{process}/stat"));
        }
        catch (IOException)
        {
            return "0 () X 0";
        }
    }

    static int ParentOf(int process) => StatOf(process) is var stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    static string NameOf(int process) => StatOf(process) is var stat ? stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')] : "";

    /// <summary>The first of a few that nobody listens on, below those that systems give out.</summary>
    static int FreePort()
    {
        for (int port = 20_000 + Environment.ProcessId % 1000 * 10; ; port += 10)
        {
            try
            {
                foreach (int one in Enumerable.Range(port, Nodes + 1))
                {
                    using var listener = new TcpListener(IPAddress.Any, one);
                    listener.Start();
                }
                return port;
            }
            catch (SocketException)
            {
                // The next.
            }
        }
    }
}
