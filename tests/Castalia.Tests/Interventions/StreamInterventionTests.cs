using Castalia.Anatomy.Spectra;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>Interventions on positions that attention reads, on directions that other texts or the unembedding say, on coordinates, and on units beside their controls.</summary>
public sealed class StreamInterventionTests
{
    static readonly TokenizedPrompt[] s_others = [Prompt("x", 9, 3, 4, 12, 30), Prompt("y", 2, 40, 7, 7, 21, 13, 8)];

    static readonly Dictionary<string, IReadOnlyList<TokenizedPrompt>> s_sets = new() { ["others"] = s_others };

    static TokenizedPrompt Prompt(string name, params int[] ids) => new(new Prompt { Name = name, Ids = ids, Place = "here" }, ids, 0, 0);

    static Checkpoint Open(string @case) => Checkpoint.Open(Golden.Load(@case).Checkpoint);

    static Intervened.Made Take(Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, params IEnumerable<InterventionEntry> entries)
    {
        var a = ArchitectureReader.Read(checkpoint);
        return Intervened.Made.Of(InterventionPass.Take(
            checkpoint, a, prompts, null, new() { Threads = 2, AllPositions = false },
            new()
            {
                Entries = [.. entries],
                Sets = s_sets,
                Components = ReferenceComponents.Of,
                Bands = () => BandDecomposition.Of(new("m", WeightMap.Bind(a, checkpoint), checkpoint), null, null, 1, null, TestContext.Current.CancellationToken),
            }, null, null, TestContext.Current.CancellationToken));
    }

    static InterventionEntry Alone(params Change[] changes) => new(Intervened.Of(changes), null);

    /// <summary>Without the first position in every block the others are a text of their own: these models know distances alone.</summary>
    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    [InlineData("falcon/rw-alibi")]
    [InlineData("mistral/window")]
    [InlineData("gemma2/gemma2")]
    public void A_position_that_nobody_attends_to_might_as_well_not_be_there(string @case)
    {
        using var checkpoint = Open(@case);
        int[] ids = [5, 6, 7, 8, 9, 30, 2, 17, 11];
        var masked = Take(checkpoint, [Prompt("a", ids)], Alone(Intervened.Change(ResidualSite.Z, 0, new Deed.Mask([0, 1])) with { Blocks = BlockChoice.All })).Prompts[0][0];
        var without = Take(checkpoint, [Prompt("b", ids[2..])], []).Measurement.Readings[0];
        Assert.NotEqual(0, masked.KlNats);
        for (int block = 0; block < masked.Gains.Count; block++) Assert.Equal(without.Blocks[block][^1].Gain, masked.Gains[block], 2e-6);
        Assert.Equal(without.Outputs[^1]!.Value.EntropyNats, masked.EntropyNats, 1e-5);
    }

    [Fact]
    public void To_mask_what_a_window_does_not_reach_changes_only_the_rounding()
    {
        using var checkpoint = Open("mistral/window");
        int window = ArchitectureReader.Read(checkpoint).WindowOf(1) ?? throw new InvalidOperationException();
        var prompt = Prompt("a", [.. Enumerable.Range(0, window + 3).Select(t => 3 + 5 * t % 40)]);
        var readings = Take(checkpoint, [prompt], Alone(Intervened.Change(ResidualSite.Z, 1, new Deed.Mask([0]), positions: PositionChoice.Last))).Prompts[0];
        Assert.InRange(readings[0].KlNats, 0, 1e-9);
    }

    public static TheoryData<string, string> Directions => new()
    {
        { "llama/gqa", "mean" }, { "llama/gqa", "components" }, { "llama/gqa", "bands" }, { "gpt_neox/pythia", "mean" }, { "gpt_neox/pythia", "bands" }, { "gpt2/gpt2", "components" },
    };

