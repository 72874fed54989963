using System.Diagnostics;
using Castalia.Slurm;
using Castalia.Sweeps;
using Castalia.Tests.Slurm;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>How a sweep on Slurm is disturbed.</summary>
enum SlurmStrike
{
    /// <summary>kill -9 of a task's process.</summary>
    Task,
    /// <summary>A task is halted past its lease and wakes up.</summary>
    Halt,
    /// <summary>kill -9 of a node's slurmd, which is started again; its task goes on without it.</summary>
    Slurmd,
    /// <summary>A node is lost: slurmd, what keeps its tasks, and the tasks.</summary>
    Node,
    /// <summary>kill -9 of slurmctld, which is started again with what it had written.</summary>
    Slurmctld,
    /// <summary>kill -9 of the command that submitted the tasks and waits for them.</summary>
    Command,
}

/// <summary>Strikes on the tasks of one sweep, and on the cluster that they run on.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="castalia">The command.</param>
/// <param name="arguments">Of castalia sweep.</param>
sealed class SlurmStrikes(SlurmCluster cluster, string castalia, IEnumerable<string> arguments)
{
    // For what a cluster does by itself; a strike that finds no task at work is one all the same.
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20), s_end = TimeSpan.FromSeconds(60);

    /// <summary>Submits, strikes after a while, mends the cluster, and ends the tasks as a scheduler would; how many claims there were when it struck.</summary>
    public int Hit(SlurmStrike kind, SweepFolder sweep, Random random, CancellationToken cancellation)
    {
        int node = random.Next(SlurmCluster.Nodes), pause = random.Next(50, 800), rest = random.Next(300);
        var info = new ProcessStartInfo(castalia, [.. arguments, "--on", "slurm", "--nodes", $"{SlurmCluster.Nodes}", "--wait"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var command = Process.Start(info)!;
        command.BeginOutputReadLine();
        command.BeginErrorReadLine();
        Until(() => cluster.Tasks(node).Count > 0 || command.HasExited, s_patience, cancellation);
        Thread.Sleep(pause);
        int atWork = Directory.Exists(sweep.Claims) ? Directory.GetFiles(sweep.Claims).Length : 0;
        switch (kind)
        {
            case SlurmStrike.Task:
                cluster.Tasks(node).ForEach(SlurmCluster.SendKill);
                break;
            case SlurmStrike.Halt:
                var halted = cluster.Tasks(node);
                halted.ForEach(task => SlurmCluster.Send("STOP", task));
                Thread.Sleep(1_500); // the lease is of one second
                halted.ForEach(task => SlurmCluster.Send("CONT", task));
                break;
            case SlurmStrike.Slurmd:
                cluster.KillDaemon(node);
                Thread.Sleep(rest);
                cluster.StartNode(node);
                break;
            case SlurmStrike.Node:
                cluster.KillNode(node);
                cluster.StartNode(node);
                break;
            case SlurmStrike.Slurmctld:
                cluster.KillController();
                Thread.Sleep(rest);
                cluster.StartController();
                break;
            case SlurmStrike.Command:
                command.Kill();
                break;
        }
        Thread.Sleep(rest);
        if (!command.HasExited) command.Kill();
        command.WaitForExit();
        Until(Answers, s_end, cancellation);
        foreach (var bad in SlurmNode.OutOfUse([]).Where(one => one.IsDrained)) SlurmCluster.Run("scontrol", "update", $"NodeName={bad.Name}", "State=RESUME");
        SlurmCluster.Run("scancel", "--user=root");
        if (!Until(IsQuiet, s_patience, cancellation))
            for (int i = 0; i < SlurmCluster.Nodes; i++) cluster.Tasks(i).ForEach(SlurmCluster.SendKill); // those that a controller forgot are nobody's to cancel
        return Until(IsQuiet, s_end, cancellation) ? atWork : throw new IOException("Tasks of the cluster do not end.");
    }

    bool IsQuiet() => Enumerable.Range(0, SlurmCluster.Nodes).All(node => cluster.Tasks(node).Count == 0);

    static bool Answers()
    {
        try
        {
            return SlurmCommand.Output("sinfo", "--noheader").Length > 0;
        }
        catch (InputException)
        {
            return false;
        }
    }

    static bool Until(Func<bool> isSo, TimeSpan patience, CancellationToken cancellation)
    {
        long since = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(since) > patience) return false;
            cancellation.WaitHandle.WaitOne(50);
            cancellation.ThrowIfCancellationRequested();
        }
        return true;
    }
}
