using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>The final norm held at what it multiplies by in the clean pass; and what a block has along the direction it is changed along.</summary>
public sealed class HeldNormTests
{
    static readonly TokenizedPrompt[] s_prompts = [Prompt("a", 5, 6, 7, 8, 9), Prompt("b", 9, 3, 4, 12)];

    static readonly Dictionary<string, IReadOnlyList<TokenizedPrompt>> s_sets = new() { ["others"] = [Prompt("x", 9, 3, 40, 12, 30), Prompt("y", 2, 40, 7, 21)] };

    static TokenizedPrompt Prompt(string name, params int[] ids) => new(new Prompt { Name = name, Ids = ids, Place = "here" }, ids, 0, 0);

    /// <summary>Of the stream times two, the clean logits less what does not scale, twice: by the trained final norm in float64.</summary>
    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt2/gpt2")]
    [InlineData("gpt_neox/pythia")]
    [InlineData("gemma2/gemma2")]
    public void A_stream_scaled_scales_what_its_norm_gives_where_the_norm_is_held_and_changes_nothing_where_it_is_not(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        int last = a.NLayers - 1;
        var map = WeightMap.Bind(a, checkpoint);
        var read = new WeightReader(map, a, checkpoint);
        var norm = read.Norm(WeightRole.FinalNorm);
        var traced = Traced.Run(checkpoint.Path, s_prompts, allPositions: true);
        var measured = Intervened.Take(checkpoint, s_prompts,
            [
                Intervened.Of(Intervened.Change(ResidualSite.Post, last, new Deed.Scale(2), held: Held.FinalNorm)), Intervened.Of(Intervened.Change(ResidualSite.Post, last, new Deed.Scale(2))),
                Intervened.Of(Intervened.Change(ResidualSite.Post, last, new Deed.Scale(1), held: Held.FinalNorm)),
            ], allPositions: true);
        float[] row = new float[a.DModel];
        var unembedding = read.Linear(WeightRole.Unembedding);
        for (int p = 0; p < s_prompts.Length; p++)
        {
            double[] post = [.. traced[$"p{p}.blocks.{last}.resid_post"].Row(s_prompts[p].Ids.Count - 1)];
            double centre = a.Norm == NormKind.LayerNorm ? post.Average() : 0, factor = 1 / Math.Sqrt(post.Average(x => (x - centre) * (x - centre)) + a.NormEpsilon);
            double[] logits = new double[a.DVocab];
            for (int v = 0; v < logits.Length; v++)
            {
                unembedding.Weight.Widen(v, 0, row);
                double sum = unembedding.Bias?[v] ?? 0;
                for (int d = 0; d < row.Length; d++) sum += (2 * (post[d] - centre) * factor * norm.Weight[d] + (norm.Bias?[d] ?? 0)) * row[d];
                logits[v] = a.LogitScale * sum;
                if (a.LogitSoftcap is { } cap) logits[v] = cap * Math.Tanh(logits[v] / cap);
            }
            double most = logits.Max(), logSum = most + Math.Log(logits.Sum(l => Math.Exp(l - most)));
            Assert.Equal(logits.Sum(l => Math.Exp(l - logSum) * (logSum - l)), measured.Prompts[p][0].EntropyNats, 1e-5);
            double clean = measured.Measurement.Readings[p].Outputs[^1]!.Value.EntropyNats;
            Assert.True(Math.Abs(measured.Prompts[p][0].EntropyNats - clean) > 0.01 * clean);
            Assert.Equal(clean, measured.Prompts[p][1].EntropyNats, 1e-5);
            Assert.Equal((clean, 0, MeanLoss.Of(measured.Measurement.Readings[p])), (measured.Prompts[p][2].EntropyNats, measured.Prompts[p][2].KlNats, measured.Prompts[p][2].LossNats));
            Assert.Equal(measured.Prompts[p][1].Gains, measured.Prompts[p][0].Gains);
        }
    }

    /// <summary>By the activations of the pass: of h and of what the block adds, where the mean is scaled, taken from what is written, or a whole site is.</summary>
    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    public void Components_along_the_direction_are_those_of_the_streams(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        int last = a.NLayers - 1;
        var mean = new Unit.Along(new Direction.Mean("others"));
        var measured = Intervened.Take(checkpoint, s_prompts,
            [
                Intervened.Of(Intervened.Change(ResidualSite.Pre, last, new Deed.Scale(0.5), mean)),
                Intervened.Of(Intervened.Change(ResidualSite.MlpOut, last, new Deed.Zero(), mean), Intervened.Change(ResidualSite.AttnOut, last, new Deed.Zero(), mean)),
                Intervened.Of(Intervened.Change(ResidualSite.Post, last, new Deed.Scale(3), Intervened.AlongPre)),
                Intervened.Of(Intervened.Change(ResidualSite.MlpOut, last, new Deed.Scale(3))),
            ], sets: s_sets);
        var others = Traced.Run(checkpoint.Path, s_sets["others"], allPositions: true);
        double[] direction = new double[a.DModel];
        for (int p = 0; p < 2; p++)
            for (int t = 1; t < s_sets["others"][p].Ids.Count; t++)
                foreach (var (d, value) in others[$"p{p}.blocks.{last}.resid_pre"].Row(t).ToArray().Index()) direction[d] += value;
        var traced = Traced.Run(checkpoint.Path, s_prompts, allPositions: true);
        for (int p = 0; p < s_prompts.Length; p++)
        {
            int position = s_prompts[p].Ids.Count - 1;
            double[] pre = [.. traced[$"p{p}.blocks.{last}.resid_pre"].Row(position)], post = [.. traced[$"p{p}.blocks.{last}.resid_post"].Row(position)];
            double[] written = [.. post.Zip(pre, (x, h) => x - h)];
            double tolerance = 2e-6 * Math.Sqrt(Dot(post, post) + Dot(pre, pre));
            AlongReading half = Assert.Single(measured.Prompts[p][0].Along), none = Assert.Single(measured.Prompts[p][1].Along), own = Assert.Single(measured.Prompts[p][2].Along);
            foreach (var (found, along) in new[] { (half, direction), (none, direction), (own, pre) })
            {
                Assert.Equal(last, found.Block);
                Assert.Equal(Component(pre, along), found.CleanPre, tolerance);
                Assert.Equal(Component(written, along), found.CleanWritten, tolerance);
            }
            Assert.Equal(0.5 * half.CleanPre, half.Pre, tolerance);
            Assert.NotEqual(half.CleanWritten, half.Written, tolerance);
            Assert.Equal((none.CleanPre, 0), (none.Pre, none.Written), (x, y) => Math.Abs(x.Item1 - y.Item1) <= tolerance && Math.Abs(x.Item2 - y.Item2) <= tolerance);
            Assert.Equal((3 * Component(post, pre)) - own.Pre, own.Written, 3 * tolerance);
            Assert.Empty(measured.Prompts[p][3].Along);
        }
    }

    static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    static double Component(double[] x, double[] along) => Dot(x, along) / Math.Sqrt(Dot(along, along));
}
