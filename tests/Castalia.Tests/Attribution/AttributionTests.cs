using System.Runtime.InteropServices;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Attribution;

public sealed class AttributionTests
{
    static readonly TokenizedPrompt[] s_prompts = [Attributed.Prompt(3, 17, 44, 8), Attributed.Prompt(9), Attributed.Prompt([.. Enumerable.Range(0, 20).Select(i => 7 * i % 50)])];

    static readonly string[] s_into = ["mlp.gate_proj", "mlp.up_proj"], s_shared = ["self_attn.k_proj", "self_attn.v_proj"];

    static readonly string[] s_unchanged = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "input_layernorm", "post_attention_layernorm"];

    static readonly Gen<int> s_seed = Gen.Int[0, 1 << 20];

    [Fact]
    public void Heads_and_neurons_in_another_order_have_their_parts_in_that_order() => s_seed.Sample(seed =>
    {
        var random = new Random(seed);
        var model = new SmallLlama(seed);
        var before = Attributed.Of(model.Checkpoint, s_prompts);
        int[] neurons = [.. Enumerable.Range(0, SmallLlama.DFf)], groups = [0, 1];
        random.Shuffle(neurons);
        random.Shuffle(groups);
        // A key/value head takes its two query heads with it.
        int[] heads = [.. groups.SelectMany(group => new[] { 2 * group, 2 * group + 1 })];
        for (int layer = 0; layer < SmallLlama.NLayers; layer++)
        {
            foreach (string name in s_into) model.PermuteRows(layer, name, neurons);
            model.PermuteColumns(layer, "mlp.down_proj", neurons);
            model.PermuteRows(layer, "self_attn.q_proj", heads);
            foreach (string name in s_shared) model.PermuteRows(layer, name, groups);
            model.PermuteColumns(layer, "self_attn.o_proj", heads);
        }
        foreach (var (one, other) in Pairs(before, Attributed.Of(model.Checkpoint, s_prompts)))
        {
            AssertNear([.. heads.Select(head => one.Heads[head])], other.Heads);
            AssertNear([.. neurons.Select(neuron => one.Neurons.All![neuron])], other.Neurons.All!);
            AssertNear(one.Dimensions.All!, other.Dimensions.All!);
        }
    }, iter: 20);

    [Fact]
    public void Two_halves_of_a_neuron_have_half_its_part_each() => s_seed.Sample(seed =>
    {
        const int Split = 5;
        SmallLlama model = new(seed), halved = new(seed, SmallLlama.DFf + 1);
        var other = new SmallLlama(seed);
        for (int layer = 0; layer < SmallLlama.NLayers; layer++)
        {
            foreach (string name in s_into) halved.Set(layer, name, [.. other.Of(layer, name), .. other.Of(layer, name).AsSpan(Split * 16, 16)]);
            float[] down = other.Of(layer, "mlp.down_proj"), wider = halved.Of(layer, "mlp.down_proj");
            for (int d = 0; d < SmallLlama.DModel; d++)
            {
                var row = wider.AsSpan(d * (SmallLlama.DFf + 1), SmallLlama.DFf + 1);
                down.AsSpan(d * SmallLlama.DFf, SmallLlama.DFf).CopyTo(row);
                row[Split] /= 2;
                row[^1] = row[Split];
            }
            foreach (string name in s_unchanged)
                halved.Set(layer, name, other.Of(layer, name));
        }
        halved.SetOutside(other);
        foreach (var (one, two) in Pairs(Attributed.Of(model.Checkpoint, s_prompts), Attributed.Of(halved.Checkpoint, s_prompts)))
        {
            double[] halves = [.. one.Neurons.All!, one.Neurons.All![Split] / 2];
            halves[Split] /= 2;
            AssertNear(halves, two.Neurons.All!);
            AssertNear(one.Heads, two.Heads);
        }
    }, iter: 20);

    [Fact]
    public void Units_add_up_to_their_sublayer_and_the_sublayers_to_the_gain() => s_seed.Sample(seed =>
    {
        foreach (var block in Attributed.Of(new SmallLlama(seed).Checkpoint, s_prompts).SelectMany(prompt => prompt.Blocks))
        {
            double size = block.Heads.Sum(Math.Abs) + block.Neurons.All!.Sum(Math.Abs);
            Assert.InRange(block.Heads.Sum() + block.AttnBias - block.Attn, -1e-12 * size, 1e-12 * size);
            Assert.InRange(block.Neurons.All!.Sum() + block.MlpBias - block.Mlp, -1e-12 * size, 1e-12 * size);
            Assert.InRange(block.Attn + block.Mlp + block.Rounding - block.GainSquaredMinusOne, -1e-12 * size, 1e-12 * size);
            Assert.InRange(block.Dimensions.Sum - block.GainSquaredMinusOne, -1e-12 * size, 1e-12 * size);
            Assert.InRange(block.RoundingLength, 0, 5e-7); // some roundings of 6e-8, of terms that partly cancel
        }
    }, iter: 20);

    [Fact]
    public void A_neuron_that_erases_the_stream_is_found_and_has_nearly_all_of_it()
    {
        const int Layer = 2, Neuron = 13;
        var model = new SmallLlama(1);
        // The stream that enters the last block's MLP, without this MLP.
        float[] down = model.Of(Layer, "mlp.down_proj");
        Array.Clear(down);
        float[] o = model.Of(Layer, "self_attn.o_proj");
        Array.Clear(o);
        var prompt = s_prompts[0];
        double[] pre = At(model.Checkpoint, prompt, Layer, ResidualSite.Pre), post = At(model.Checkpoint, prompt, Layer, ResidualSite.MlpPost);
        for (int d = 0; d < SmallLlama.DModel; d++) down[d * SmallLlama.DFf + Neuron] = (float)(-0.75 * pre[d] / post[Neuron]);
        var block = Assert.Single(Attributed.Of(model.Checkpoint, [prompt])).Blocks[Layer];
        Assert.Equal(Neuron, block.Neurons.Leading[0].Index);
        Assert.Equal(1.0 / 16 - 1, block.Neurons.Leading[0].Value, 6);
        Assert.Equal(1.0 / 16 - 1, block.GainSquaredMinusOne, 6);
        Assert.Equal(1, block.Neurons.HalfOfNegative);
        Assert.Equal(0.25, block.Gain, 6);
        Assert.Equal(-1, block.CosTheta, 6);
        Assert.Equal(0.75, block.StepRatio, 6);
        Assert.Equal(0.375, block.SetPoint, 6);
        Assert.InRange(block.CosTheta, -1.000001, block.CosThetaBound);
    }

    [Fact]
    public void Two_heads_that_cancel_show_both_parts_and_their_sum()
    {
        const int Layer = 1;
        var model = new SmallLlama(2);
        // Heads 0 and 1 share key and value; with the same query they bring the same, and what they write is opposite.
        float[] q = model.Of(Layer, "self_attn.q_proj"), o = model.Of(Layer, "self_attn.o_proj");
        q.AsSpan(0, 64).CopyTo(q.AsSpan(64, 64));
        for (int d = 0; d < SmallLlama.DModel; d++)
            for (int i = 0; i < SmallLlama.HeadDim; i++) o[d * 16 + 4 + i] = -(o[d * 16 + i] *= 20);
        foreach (var block in Attributed.Of(model.Checkpoint, s_prompts).Select(prompt => prompt.Blocks[Layer]))
        {
            Assert.True(Math.Abs(block.Heads[0]) > 1e-3);
            Assert.Equal(block.Heads[0], -block.Heads[1], 1e-12 * Math.Abs(block.Heads[0]));
            Assert.Equal(block.Heads[2] + block.Heads[3], block.Attn, 1e-12 * block.Heads.Sum(Math.Abs));
        }
    }

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Threads_order_and_company_change_no_bit(string @case)
    {
        var golden = Golden.Load(@case);
        var one = Attributed.Of(golden, threads: 1);
        foreach (int threads in new[] { 2, 3 }) Assert.Equal(one.Select(Bits), Attributed.Of(golden, threads: threads).Select(Bits));
        int[] reverse = [.. Enumerable.Range(0, golden.Prompts.Count).Reverse()];
        Assert.Equal(reverse.Select(p => Bits(one[p])), Attributed.Of(golden, [.. reverse.Select(p => golden.Prompts[p])]).Select(Bits));
        for (int p = 0; p < golden.Prompts.Count; p++) Assert.Equal(Bits(one[p]), Bits(Assert.Single(Attributed.Of(golden, [golden.Prompts[p]]))));
    }

    [Fact]
    public void Every_position_has_the_last_as_its_last_and_more_than_a_batch_of_them_changes_no_bit()
    {
        var golden = Golden.Load("llama/gqa");
        var last = Attributed.Of(golden);
        var crowd = Attributed.Of(golden, [.. Enumerable.Range(0, 30).SelectMany(_ => golden.Prompts)]);
        for (int i = 0; i < crowd.Count; i++) Assert.Equal(Bits(last[i % last.Count]), Bits(crowd[i]));
        var all = Attributed.Of(golden, options: Attributed.Everything with { AllPositions = true });
        for (int p = 0; p < last.Count; p++)
        {
            int tokens = golden.Prompts[p].Ids.Count, blocks = last[p].Blocks.Count;
            Assert.Equal(from block in Enumerable.Range(0, blocks) from t in Enumerable.Range(0, tokens) select (block, t), all[p].Blocks.Select(block => (block.Block, block.Position)));
            Assert.Equal(Bits(last[p]), Bits(new([.. all[p].Blocks.Where(block => block.Position == tokens - 1)])));
        }
    }

    [Fact]
    public void What_is_left_out_changes_nothing_of_what_is_kept()
    {
        var golden = Golden.Load("gpt_neox/pythia");
        var whole = Attributed.Of(golden);
        var some = Attributed.Of(golden, options: new() { Blocks = BlockChoice.Named(2), AllPositions = false, AllParts = false });
        foreach (var (all, one) in whole.Zip(some))
        {
            var (expected, found) = (all.Blocks[2], Assert.Single(one.Blocks));
            Assert.Equal(2, found.Block);
            Assert.Null(found.Neurons.All);
            Assert.Equal(AttributionOptions.MostListed, found.Neurons.Leading.Count);
            Assert.Equal(expected.Neurons.All!.Select((value, i) => new Part(i, value)).OrderByDescending(part => Math.Abs(part.Value)).ThenBy(part => part.Index).Take(50), found.Neurons.Leading);
            Assert.Equal(expected.Neurons.Sum, found.Neurons.Sum);
            Assert.Equal(expected.Heads, found.Heads);
        }
    }

    [Fact]
    public void A_block_that_is_not_there_is_refused()
    {
        var refused = Assert.Throws<InputException>(() => Attributed.Of(new SmallLlama(0).Checkpoint, s_prompts, Attributed.Everything with { Blocks = BlockChoice.Named(1, 3) }));
        Assert.Equal("There is no block 3: the model has 3, counted from 0.", refused.Cause);
        Assert.Equal("Name blocks from 0 to 2, or last, or all.", refused.Remedy);
    }

    [Fact]
    public void A_stream_of_length_0_has_no_attribution()
    {
        var model = new SmallLlama(0);
        model.ClearEmbedding();
        var refused = Assert.Throws<InputException>(() => Attributed.Of(model.Checkpoint, [s_prompts[1]]));
        Assert.Equal("What enters block 0 (from 0) has length 0: no gain is defined there, and nothing to attribute.", refused.Cause);
    }

    [Fact]
    public void Half_of_what_is_negative_is_counted_from_the_most_negative_on()
    {
        var parts = Parts.Of([-1, 4, -3, -2, 0, -3], largest: 3, isWhole: false);
        Assert.Equal((-9, 4, 4, 2, 6), (parts.Negative, parts.Positive, parts.NegativeUnits, parts.HalfOfNegative, parts.Count));
        Assert.Equal([new(1, 4), new(2, -3), new(5, -3)], parts.Leading);
        Assert.Equal(0, Parts.Of([1, 0], 3, isWhole: true).HalfOfNegative);
        Assert.Equal(3, Parts.Of([-1, -1, 9, -1, -1, -1], 1, isWhole: false).HalfOfNegative); // beyond the largest
    }

    /// <summary>Small whole numbers, of which every sum is exact, with many that are equal; as many as need no parting and more.</summary>
    [Fact]
    public void Half_is_the_fewest_in_descending_size_that_make_it_up() => Gen.Int[1, 200].SelectMany(n => Gen.Int[1, n].Array[n]).Sample(sizes =>
    {
        double[] values = [.. sizes.Select(size => -(double)size)];
        double sum = values.Sum(), taken = 0;
        int expected = 0;
        foreach (double value in values.Order())
        {
            taken += value;
            expected++;
            if (taken <= sum / 2) break;
        }
        Assert.Equal(expected, HalfCount.Of(values, sum));
        Assert.Equal(sum, values.Sum());
    });

    static IEnumerable<(BlockAttribution One, BlockAttribution Other)> Pairs(IReadOnlyList<PromptAttribution> one, IReadOnlyList<PromptAttribution> other) =>
        one.SelectMany(prompt => prompt.Blocks).Zip(other.SelectMany(prompt => prompt.Blocks));

    /// <summary>Permuted sums are rounded otherwise, and so are the activations after them.</summary>
    static void AssertNear(IReadOnlyList<double> expected, IReadOnlyList<double> found)
    {
        Assert.Equal(expected.Count, found.Count);
        double most = 2e-5 * expected.Max(Math.Abs);
        for (int i = 0; i < expected.Count; i++) Assert.InRange(found[i] - expected[i], -most, most);
    }

    static string Bits(PromptAttribution prompt) => string.Join('\n', prompt.Blocks.Select(b => string.Join(' ',
        b.Block, b.Position, Hex([b.GainSquaredMinusOne, b.Attn, b.Mlp, b.AttnBias, b.MlpBias, b.Rounding, b.RoundingLength, b.CosTheta, b.StepRatio]),
        Hex(b.Heads), Hex(b.Neurons.All!), Hex(b.Dimensions.All!), string.Join(' ', b.Sources!.Select(Hex)))));

    static string Hex(IEnumerable<double> values) => Convert.ToHexString(MemoryMarshal.AsBytes(values.ToArray().AsSpan()));

    /// <summary>A site of a block at the last position.</summary>
    static double[] At(Checkpoint checkpoint, TokenizedPrompt prompt, int layer, ResidualSite site)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trace.safetensors");
        var options = new TraceOptions { Threads = 1, Sites = new HashSet<ResidualSite> { site }, FinalNorm = false, Logits = false, AllPositions = false };
        Trace.Write(checkpoint, [prompt], options, file, null, TestContext.Current.CancellationToken);
        return GoldenArrays.Load(file)[$"p0.blocks.{layer}.{site.Name()}"].Values;
    }
}
