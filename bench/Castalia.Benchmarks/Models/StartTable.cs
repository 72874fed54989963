using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.PromptFiles;
using Castalia.Prompts;

namespace Castalia.Benchmarks.Models;

/// <summary>What a person waits for at the terminal.</summary>
static class StartTable
{
    public static void Write(ModelOptions options, Report report, CancellationToken cancellation)
    {
        report.Heading("From the start of a process to its end");
        if (options.Cli is null)
        {
            report.Text("Not measured: --cli names the command.");
            return;
        }
        (double ToOutput, double ToEnd) Time(string program, string[] args, int runs)
        {
            var times = Enumerable.Range(0, runs + 1).Select(_ => Child.Run(program, args, cancellation)).Skip(1).ToList();
            return (Median.Of(times.Select(t => t.FirstOutput)), Median.Of(times.Select(t => t.Seconds)));
        }
        report.Row("process", "ms, median of 21");
        report.Row("---", "---:");
        report.Row("a .NET program that does nothing", $"{Time(Environment.ProcessPath!, ["nothing"], 21).ToEnd * 1e3:F0}");
        report.Row("`castalia --version`", $"{Time(options.Cli, ["--version"], 21).ToEnd * 1e3:F0}");
        if (options.Gguf is null) return;
        string runs = Path.Combine(options.Folder, $"castalia-runs-{Guid.NewGuid():N}");
        try
        {
            double before = FmaPeak.Measure(options.Threads);
            var (table, end) = Time(
                options.Cli, ["measure", options.Gguf, "--prompts", PromptSets.Standard25, "--threads", $"{options.Threads}", "--out", runs], options.Rounds);
            double bare = Operations(options.Gguf) / ((before + FmaPeak.Measure(options.Threads)) / 2);
            report.Text($"`castalia measure {Path.GetFileName(options.Gguf)}` with {PromptSets.Standard25}: {table * 1e3:F0} ms from start to table, " +
                $"{table / bare:F1} times the {bare * 1e3:F0} ms of its linear layers at peak; {end * 1e3:F0} ms to the end, with the run folder written.");
        }
        finally
        {
            if (Directory.Exists(runs)) Directory.Delete(runs, recursive: true);
        }
    }

    /// <summary>Operations of the matrices: of the blocks for every token, of the unembedding for the last of each prompt.</summary>
    static double Operations(string gguf)
    {
        using var checkpoint = Checkpoint.Open(gguf);
        var architecture = ArchitectureReader.Read(checkpoint);
        var prompts = PromptSets.BuiltIn(PromptSets.Standard25);
        var tokenized = Tokenization.Of(prompts, Tokenization.TokenizerFor(checkpoint, prompts).Tokenizer, Tokens.BosPolicy.Default, gguf);
        var map = WeightMap.Bind(architecture, checkpoint);
        double blocks = Enumerable.Range(0, architecture.NLayers).Sum(l => map.TensorsOf(l).Where(t => t.Shape.Count > 1).Sum(t => (double)t.Count));
        return 2 * (blocks * tokenized.Sum(p => p.Ids.Count) + (double)architecture.DVocab * architecture.DModel * tokenized.Count);
    }
}
