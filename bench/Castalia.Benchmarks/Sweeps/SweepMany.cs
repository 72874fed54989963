using System.Globalization;
using System.Text.Json.Nodes;
using Castalia.Benchmarks.Models;
using Castalia.Sweeps;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>How long ten thousand cells take to be planned, resumed and listed.</summary>
static class SweepMany
{
    const int Cells = 10_000;

    /// <summary>Prints it; nothing is computed: results are laid down by name.</summary>
    /// <param name="castalia">The command.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="cancellation">Stops.</param>
    public static void Print(string castalia, int rounds, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("castalia-many-").FullName, plan = Path.Combine(folder, "plan.yaml");
        var sweep = new SweepFolder(Path.Combine(folder, "sweep"));
        try
        {
            File.WriteAllText(plan, FormattableString.Invariant($"checkpoints:\n  - models: o/m\n    revisions: \"step{{1..{Cells / 2}..1}}\"\ntasks:\n  - verb: measure\n    prompts: [standard-25, running-24]\n"));
            string[] planning = ["sweep", plan, "--out", sweep.Path, "--dry-run", "--json"];
            var cells = JsonNode.Parse(Child.Run(castalia, planning, cancellation).Output)!["cells"]!.AsArray();
            sweep.Make();
            foreach (var cell in cells)
            {
                string key = (string)cell!["cell"]!, final = new([.. key.Reverse()]);
                sweep.Remember(key, final);
                Directory.CreateDirectory(Path.Combine(sweep.Runs, SweepFolder.RunName(final)));
                File.WriteAllText(Path.Combine(sweep.Runs, SweepFolder.RunName(final), "manifest.json"), "{}");
            }
            Console.WriteLine("| | " + string.Join(" | ", Enumerable.Range(1, rounds).Select(round => $"round {round}, s")) + " |");
            Console.WriteLine("| --- |" + string.Concat(Enumerable.Repeat(" ---: |", rounds)));
            foreach (var (what, arguments) in new (string, string[])[]
            {
                ("planned", planning), ("resumed, all being done", ["sweep", plan, "--out", sweep.Path]), ("listed", ["sweep", "status", sweep.Path]),
            })
            {
                var seconds = Enumerable.Range(0, rounds).Select(_ => Child.Run(castalia, arguments, cancellation).Seconds.ToString("0.00", CultureInfo.InvariantCulture)).ToList();
                Console.WriteLine($"| {what} | {string.Join(" | ", seconds)} |");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
