using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>What must hold of interventions whatever the model.</summary>
public sealed class InterventionTests
{
    static readonly TokenizedPrompt[] s_prompts = [Prompt("a", 5, 6, 7, 8, 9), Prompt("b", 9, 3, 4, 12, 30), Prompt("c", 1, 2, 3)];

    static TokenizedPrompt Prompt(string name, params int[] ids) => new(new Prompt { Name = name, Ids = ids, Place = "here" }, ids, 0, 0);

    static TokenizedPrompt[] Long => [.. Enumerable.Range(0, 2).Select(p => Prompt($"p{p}", [.. Enumerable.Range(0, 20 + 14 * p).Select(t => (7 * t + 11 * p + t * t) % 45)]))];

    static Checkpoint Open(string @case) => Checkpoint.Open(Golden.Load(@case).Checkpoint);

    static double[] Figures(InterventionReading reading) => [.. reading.Gains, reading.EntropyNats, reading.KlNats, reading.TopProbability, reading.LossNats];

    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    [InlineData("gemma2/gemma2")]
    [InlineData("mixtral/mixtral")]
    [InlineData("bloom/bloom")]
    public void To_do_nothing_and_to_add_what_is_taken_away_again_leave_the_clean_pass_bit_for_bit(string @case)
    {
        using var checkpoint = Open(@case);
        int dModel = ArchitectureReader.Read(checkpoint).DModel;
        var vector = new NamedVector("v", [.. Enumerable.Range(0, dModel).Select(i => (float)Math.Sin(i))]);
        Intervention[] nothing =
        [
            Intervened.Of(),
            .. new[] { ResidualSite.Pre, ResidualSite.AttnOut, ResidualSite.MlpOut, ResidualSite.Post }.Select(site => Intervened.Of(
                Intervened.Change(site, 1, new Deed.Add(vector, 1)), Intervened.Change(site, 1, new Deed.Add(vector, -1)))),
            Intervened.Of(Intervened.Change(ResidualSite.Post, 0, new Deed.Scale(1))),
            Intervened.Of(Intervened.Change(ResidualSite.Z, 0, new Deed.Patch("c")), Intervened.Change(ResidualSite.MlpOut, 0, new Deed.Scale(1), held: Held.Attn)),
        ];
        var measured = Intervened.Take(checkpoint, s_prompts[2..], nothing);
        var clean = measured.Measurement.Readings[0];
        foreach (var reading in measured.Prompts[0])
        {
            Assert.Equal(clean.Blocks.Select(block => block[^1].Gain), reading.Gains);
            Assert.Equal((clean.Outputs[^1]!.Value.EntropyNats, clean.Outputs[^1]!.Value.TopToken, 0.0), (reading.EntropyNats, reading.TopToken, reading.KlNats));
        }
    }

    static IEnumerable<Intervention> Several(Architecture a)
    {
        foreach (int block in new[] { 1, a.NLayers - 1 })
        {
            foreach (var positions in new[] { PositionChoice.All, PositionChoice.Last, PositionChoice.Named(18, 17) })
            {
                yield return Intervened.Of(Intervened.Change(ResidualSite.AttnOut, block, new Deed.Scale(0.3), positions: positions));
                yield return Intervened.Of(Intervened.Change(ResidualSite.Pre, block, new Deed.Scale(1.5), positions: positions));
                yield return Intervened.Of(Intervened.Change(ResidualSite.Z, block, new Deed.Zero(), new Unit.Some(UnitKind.Head, [0, 1]), positions));
            }
            yield return Intervened.Of(Intervened.Change(ResidualSite.MlpOut, block, new Deed.Zero(), Intervened.AlongPre), Intervened.Change(ResidualSite.Post, 1, new Deed.Scale(0.5)));
            yield return Intervened.Of(Intervened.Change(ResidualSite.AttnOut, block, new Deed.Zero(), held: Held.Mlp));
        }
    }

    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    [InlineData("gemma2/gemma2")]
    [InlineData("mistral/window")]
    public void Neither_company_nor_portions_nor_threads_change_a_bit(string @case)
    {
        using var checkpoint = Open(@case);
        Intervention[] several = [.. Several(ArchitectureReader.Read(checkpoint))];
        var prompts = Long;
        var together = Intervened.Take(checkpoint, prompts, several);
        Assert.Equal(1, together.Portions);
        var apart = Intervened.Take(checkpoint, prompts, several, threads: 1, mostBytes: 40_000);
        Assert.True(apart.Portions > 3, $"{apart.Portions} portions");
        var alone = several.Select(one => Intervened.Take(checkpoint, [prompts[1]], [one], threads: 3).Prompts[0][0]).ToArray();
        for (int k = 0; k < several.Length; k++)
        {
            for (int p = 0; p < prompts.Length; p++) Assert.Equal(Figures(together.Prompts[p][k]), Figures(apart.Prompts[p][k]));
            Assert.Equal(Figures(together.Prompts[1][k]), Figures(alone[k]));
        }
    }

