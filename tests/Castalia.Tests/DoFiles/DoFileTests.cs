using Castalia.Attribution;
using Castalia.DoFiles;
using Castalia.Errors;
using Castalia.Interventions;
using Castalia.Residual;
using Castalia.YamlFiles;
using Xunit;

namespace Castalia.Tests.DoFiles;

/// <summary>Interventions as they are written down.</summary>
public sealed class DoFileTests
{
    static IReadOnlyList<InterventionEntry> Read(string yaml) => DoFile.Of(new SourceText("do.yaml", yaml, DoFile.Format), "do.yaml", null).Entries;

    [Fact]
    public void An_entry_says_what_is_done_where()
    {
        var entries = Read("""
            - { do: zero, site: attn_out, blocks: last, positions: all }
            - { do: scale, site: resid_pre, blocks: [0, 2], positions: last, factor: 0.5, held: mlp }
            - { do: zero, site: z, blocks: all, positions: [0, 3], head: 1, name: a head }
            - { do: mean, site: mlp_out, blocks: last, neuron: [7, 2], over: prompt }
            - { do: mean, site: mlp_out, blocks: last, over: running-24, first: included }
            - { do: remove, site: mlp_out, blocks: 1, direction: resid_pre }
            - { do: round, type: bfloat16 }
            - { do: patch, site: mlp_out, blocks: last, from: p1 }
            - { do: scale, factor: -1, site: mlp_out, bias: true, blocks: last, also: [ { do: zero, site: attn_out, blocks: 0 } ] }
            - { do: patch, site: mlp_out, blocks: last, from: opposite, settled: 1.5, open: 4 }
            - { do: patch, site: mlp_out, blocks: last, from: alike, settled: 1, open: 1, held: final_norm }
            """);
        var changes = entries.Select(entry => entry.Pattern.Changes[0]).ToArray();
        Assert.All(entries, entry => Assert.Null(entry.Units));
        Assert.Equal((ResidualSite.AttnOut, "last", "all", new Unit.Whole(), (Deed)new Deed.Zero()), (changes[0].Site!.Value, $"{changes[0].Blocks}", $"{changes[0].Positions}", (Unit.Whole)changes[0].Unit, changes[0].Deed));
        Assert.Equal(("0,2", "last", Held.Mlp, (Deed)new Deed.Scale(0.5)), ($"{changes[1].Blocks}", $"{changes[1].Positions}", changes[1].Held, changes[1].Deed));
        Assert.Equal(("a head", "0,3", UnitKind.Head), (entries[2].Pattern.Name, $"{changes[2].Positions}", Assert.IsType<Unit.Some>(changes[2].Unit).Kind));
        Assert.Equal((ResidualSite.MlpPost, (Deed)new Deed.Mean(new(null, true))), (changes[3].Site!.Value, changes[3].Deed));
        Assert.Equal([2, 7], Assert.IsType<Unit.Some>(changes[3].Unit).Indices);
        Assert.Equal(new Deed.Mean(new("running-24", true)), changes[4].Deed);
        Assert.Equal(new Unit.Along(new Direction.Clean(ResidualSite.Pre)), changes[5].Unit);
        Assert.Equal((null, "all", (Deed)new Deed.Round(HalfType.BFloat16)), (changes[6].Site, $"{changes[6].Blocks}", changes[6].Deed));
        Assert.Equal(new Deed.Patch("p1"), changes[7].Deed);
        Assert.Equal(2, entries[8].Pattern.Changes.Count);
        Assert.Equal("scale mlp_out bias by -1, last block and zero attn_out, block 0", entries[8].Pattern.Name);
        Assert.Equal("do.yaml, line 6, column 3", changes[5].Place);
        Assert.Equal((new Deed.PatchMatched(new(1.5, 4, Alike: false)), Held.None), (changes[9].Deed, changes[9].Held));
        Assert.Equal((new Deed.PatchMatched(new(1, 1, Alike: true)), Held.FinalNorm), (changes[10].Deed, changes[10].Held));
        Assert.Equal("patch mlp_out from its opposite (settled below 1.5 nats, open above 4), last block", entries[9].Pattern.Name);
        Assert.EndsWith(", last block, final_norm held", entries[10].Pattern.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_may_have_the_name_that_TransformerLens_gives_it_and_then_says_its_block()
    {
        var entries = Read("""
            - { do: zero, site: blocks.2.hook_mlp_out }
            - { do: scale, site: blocks.0.hook_resid_pre, factor: 0.5 }
            - { do: zero, site: blocks.1.attn.hook_z, head: 3 }
            - { do: zero, site: blocks.1.mlp.hook_post, top: 5 }
            """);
        Assert.Equal(
            [(ResidualSite.MlpOut, "2"), (ResidualSite.Pre, "0"), (ResidualSite.Z, "1"), (ResidualSite.MlpPost, "1")],
            entries.Select(entry => entry.Pattern.Changes[0]).Select(change => (change.Site!.Value, $"{change.Blocks}")));
        Assert.Equal([UnitKind.Neuron], entries[3].Units!.Kinds);
        Assert.StartsWith("'blocks' means nothing with a site", Assert.Throws<InputException>(() => Read("- { do: zero, site: blocks.2.hook_mlp_out, blocks: last }")).Message, StringComparison.Ordinal);
        Assert.Contains("blocks.2.hook_mlp_in", Assert.Throws<InputException>(() => Read("- { do: zero, site: blocks.2.hook_mlp_in }")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_says_which_units()
    {
        var entries = Read("""
            - { do: zero, each: head, blocks: last }
            - { do: zero, each: neuron, top: 5, blocks: last }
            - { do: zero, site: mlp_post, random: { count: 4, seed: 9 }, blocks: last }
            - { do: zero, each: neuron, random: { count: 4, seed: 9 }, together: true, blocks: last }
            - { do: zero, each: unit, share: 0.05, sign: negative, together: true, blocks: last }
            - { do: zero, each: unit, share: 0.05, sign: negative, near: length, together: true, blocks: last }
            - { do: zero, each: unit, random: { share: 0.05, seed: 9, sets: 20 }, together: true, blocks: last }
            - { do: zero, site: mlp_out, outliers: 10, over: running-24, together: true, blocks: last }
            - { do: zero, site: mlp_out, each: dimension, random: { count: 10, seed: 1, sets: 3 }, together: true, blocks: last }
            - { do: zero, each: head, random: { share: 0.5, seed: 1 }, together: true, renormalise: true, blocks: last }
            """);
        (string Kinds, UnitRanking? Ranking, UnitDraw? Random, bool IsTogether)[] expected =
        [
            ("Head", null, null, false),
            ("Neuron", new(new(5, null), UnitOrder.Size, null, false), null, false),
            ("Neuron", null, new(new(4, null), 9, 1), false),
            ("Neuron", null, new(new(4, null), 9, 1), true),
            ("Head Neuron", new(new(null, 0.05), UnitOrder.Negative, null, false), null, true),
            ("Head Neuron", new(new(null, 0.05), UnitOrder.Negative, null, true), null, true),
            ("Head Neuron", null, new(new(null, 0.05), 9, 20), true),
            ("Dimension", new(new(10, null), UnitOrder.Outlying, "running-24", false), null, true),
            ("Dimension", null, new(new(10, null), 1, 3), true),
            ("Head", null, new(new(null, 0.5), 1, 1), true),
        ];
        Assert.Equal(expected, entries.Select(entry => (string.Join(' ', entry.Units!.Kinds), entry.Units.Ranking, entry.Units.Random, entry.Units.Together)));
        Assert.Equal([false, true], entries.TakeLast(2).Select(entry => entry.Units!.Renormalise));
        Assert.Equal(["zero", "zero mlp_out"], new[] { entries[4], entries[7] }.Select(entry => entry.Pattern.Name));
        Assert.Equal([1, 4, 5], entries.Index().Where(entry => entry.Item.Attributed == BlockChoice.Last).Select(entry => entry.Index));
    }

    [Theory]
    [InlineData("- { do: zero, site: attn_out, blocks: last, colour: red }", "'colour' is no key of an intervention.", "line 1, column 45")]
    [InlineData("- { do: nothing, site: attn_out, blocks: last }", "'do' is 'nothing'.", "line 1, column 9")]
    [InlineData("- { do: zero, site: resid, blocks: last }", "'site' is 'resid'.", "line 1, column 21")]
    [InlineData("- { do: zero, site: attn_out }", "An intervention has no 'blocks'.", "line 1, column 3")]
    [InlineData("- { do: zero, blocks: last }", "An intervention has no 'site'.", "line 1, column 3")]
    [InlineData("- { do: zero, site: z, blocks: first }", "'blocks' is 'first'; last, all, or whole numbers from 0 were expected.", "line 1, column 32")]
    [InlineData("- { do: zero, site: z, blocks: [-1] }", "'blocks' is '-1'; last, all, or whole numbers from 0 were expected.", "line 1, column 33")]
    [InlineData("- { do: scale, site: z, blocks: last }", "An intervention has no 'factor'.", "line 1, column 3")]
    [InlineData("- { do: zero, site: z, blocks: last, factor: 2 }", "'factor' means nothing with 'do: zero'.", "line 1, column 38")]
    [InlineData("- { do: zero, site: z, blocks: last, head: 1, neuron: 2 }", "'neuron' means nothing with 'head'.", "line 1, column 47")]
    [InlineData("- { do: zero, site: resid_pre, blocks: last, head: 1 }", "A head is no part of resid_pre.", "line 1, column 15")]
    [InlineData("- { do: remove, site: mlp_out, blocks: last }", "'do: remove' needs 'direction' or 'vector'.", "line 1, column 3")]
    [InlineData("- { do: zero, site: mlp_out, blocks: last, top: 3, random: { count: 1, seed: 1 } }", "'random' means nothing with 'top'.", "line 1, column 52")]
    [InlineData("- { do: zero, site: resid_pre, blocks: last, top: 3 }", "'top' needs 'each: head', 'each: neuron' or 'each: unit'.", "line 1, column 46")]
    [InlineData("- { do: mean, site: z, blocks: last, over: prompt, first: included }", "'first' means nothing with 'over: prompt', which includes it.", "line 1, column 52")]
    [InlineData("- { do: add, site: z, blocks: last, vector: nowhere }", "'nowhere' names no tensor.", "line 1, column 45")]
    [InlineData("- { do: zero, each: head, blocks: last, also: [ { do: zero, site: z, blocks: last } ] }", "'also' means nothing with 'each', 'top', 'share', 'outliers' or 'random'.", "line 1, column 41")]
    [InlineData("- { do: zero, site: mlp_out, blocks: last, direction: mean }", "An intervention has no 'over'.", "line 1, column 3")]
    [InlineData("- { do: scale, factor: 0, site: resid_pre, blocks: last, direction: principal 9, over: running-24 }", "There is no number of principal components 9.", "line 1, column 69")]
    [InlineData("- { do: scale, factor: 0, site: resid_pre, blocks: last, direction: band 20 }", "There is no band of the unembedding 20.", "line 1, column 69")]
    [InlineData("- { do: remove, site: resid_pre, blocks: last, direction: north }", "There is no direction 'north'.", "line 1, column 59")]
    [InlineData("- { do: remove, site: resid_pre, blocks: last, direction: dark, over: running-24 }", "'over' means nothing with 'do: remove'.", "line 1, column 65")]
    [InlineData("- { do: mask, site: attn_out, blocks: last, sources: 0 }", "A pattern of attention is no part of attn_out.", "line 1, column 15")]
    [InlineData("- { do: mask, site: z, blocks: last }", "An intervention has no 'sources'.", "line 1, column 3")]
    [InlineData("- { do: mask, site: z, blocks: last, sources: last }", "'sources' is 'last'; last, all, or whole numbers from 0 were expected.", "line 1, column 38")]
    [InlineData("- { do: zero, each: unit, blocks: last }", "'each: unit' needs 'together: true'.", "line 1, column 15")]
    [InlineData("- { do: zero, each: head, near: length, blocks: last }", "'near' needs 'top' or 'share'.", "line 1, column 27")]
    [InlineData("- { do: zero, each: head, share: 5, blocks: last }", "'share' is '5'", "line 1, column 27")]
    [InlineData("- { do: zero, each: head, top: 1, share: 0.5, blocks: last }", "'share' means nothing with 'top'.", "line 1, column 35")]
    [InlineData("- { do: zero, each: head, random: { count: 1, seed: 1, sets: 3 }, blocks: last }", "'sets' needs 'together: true'.", "line 1, column 56")]
    [InlineData("- { do: zero, each: neuron, together: true, renormalise: true, blocks: last }", "'renormalise' needs 'each: head' and 'together: true'.", "line 1, column 45")]
    [InlineData("- { do: zero, site: z, blocks: last, dimension: 3 }", "A dimension is no part of z.", "line 1, column 15")]
    [InlineData("- { do: zero, site: mlp_out, blocks: last, sign: negative }", "'sign' needs 'each', 'top', 'share', 'outliers' or 'random'.", "line 1, column 44")]
    [InlineData("- { do: patch, site: mlp_out, blocks: last, from: p1, settled: 1, open: 2 }", "'from' is 'p1'.", "line 1, column 51")]
    [InlineData("- { do: patch, site: mlp_out, blocks: last, from: opposite, settled: 1 }", "An intervention has no 'open'.", "line 1, column 3")]
    [InlineData("- { do: patch, site: mlp_out, blocks: last, from: opposite, settled: 3, open: 2 }", "'settled' is '3'", "line 1, column 61")]
    [InlineData("- { do: zero, site: mlp_out, blocks: last, settled: 3 }", "'settled' means nothing with 'do: zero'.", "line 1, column 44")]
    [InlineData("do: zero", "The file is a mapping; a list of mappings was expected.", "line 1, column 1")]
    public void Anything_else_is_refused_with_its_place(string yaml, string cause, string place)
    {
        var refusal = Assert.Throws<InputException>(() => Read(yaml));
        Assert.StartsWith(cause, refusal.Cause, StringComparison.Ordinal);
        Assert.Equal($"do.yaml, {place}", refusal.Place);
    }

    [Fact]
    public void Every_file_that_ships_is_read_by_its_name()
    {
        Assert.True(DoFile.Names.Count >= 8);
        foreach (string name in DoFile.Names)
        {
            var file = DoFile.Read(name);
            Assert.Equal((name, 64), (file.Name, file.Sha256.Length));
            Assert.NotEmpty(file.Entries);
        }
        Assert.Contains("Did you mean 'last-mlp-zero'?", Assert.Throws<InputException>(() => DoFile.Read("last-mlp-zeros")).Remedy, StringComparison.Ordinal);
    }
}
