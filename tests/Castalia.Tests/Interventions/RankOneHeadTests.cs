using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>Heads of a parallel last block without a second pass of it.</summary>
public sealed class RankOneHeadTests
{
    static readonly TokenizedPrompt[] s_prompts = [Prompt("a", 5, 6, 7, 8, 9), Prompt("b", 9, 3, 4, 12, 30), Prompt("c", 1, 2, 3)];

    static readonly Dictionary<string, IReadOnlyList<TokenizedPrompt>> s_sets = new() { ["others"] = [Prompt("x", 9, 3, 40, 12, 30), Prompt("y", 2, 40, 7, 21)] };

    static TokenizedPrompt Prompt(string name, params int[] ids) => new(new Prompt { Name = name, Ids = ids, Place = "here" }, ids, 0, 0);

    static double[] Figures(InterventionReading reading) => [.. reading.Gains, reading.EntropyNats, reading.KlNats, reading.TopProbability];

    static IEnumerable<Deed> Deeds(Architecture a) =>
    [
        new Deed.Zero(), new Deed.Scale(-1), new Deed.Mean(new(null, IncludesFirst: true)), new Deed.Mean(new("others", IncludesFirst: false)),
        new Deed.Add(new NamedVector("v", [.. Enumerable.Range(0, a.HeadDim).Select(i => (float)Math.Sin(i))]), 0.5),
    ];

    /// <summary>The pass is asked for by a second change that changes nothing.</summary>
    [Theory]
    [InlineData("gpt_neox/pythia", true)]
    [InlineData("gptj/gptj", true)]
    [InlineData("phi/phi", true)]
    [InlineData("cohere/command-r", true)]
    [InlineData("falcon/new-decoder", true)]
    [InlineData("llama/gqa", false)]
    [InlineData("gpt2/gpt2", false)]
    public void A_head_of_a_parallel_last_block_is_a_pass_within_float32_and_says_so(string @case, bool applies)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        int last = a.NLayers - 1;
        Intervention[] changed = [.. Enumerable.Range(0, a.NHeads).SelectMany(head => Deeds(a).SelectMany(deed => new[] { PositionChoice.All, PositionChoice.Last }.Select(positions =>
            Intervened.Of(Intervened.Change(ResidualSite.Z, last, deed, new Unit.Some(UnitKind.Head, [head]), positions)))))];
        Intervention[] passes = [.. changed.Select(one => one with { Changes = [.. one.Changes, Intervened.Change(ResidualSite.MlpOut, last, new Deed.Scale(1))] })];
        var measured = Intervened.Take(checkpoint, s_prompts, [.. changed, .. passes], sets: s_sets);
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
            }
        }
        var few = Intervened.Take(checkpoint, s_prompts[1..2], changed[5..12], threads: 1, sets: s_sets);
        for (int i = 0; i < 7; i++) Assert.Equal(Figures(measured.Prompts[1][5 + i]), Figures(few.Prompts[0][i]));
    }

    [Fact]
    public void Where_positions_are_read_or_another_sublayer_is_held_or_another_block_is_meant_it_is_a_pass()
    {
        using var checkpoint = Checkpoint.Open(Golden.Load("gpt_neox/pythia").Checkpoint);
        int last = ArchitectureReader.Read(checkpoint).NLayers - 1;
        var head = new Unit.Some(UnitKind.Head, [1]);
        var readings = Intervened.Take(checkpoint, s_prompts[..1],
            [
                Intervened.Of(Intervened.Change(ResidualSite.Z, last, new Deed.Zero(), head)), Intervened.Of(Intervened.Change(ResidualSite.Z, last, new Deed.Zero(), head, held: Held.Mlp)),
                Intervened.Of(Intervened.Change(ResidualSite.Z, last - 1, new Deed.Zero(), head)), Intervened.Of(Intervened.Change(ResidualSite.Z, last, new Deed.Zero(), new Unit.Some(UnitKind.Head, [0, 1]))),
                Intervened.Of(Intervened.Change(ResidualSite.Z, last, new Deed.Zero(), head, PositionChoice.Named(0))),
            ]).Prompts[0];
        Assert.Equal([EffectForm.RankOne, EffectForm.Pass, EffectForm.Pass, EffectForm.Pass, EffectForm.Pass], readings.Select(reading => reading.Form));
        Assert.Equal(readings[0].Gains[^1], readings[1].Gains[^1], 1e-6);
        Assert.Equal(0, readings[4].KlNats);
    }
}
