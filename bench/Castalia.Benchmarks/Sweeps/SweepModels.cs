using System.Buffers.Binary;
using System.Globalization;
using Castalia.Benchmarks.Synthetic;
using Castalia.Checkpoints;
using Castalia.Sweeps;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>Checkpoints that differ in one weight, prompts of ids, and a plan over them.</summary>
static class SweepModels
{
    /// <summary>Writes FOLDER/models/0, 1 and so on, FOLDER/prompts/0.jsonl and so on, and FOLDER/plan.yaml: every model with every set.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="folder">Where.</param>
    /// <param name="models">How many.</param>
    /// <param name="sets">Sets of prompts.</param>
    /// <param name="prompts">Prompts in each.</param>
    /// <param name="length">Tokens of a prompt.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The plan's path.</returns>
    public static string Write(PythiaShape shape, string folder, int models, int sets, int prompts, int length, CancellationToken cancellation)
    {
        string first = Path.Combine(folder, "models", "0"), plan = Path.Combine(folder, "plan.yaml");
        SyntheticCheckpoint.Write(shape, first, DType.F16, cancellation);
        for (int i = 1; i < models; i++)
        {
            string at = Path.Combine(folder, "models", Number(i));
            Directory.CreateDirectory(at);
            foreach (string file in Directory.GetFiles(first)) File.Copy(file, Path.Combine(at, Path.GetFileName(file)));
            using var weights = File.OpenHandle(Path.Combine(at, "model.safetensors"), FileMode.Open, FileAccess.ReadWrite);
            byte[] length8 = new byte[8], weight = new byte[2];
            RandomAccess.Read(weights, length8, 0);
            BinaryPrimitives.WriteHalfLittleEndian(weight, (Half)(0.001 * i));
            RandomAccess.Write(weights, weight, 8 + (long)BinaryPrimitives.ReadUInt64LittleEndian(length8) + 2_000);
        }
        Directory.CreateDirectory(Path.Combine(folder, "prompts"));
        var random = new Random(1);
        for (int set = 0; set < sets; set++)
        {
            File.WriteAllLines(Path.Combine(folder, "prompts", $"{Number(set)}.jsonl"),
                Enumerable.Range(0, prompts).Select(_ => $"{{\"ids\": [{string.Join(", ", Enumerable.Range(0, length).Select(_ => Number(random.Next(shape.DVocab))))}]}}"));
        }
        File.WriteAllText(plan, $"""
            checkpoints:
              - models: "{folder}/models/{NamePattern.Revision}"
                revisions: present
            tasks:
              - verb: measure
                prompts: [{string.Join(", ", Enumerable.Range(0, sets).Select(set => $"{folder}/prompts/{Number(set)}.jsonl"))}]

            """);
        return plan;
    }

    /// <summary>SHA-256 of the readings of each run, by the run's name.</summary>
    public static SortedDictionary<string, string> Readings(SweepFolder folder) => new(
        Directory.GetDirectories(folder.Runs).Where(run => !Path.GetFileName(run).StartsWith('.'))
            .ToDictionary(run => Path.GetFileName(run), run => Sha256.OfFile(Path.Combine(run, "readings.parquet"), CancellationToken.None)), StringComparer.Ordinal);

    static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
