using System.Text;
using Castalia.Untrained;

namespace Castalia.Benchmarks.Models;

/// <summary>Small networks and prompts of a report that is as large as reports get: many models, deep, many prompts.</summary>
static class ReportModels
{
    const int Models = 40, Blocks = 48, DModel = 32, Heads = 2, Prompts = 200, Tokens = 25, Vocabulary = 1024;

    static readonly string[] s_categories = ["factual", "syntactic", "cliché", "novel", "nonsense"];

    /// <summary>Writes them: a folder for each network, and <c>prompts.jsonl</c>.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="cancellation">Stops between networks.</param>
    public static void Write(string folder, CancellationToken cancellation)
    {
        var network = UntrainedNetwork.PythiaLike(Blocks, DModel, Heads);
        for (int i = 1; i <= Models; i++)
            UntrainedNetworks.Build(network, (ulong)i, Directory.CreateDirectory(Path.Combine(folder, FormattableString.Invariant($"model-{i:00}"))).FullName, cancellation);
        var random = new Random(1);
        var lines = new StringBuilder();
        for (int i = 0; i < Prompts; i++)
            lines.Append(FormattableString.Invariant($"{{\"name\":\"prompt {i + 1}\",\"category\":\"{s_categories[i % s_categories.Length]}\",\"ids\":[{string.Join(',', Enumerable.Range(0, Tokens).Select(_ => random.Next(Vocabulary)))}]}}\n"));
        File.WriteAllText(Path.Combine(folder, "prompts.jsonl"), lines.ToString());
    }
}