    /// <summary>In the last block what leaves it is known: the golden stream, its component within the span multiplied.</summary>
    [Theory]
    [MemberData(nameof(Directions))]
    public void A_component_within_a_span_is_scaled_and_nothing_else(string @case, string what)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        int last = a.NLayers - 1;
        Direction direction = what switch { "mean" => new Direction.Mean("others"), "components" => new Direction.Components(3, "others"), _ => new Direction.Bands(18, 19) };
        double[][] span = Span(checkpoint, a, direction, last);
        var measured = Take(checkpoint, [.. golden.Prompts.Take(2)], new Deed[] { new Deed.Scale(2), new Deed.Zero(), new Deed.Keep(), new Deed.Scale(1) }
            .Select(deed => Alone(Intervened.Change(ResidualSite.Post, last, deed, new Unit.Along(direction)))));
        for (int p = 0; p < measured.Prompts.Count; p++)
        {
            int position = golden.Prompts[p].Ids.Count - 1;
            double[] pre = golden.Arrays[$"p{p}.blocks.{last}.resid_pre"].Row(position).ToArray(), post = golden.Arrays[$"p{p}.blocks.{last}.resid_post"].Row(position).ToArray();
            double[] within = new double[post.Length];
            foreach (double[] row in span)
            {
                double along = row.Zip(post, (u, x) => u * x).Sum();
                for (int d = 0; d < within.Length; d++) within[d] += along * row[d];
            }
            double Gain(double ofWithin, double ofRest) => Math.Sqrt(post.Zip(within, (x, w) => Math.Pow(ofRest * (x - w) + ofWithin * w, 2)).Sum() / pre.Sum(x => x * x));
            double[] expected = [Gain(2, 1), Gain(0, 1), Gain(1, 0), Gain(1, 1)];
            for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], measured.Prompts[p][k].Gains[last], 1e-5 * expected[k]);
            Assert.Equal(0, measured.Prompts[p][3].KlNats, 1e-12);
            Assert.NotEqual(measured.Prompts[p][1].Gains[last], measured.Prompts[p][3].Gains[last]);
        }
    }

    /// <summary>By plain definitions: Gram–Schmidt of the mean; eigenvectors by MathNet.</summary>
    static double[][] Span(Checkpoint checkpoint, Architecture a, Direction direction, int block)
    {
        if (direction is Direction.Bands bands)
        {
            var all = BandDecomposition.Of(new("m", WeightMap.Bind(a, checkpoint), checkpoint), null, null, 1, null, TestContext.Current.CancellationToken).Directions;
            int first = all.Sizes.Take(bands.First).Sum();
            return [.. Enumerable.Range(first, all.Count - first).Select(i => all[i].ToArray())];
        }
        var rows = new List<double[]>();
        var traced = Traced.Run(checkpoint.Path, s_others, allPositions: true);
        for (int p = 0; p < s_others.Length; p++)
            for (int t = 1; t < s_others[p].Ids.Count; t++) rows.Add(traced[$"p{p}.blocks.{block}.resid_pre"].Row(t).ToArray());
        double[] mean = [.. Enumerable.Range(0, a.DModel).Select(d => rows.Average(row => row[d]))];
        if (direction is Direction.Mean)
        {
            double length = Math.Sqrt(mean.Sum(x => x * x));
            return [[.. mean.Select(x => x / length)]];
        }
        var centred = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(rows.Count, a.DModel, (i, d) => rows[i][d] - mean[d]);
        var right = centred.Svd().VT;
        return [.. Enumerable.Range(0, ((Direction.Components)direction).Count).Select(i => right.Row(i).ToArray())];
    }

    static InterventionEntry Pattern(UnitChoice units, params (ResidualSite Site, UnitKind Kind)[] sites) => new(
        Intervened.Of([.. sites.Select(one => Intervened.Change(one.Site, 1, new Deed.Zero(), new Unit.Some(one.Kind, [])))]), units);

    static int[] Units(Intervention intervention, UnitKind kind) =>
        [.. intervention.Changes.Where(change => change.Deed is Deed.Zero).Select(change => (Unit.Some)change.Unit).Where(some => some.Kind == kind).SelectMany(some => some.Indices)];

    [Fact]
    public void Coordinates_are_ranked_over_other_texts_and_drawn_in_sets()
    {
        using var checkpoint = Open("llama/gqa");
        var a = ArchitectureReader.Read(checkpoint);
        (ResidualSite, UnitKind)[] site = [(ResidualSite.Post, UnitKind.Dimension)];
        var measured = Take(checkpoint, [Prompt("a", 5, 6, 7)],
            Pattern(new([UnitKind.Dimension], new(new(4, null), UnitOrder.Outlying, "others", Near: false), null, Together: true, Renormalise: false), site),
            Pattern(new([UnitKind.Dimension], null, new(new(4, null), 1, 6), Together: true, Renormalise: false), site));
        var traced = Traced.Run(checkpoint.Path, s_others, allPositions: true);
        double[] size = [.. Enumerable.Range(0, a.DModel).Select(d => s_others.Index().Sum(text => Enumerable.Range(1, text.Item.Ids.Count - 1).Sum(t => Math.Abs(traced[$"p{text.Index}.blocks.1.resid_pre"].Row(t)[d]))))];
        Assert.Equal(Enumerable.Range(0, a.DModel).OrderByDescending(d => size[d]).Take(4).Order(), Units(measured.Interventions[0], UnitKind.Dimension));
        int[][] drawn = [.. measured.Interventions.Skip(1).Select(one => Units(one, UnitKind.Dimension))];
        Assert.Equal(6, drawn.Length);
        Assert.All(drawn, set => Assert.Equal(4, set.Distinct().Count()));
        Assert.True(drawn.Select(set => string.Join(' ', set)).Distinct().Count() > 4);
        Assert.All(measured.Interventions.Skip(1), one => Assert.Equal(1, one.Seed));
        // The stream that leaves the block, those coordinates 0.
        var own = Traced.Run(checkpoint.Path, [Prompt("a", 5, 6, 7)], allPositions: true);
        double[] post = [.. own["p0.blocks.1.resid_post"].Row(2)], pre = [.. own["p0.blocks.1.resid_pre"].Row(2)];
        double expected = Math.Sqrt(post.Index().Where(one => !drawn[2].Contains(one.Index)).Sum(one => one.Item * one.Item) / pre.Sum(x => x * x));
        Assert.Equal(expected, measured.Prompts[0][3].Gains[1], 1e-6);
    }

    /// <summary>Lengths by the activations of the pass and the weights: ‖W_O z‖ of a head's slice, |m_j|·‖w_j‖.</summary>
    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    [InlineData("gemma2/gemma2")]
    public void Controls_are_the_units_nearest_in_length_that_are_left(string @case)
    {
        using var checkpoint = Open(@case);
        TokenizedPrompt[] prompts = [Prompt("a", 5, 6, 7), Prompt("b", 9, 30, 2, 14), Prompt("c", 1, 8)];
        (ResidualSite, UnitKind)[] sites = [(ResidualSite.Z, UnitKind.Head), (ResidualSite.MlpPost, UnitKind.Neuron)];
        UnitChoice Choice(bool near) => new([UnitKind.Head, UnitKind.Neuron], new(new(null, 0.2), UnitOrder.Negative, null, near), null, Together: true, Renormalise: false);
        var made = Take(checkpoint, prompts, Pattern(Choice(near: false), sites), Pattern(Choice(near: true), sites)).Interventions;
        var a = ArchitectureReader.Read(checkpoint);
        var means = AttributedMeasurement.Take(
            checkpoint, a, prompts, null, new() { Threads = 1 }, new() { Blocks = BlockChoice.Named(1), AllPositions = false, AllParts = false, Lengths = true }, null,
            TestContext.Current.CancellationToken).Means[0];
        double[] lengths = Lengths(checkpoint, a, prompts, block: 1);
        Assert.Equal(lengths.Length, means.HeadLengths.Count + means.NeuronLengths.Count);
        foreach (var (found, expected) in means.HeadLengths.Concat(means.NeuronLengths).Zip(lengths)) Assert.Equal(expected, found, 1e-5 * lengths.Max());
        double[] negative = [.. means.NegativeHeads, .. means.NegativeNeurons];
        int[] ranked = [.. Enumerable.Range(0, negative.Length).OrderBy(unit => negative[unit]).Take((int)(0.2 * negative.Length))];
        Assert.Equal(ranked.Order(), Units(made[0], UnitKind.Head).Concat(Units(made[0], UnitKind.Neuron).Select(j => a.NHeads + j)));
        var left = Enumerable.Range(0, negative.Length).Except(ranked).ToHashSet();
        double worst = 0;
        var controls = new List<int>();
        foreach (int unit in ranked)
        {
            double[] own = [.. means.HeadLengths, .. means.NeuronLengths];
            bool isKind = left.Any(other => other < a.NHeads == unit < a.NHeads);
            int nearest = left.Where(other => !isKind || other < a.NHeads == unit < a.NHeads).OrderBy(other => Math.Abs(own[other] - own[unit])).ThenBy(other => other).First();
            left.Remove(nearest);
            controls.Add(nearest);
            worst = Math.Max(worst, Math.Abs(own[nearest] - own[unit]) / Math.Max(own[nearest], own[unit]));
        }
        Assert.Equal(controls.Order(), Units(made[1], UnitKind.Head).Concat(Units(made[1], UnitKind.Neuron).Select(j => a.NHeads + j)));
        Assert.Equal(worst, made[1].LengthMismatch!.Value, 1e-12);
        Assert.Null(made[0].LengthMismatch);
    }

    static double[] Lengths(Checkpoint checkpoint, Architecture a, TokenizedPrompt[] prompts, int block)
    {
        var traced = Traced.Run(checkpoint.Path, prompts, allPositions: true);
        var read = new WeightReader(WeightMap.Bind(a, checkpoint), a, checkpoint);
        var weights = BlockWeights.Read(read, a, block);
        double[] sums = new double[a.NHeads + a.DFf];
        for (int p = 0; p < prompts.Length; p++)
        {
            int last = prompts[p].Ids.Count - 1;
            double[] z = [.. traced[$"p{p}.blocks.{block}.z"].Row(last)], m = [.. traced[$"p{p}.blocks.{block}.mlp_post"].Row(last)];
            double attn = Factor(weights.AttnOut, weights.AttnPostNorm, z), mlp = Factor(weights.Mlps[0].Down, weights.MlpPostNorm, m);
            for (int head = 0; head < a.NHeads; head++) sums[head] += attn * Length(weights.AttnOut, weights.AttnPostNorm, [.. z.Select((x, i) => i / a.HeadDim == head ? x : 0)]);
            for (int j = 0; j < m.Length; j++) sums[a.NHeads + j] += mlp * Length(weights.Mlps[0].Down, weights.MlpPostNorm, [.. m.Select((x, i) => i == j ? x : 0)]);
        }
        return [.. sums.Select(sum => sum / prompts.Length)];

        double Factor(LinearWeights projection, NormWeights? norm, double[] x)
        {
            if (norm is null) return a.ResidualScale;
            double square = Written(projection, x).Sum(y => y * y);
            return a.ResidualScale / Math.Sqrt(square / a.DModel + a.NormEpsilon);
        }

        double Length(LinearWeights projection, NormWeights? norm, double[] x) => Math.Sqrt(Written(projection, x).Select((y, d) => y * (norm?.Weight[d] ?? 1)).Sum(y => y * y));

        double[] Written(LinearWeights projection, double[] x)
        {
            float[] row = new float[x.Length];
            return [.. Enumerable.Range(0, a.DModel).Select(d =>
            {
                projection.Weight.Widen(d, 0, row);
                return row.Zip(x, (w, y) => w * y).Sum();
            })];
        }
    }

    [Fact]
    public void Heads_that_are_left_are_scaled_up()
    {
        using var checkpoint = Open("gpt_neox/pythia");
        int heads = ArchitectureReader.Read(checkpoint).NHeads;
        var entry = Pattern(new([UnitKind.Head], null, new(new(1, null), 3, 1), Together: true, Renormalise: true), (ResidualSite.Z, UnitKind.Head));
        var measured = Take(checkpoint, [Prompt("a", 5, 6, 7)], entry, Alone(
            Intervened.Change(ResidualSite.Z, 1, new Deed.Scale(heads / (heads - 1.0))),
            Intervened.Change(ResidualSite.Z, 1, new Deed.Zero(), new Unit.Some(UnitKind.Head, [.. Units(Take(checkpoint, [Prompt("a", 5, 6, 7)], entry).Interventions[0], UnitKind.Head)]))));
        Assert.Equal(measured.Prompts[0][1].Gains, measured.Prompts[0][0].Gains);
    }

    [Fact]
    public void More_controls_than_units_are_left_is_an_error()
    {
        using var checkpoint = Open("gpt_neox/pythia");
        var entry = Pattern(new([UnitKind.Head], new(new(null, 1), UnitOrder.Size, null, Near: true), null, Together: true, Renormalise: false), (ResidualSite.Z, UnitKind.Head));
        Assert.Contains("none is left", Assert.Throws<InputException>(() => Take(checkpoint, [Prompt("a", 5, 6, 7)], entry)).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_holds_a_prompt_is_refused_for_directions_too()
    {
        using var checkpoint = Open("gpt_neox/pythia");
        var refusal = Assert.Throws<InputException>(() => Take(
            checkpoint, [Prompt("a", 9, 3, 4, 12, 30)], Alone(Intervened.Change(ResidualSite.Pre, 1, new Deed.Zero(), new Unit.Along(new Direction.Mean("others"))))));
        Assert.Contains("contains prompt a", refusal.Cause, StringComparison.Ordinal);
    }
}
