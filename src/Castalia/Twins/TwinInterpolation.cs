using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Prompts;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>What lies on the straight line between the weights of two networks of one recipe and two seeds: <c>interpolations.csv</c>.</summary>
/// <remarks>
/// Of each cell the first seed of the plan is paired with the second, the third with the fourth and so on, so that no network has a part in two lines. A point is a network whose weights are
/// a + α·(b − a), in float64, rounded once; it is written as a checkpoint, read like any, and removed. The loss is the mean cross-entropy over all tokens of the study's prompts. The barrier of a line is the
/// most by which the loss lies above the straight line between its ends (Frankle et al. 2020, arXiv 1912.05671).
/// </remarks>
static class TwinInterpolation
{
    /// <summary>Its name in the study's folder.</summary>
    public const string FileName = "interpolations.csv";

    static readonly string[] s_columns = ["plan", "cell", "seed_a", "seed_b", "share", "loss_nats", "gain", "settled", "open", "long_range", "below_one_share"];

    /// <summary>Reads all lines of a study, and writes the table.</summary>
    /// <param name="plan">The plan; all of its networks are trained.</param>
    /// <param name="points">Points of each line, ends included.</param>
    /// <param name="corpus">What they were trained on; null for the language.</param>
    /// <param name="folder">The study's folder.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="say">Told of every line.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">A checkpoint cannot be read; the disk refuses the table.</exception>
    public static void Write(TwinPlan plan, int points, Corpus? corpus, string folder, int threads, Action<string> say, CancellationToken cancellation)
    {
        List<IEnumerable<string>> lines = [s_columns];
        foreach (var cell in plan.Cells)
            foreach (var pair in plan.Twins.Where(twin => twin.Cell == cell).Chunk(2).Where(pair => pair.Length == 2))
            {
                say($"between {pair[0].Name} and seed {pair[1].Seed}");
                lines.AddRange(Line(plan.Name, pair[0], pair[1], points, TwinTexts.Of(pair[0], corpus), folder, threads, cancellation));
            }
        WholeFile.Write(Path.Combine(folder, FileName), lines);
    }

    static List<IEnumerable<string>> Line(string plan, Twin a, Twin b, int points, TwinTexts texts, string folder, int threads, CancellationToken cancellation)
    {
        using var from = Loaded(a, folder);
        using var to = Loaded(b, folder);
        List<IEnumerable<string>> rows = [];
        for (int i = 0; i < points; i++)
        {
            double share = i / (points - 1.0);
            var (loss, profile) = Point(a, from, to, share, texts, folder, threads, cancellation);
            rows.Add(
            [
                plan, a.Cell.Name, a.Seed.ToString(CultureInfo.InvariantCulture), b.Seed.ToString(CultureInfo.InvariantCulture), WholeFile.Field(share), WholeFile.Field(loss), WholeFile.Field(profile.Blocks[^1]), WholeFile.Field(profile.Settled),
                WholeFile.Field(profile.Open), WholeFile.Field(profile.LongRange), WholeFile.Field(profile.BelowOneShare),
            ]);
        }
        return rows;
    }

    static (double Loss, GainProfile Profile) Point(Twin twin, ParameterSet from, ParameterSet to, double share, TwinTexts texts, string folder, int threads, CancellationToken cancellation)
    {
        Dictionary<string, float[]> values = new(StringComparer.Ordinal);
        var ends = to.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var tensor in from.Tensors)
        {
            ReadOnlySpan<float> start = from[tensor], end = to[ends[tensor.Name]];
            float[] between = new float[start.Length];
            for (int i = 0; i < between.Length; i++) between[i] = (float)(start[i] + share * ((double)end[i] - start[i]));
            values.Add(tensor.Name, between);
        }
        using var temporary = Unfinished.Beside(Path.Combine(folder, "between"));
        string there = TrainingRun.Begin(temporary.Path, twin.Cell.Form, values, texts.Files);
        using var checkpoint = Checkpoint.Open(there);
        using var parameters = ParameterSet.Load(checkpoint, ArchitectureReader.Read(checkpoint));
        using var gradient = new ModelGradient(parameters, threads, cancellation);
        double loss = gradient.Take([.. texts.Prompts.Select(prompt => new TokenizedPrompt(prompt, prompt.Ids!, 0, 0))]);
        return (loss, GainProfile.Of(new KeptCheckpoint(0, there, loss, true), texts.Prompts, threads, cancellation));
    }

    static ParameterSet Loaded(Twin twin, string folder)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, twin.Folder, FormattableString.Invariant($"step{twin.Recipe.Options.Steps}")));
        return ParameterSet.Load(checkpoint, ArchitectureReader.Read(checkpoint));
    }
}