    /// <summary>A change of the first position that changes nothing makes every position move.</summary>
    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("gpt_neox/pythia")]
    [InlineData("falcon/rw-alibi")]
    [InlineData("mistral/window")]
    [InlineData("gemma3/two-rotary-bases")]
    public void What_is_shared_with_the_clean_pass_is_what_would_have_been_computed(string @case)
    {
        using var checkpoint = Open(@case);
        var a = ArchitectureReader.Read(checkpoint);
        Intervention[] late = [.. Several(a).Where(one => one.Changes[0].Positions != PositionChoice.All)];
        Intervention[] whole = [.. late.Select(one => one with { Changes = [Intervened.Change(ResidualSite.Pre, 0, new Deed.Scale(1)), .. one.Changes] })];
        var prompts = Long;
        var shared = Intervened.Take(checkpoint, prompts, late, allPositions: true);
        var computed = Intervened.Take(checkpoint, prompts, whole, allPositions: true);
        for (int p = 0; p < prompts.Length; p++)
            for (int k = 0; k < late.Length; k++) Assert.Equal(Figures(computed.Prompts[p][k]), Figures(shared.Prompts[p][k]));
        Assert.All(shared.Prompts.SelectMany(readings => readings), reading => Assert.True(double.IsFinite(reading.LossNats)));
        var last = Intervened.Take(checkpoint, prompts, late);
        for (int p = 0; p < prompts.Length; p++)
            for (int k = 0; k < late.Length; k++) Assert.Equal(Figures(shared.Prompts[p][k])[..^1], Figures(last.Prompts[p][k])[..^1]);
    }

    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("gptj/gptj")]
    [InlineData("phi/phi")]
    [InlineData("cohere/command-r")]
    public void In_a_parallel_block_the_direct_effect_is_the_total_one(string @case)
    {
        using var checkpoint = Open(@case);
        (ResidualSite Site, Held Other)[] sites = [(ResidualSite.AttnOut, Held.Mlp), (ResidualSite.Z, Held.Mlp), (ResidualSite.MlpPost, Held.Attn), (ResidualSite.MlpOut, Held.Attn)];
        var measured = Intervened.Take(checkpoint, s_prompts, sites.SelectMany(one => new[]
        {
            Intervened.Of(Intervened.Change(one.Site, 1, new Deed.Zero())), Intervened.Of(Intervened.Change(one.Site, 1, new Deed.Zero(), held: one.Other)),
        }));
        foreach (var readings in measured.Prompts)
            for (int k = 0; k < readings.Count; k += 2) Assert.Equal(Figures(readings[k]), Figures(readings[k + 1]));
    }

    [Fact]
    public void In_a_sequential_block_it_is_not()
    {
        using var checkpoint = Open("llama/gqa");
        var readings = Intervened.Take(checkpoint, s_prompts[..1],
            [Intervened.Of(Intervened.Change(ResidualSite.AttnOut, 1, new Deed.Zero())), Intervened.Of(Intervened.Change(ResidualSite.AttnOut, 1, new Deed.Zero(), held: Held.Mlp))]).Prompts[0];
        Assert.True(Math.Abs(readings[0].Gains[1] - readings[1].Gains[1]) > 1e-3);
    }

    /// <summary>By the activations of the reference: zeroed, at the mean of other texts, patched.</summary>
    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("phi/phi")]
    public void A_parallel_block_changes_by_what_its_part_changes_by(string @case)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        int block = ArchitectureReader.Read(checkpoint).NLayers - 1, last = golden.Prompts[0].Ids.Count - 1;
        double[] At(int prompt, ResidualSite site, int position) => golden.Arrays[$"p{prompt}.blocks.{block}.{site.Name()}"].Row(position).ToArray();
        double[] pre = At(0, ResidualSite.Pre, last), attn = At(0, ResidualSite.AttnOut, last), mlp = At(0, ResidualSite.MlpOut, last), mean = new double[pre.Length];
        int count = 0;
        for (int p = 1; p < golden.Prompts.Count; p++)
            for (int t = 1; t < golden.Prompts[p].Ids.Count; t++, count++)
            {
                double[] row = At(p, ResidualSite.MlpOut, t);
                for (int d = 0; d < mean.Length; d++) mean[d] += row[d];
            }
        double Gain(Func<int, double> mlpOut) => Math.Sqrt(Enumerable.Range(0, pre.Length).Sum(d => Math.Pow(pre[d] + attn[d] + mlpOut(d), 2)) / pre.Sum(x => x * x));
        var readings = Intervened.Take(checkpoint, golden.Prompts.Take(1).ToArray(),
            [
                Intervened.Of(Intervened.Change(ResidualSite.MlpOut, block, new Deed.Zero())),
                Intervened.Of(Intervened.Change(ResidualSite.MlpOut, block, new Deed.Mean(new("others", IncludesFirst: false)))),
                Intervened.Of(Intervened.Change(ResidualSite.MlpOut, block, new Deed.Keep(), Intervened.AlongPre)),
            ], sets: new Dictionary<string, IReadOnlyList<TokenizedPrompt>> { ["others"] = [.. golden.Prompts.Skip(1)] }).Prompts[0];
        double along = mlp.Zip(pre, (m, h) => m * h).Sum() / pre.Sum(x => x * x);
        Assert.Equal(Gain(_ => 0), readings[0].Gains[block], 1e-6);
        Assert.Equal(Gain(d => mean[d] / count), readings[1].Gains[block], 1e-6);
        Assert.Equal(Gain(d => along * pre[d]), readings[2].Gains[block], 1e-6);
    }

    [Fact]
    public void A_patch_of_the_whole_stream_makes_one_prompt_of_the_other()
    {
        using var checkpoint = Open("llama/gqa");
        var measured = Intervened.Take(checkpoint, s_prompts[..2], [Intervened.Of(Intervened.Change(ResidualSite.Pre, 1, new Deed.Patch("b")))]);
        var (clean, patched) = (measured.Measurement.Readings[1], measured.Prompts[0][0]);
        Assert.Equal(clean.Blocks.Skip(1).Select(block => block[^1].Gain), patched.Gains.Skip(1));
        Assert.Equal(clean.Outputs[^1]!.Value.EntropyNats, patched.EntropyNats);
        Assert.Equal(0, measured.Prompts[1][0].KlNats);
    }

    [Fact]
    public void A_stream_rounded_everywhere_holds_values_of_that_type_alone()
    {
        using var checkpoint = Open("llama/gqa");
        var readings = Intervened.Take(checkpoint, s_prompts[..1], new[] { HalfType.Float16, HalfType.BFloat16 }.Select(type =>
            Intervened.Of(Intervened.Change(null, 0, new Deed.Round(type)) with { Blocks = Castalia.Attribution.BlockChoice.All }))).Prompts[0];
        Assert.InRange(readings[0].KlNats, 1e-12, 1e-3);
        Assert.InRange(readings[1].KlNats, readings[0].KlNats, 1e-1);
    }

    [Fact]
    public void Random_units_are_drawn_by_the_seed_and_top_units_by_their_attribution()
    {
        using var checkpoint = Open("llama/gqa");
        InterventionEntry Entry(UnitChoice units) => new(
            Intervened.Of(Intervened.Change(ResidualSite.MlpPost, 1, new Deed.Zero(), new Unit.Some(UnitKind.Neuron, []))), units);
        var entries = new[]
        {
            Entry(Neurons(null, new(new(5, null), 7, 1), together: false)), Entry(Neurons(null, new(new(5, null), 7, 1), together: true)), Entry(Neurons(null, new(new(5, null), 8, 1), together: true)),
            Entry(Neurons(new(new(3, null), UnitOrder.Size, null, Near: false), null, together: false)),
        };
        var made = Intervened.Take(checkpoint, s_prompts, entries).Interventions.Select(one => (one.Seed, Units: ((Unit.Some)one.Changes[0].Unit).Indices)).ToArray();
        Assert.Equal(5 + 1 + 1 + 3, made.Length);
        Assert.Equal(made[..5].SelectMany(one => one.Units).Order(), made[5].Units);
        Assert.Equal(5, made[5].Units.Distinct().Count());
        Assert.NotEqual(made[5].Units, made[6].Units);
        Assert.Equal([7L, 7, 7, 7, 7, 7, 8, null, null, null], made.Select(one => one.Seed));
        var means = Castalia.Attribution.AttributedMeasurement.Take(
            checkpoint, ArchitectureReader.Read(checkpoint), s_prompts, null, new() { Threads = 1 },
            new() { Blocks = Castalia.Attribution.BlockChoice.Named(1), AllPositions = false, AllParts = false }, null, TestContext.Current.CancellationToken).Means[0].Neurons;
        Assert.Equal(Enumerable.Range(0, means.Count).OrderByDescending(j => Math.Abs(means[j])).Take(3), made[7..].Select(one => one.Units[0]));
    }

    static UnitChoice Neurons(UnitRanking? ranking, UnitDraw? random, bool together) => new([UnitKind.Neuron], ranking, random, together, Renormalise: false);

    /// <summary>What float32 leaves of a pass's entropy: logits of 20 are known to 2e-6. The pass is asked for by a second change that changes nothing.</summary>
    [Theory]
    [InlineData("llama/gqa", true)]
    [InlineData("gpt2/gpt2", true)]
    [InlineData("gptj/gptj", true)]
    [InlineData("gpt_neox/pythia", true)]
    [InlineData("cohere/command-r", true)]
    [InlineData("granite/granite", true)]
    [InlineData("phi/phi", true)]
    [InlineData("gemma2/gemma2", false)]
    [InlineData("olmo2/olmo2", false)]
    public void The_rank_one_form_is_a_pass_within_float32_and_says_so(string @case, bool applies)
    {
        using var checkpoint = Open(@case);
        var a = ArchitectureReader.Read(checkpoint);
        Intervention[] changed = [.. Enumerable.Range(0, 12).SelectMany(i => new Deed[] { new Deed.Zero(), new Deed.Scale(-1) }.Select(deed => Intervened.Of(
            Intervened.Change(ResidualSite.MlpPost, a.NLayers - 1, deed, new Unit.Some(UnitKind.Neuron, [i * (a.DFf - 1) / 11])))))];
        Intervention[] passes = [.. changed.Select(one => one with { Changes = [.. one.Changes, Intervened.Change(ResidualSite.MlpOut, a.NLayers - 1, new Deed.Scale(1))] })];
        var measured = Intervened.Take(checkpoint, s_prompts, [.. changed, .. passes]);
        foreach (var readings in measured.Prompts)
        {
            for (int k = 0; k < changed.Length; k++)
            {
                var (form, pass) = (readings[k], readings[k + changed.Length]);
                Assert.Equal((applies ? EffectForm.RankOne : EffectForm.Pass, EffectForm.Pass), (form.Form, pass.Form));
                Assert.Equal(pass.Gains.SkipLast(1), form.Gains.SkipLast(1));
                Assert.Equal(pass.Gains[^1], form.Gains[^1], 1e-6);
                Assert.Equal(pass.EntropyNats, form.EntropyNats, 1e-5);
                Assert.Equal(pass.KlNats, form.KlNats, 1e-5);
                Assert.Equal(pass.TopToken, form.TopToken);
                Assert.Equal(pass.TopProbability, form.TopProbability, 2e-6);
            }
        }
        var few = Intervened.Take(checkpoint, s_prompts[1..2], changed[5..7], threads: 1);
        for (int i = 0; i < 2; i++) Assert.Equal(Figures(measured.Prompts[1][5 + i]), Figures(few.Prompts[0][i]));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "site", "have no resid_mid" }, { "head", "There is no head 99" }, { "block", "There is no block 44" }, { "position", "has no position 77" }, { "patch", "their positions do not correspond" },
        { "nobody", "There is no prompt 'z'" }, { "set", "The set s contains prompt a" }, { "held", "'held: mlp' keeps the sublayer" }, { "vector", "The vector v has 2 values" }, { "bias", "no output bias" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_fit_is_refused_with_its_place(string what, string cause)
    {
        using var checkpoint = Open(what is "bias" ? "llama/gqa" : "gpt_neox/pythia");
        var change = what switch
        {
            "site" => Intervened.Change(ResidualSite.Mid, 0, new Deed.Zero()),
            "head" => Intervened.Change(ResidualSite.Z, 0, new Deed.Zero(), new Unit.Some(UnitKind.Head, [99])),
            "block" => Intervened.Change(ResidualSite.Pre, 44, new Deed.Zero()),
            "position" => Intervened.Change(ResidualSite.Pre, 0, new Deed.Zero(), positions: PositionChoice.Named(77)),
            "patch" => Intervened.Change(ResidualSite.Pre, 0, new Deed.Patch("c")),
            "nobody" => Intervened.Change(ResidualSite.Pre, 0, new Deed.Patch("z")),
            "set" => Intervened.Change(ResidualSite.Pre, 0, new Deed.Mean(new("s", false))),
            "held" => Intervened.Change(ResidualSite.MlpOut, 0, new Deed.Zero(), held: Held.Mlp),
            "vector" => Intervened.Change(ResidualSite.Pre, 0, new Deed.Add(new("v", [1, 2]), 1)),
            _ => Intervened.Change(ResidualSite.AttnOut, 0, new Deed.Zero(), new Unit.Bias()),
        };
        var refusal = Assert.Throws<InputException>(() => Intervened.Take(
            checkpoint, s_prompts, [Intervened.Of(change)], sets: new Dictionary<string, IReadOnlyList<TokenizedPrompt>> { ["s"] = s_prompts[..1] }));
        Assert.Contains(cause, refusal.Cause, StringComparison.Ordinal);
        Assert.Equal("do.yaml, line 1", refusal.Place);
    }

    [Fact]
    public void Too_little_memory_for_one_variant_is_said()
    {
        using var checkpoint = Open("gpt_neox/pythia");
        var refusal = Assert.Throws<InputException>(() => Intervened.Take(checkpoint, s_prompts, [Intervened.Of(Intervened.Change(ResidualSite.Pre, 1, new Deed.Zero()))], mostBytes: 1000));
        Assert.Contains("One intervention on prompt a takes ", refusal.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Activations_that_leave_float32_name_the_intervention()
    {
        using var checkpoint = Open("gpt_neox/pythia");
        var refusal = Assert.Throws<InputException>(() => Intervened.Take(checkpoint, s_prompts, [Intervened.Of(Intervened.Change(ResidualSite.Post, 1, new Deed.Scale(1e39)))]));
        Assert.Contains("Under 'it' the activations of prompt a leave the range of float32", refusal.Cause, StringComparison.Ordinal);
    }
}
