using System.Runtime.InteropServices;
using Castalia.Anatomy.Spectra;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Tests.Anatomy;
using Castalia.Tests.Architectures;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Attribution;

/// <summary>What is derived from reference texts, against the definitions on the reference implementation's stream.</summary>
public sealed class DerivedFiguresTests
{
    /// <summary>Of a figure: float32 activations leave it 1e-6 of it, and sums that cancel a little less.</summary>
    const double Tolerance = 2e-5;

    const int Prompt = 2;

    static readonly int[] s_texts = [0, 1, 3]; // the other prompts of a golden; the first has one token and none that counts

    /// <summary>LayerNorm and RMSNorm, both wirings, norms after the sublayer, experts, no output biases.</summary>
    public static TheoryData<string> Cases => ["gpt_neox/pythia", "gpt2/gpt2", "llama/gqa", "gemma2/gemma2", "olmo2/olmo2", "mixtral/mixtral", "cohere/command-r", "falcon/twelve-heads-alibi"];

    [Theory, MemberData(nameof(Cases))]
    public void Every_figure_is_that_of_the_definition(string @case)
    {
        var golden = Golden.Load(@case);
        int[] texts = [.. s_texts.Where(p => p < golden.Prompts.Count)];
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var reference = Reference(checkpoint, [.. texts.Select(p => golden.Prompts[p])]);
        var found = Take(checkpoint, [golden.Prompts[Prompt]], reference)[0];
        int tokens = golden.Prompts[Prompt].Ids.Count;
        foreach (var (block, of) in found.Blocks.Zip(reference))
        {
            string where = $"{@case}, block {block.Block}";
            double[][] Rows(int p, string site) => [.. Enumerable.Range(0, golden.Prompts[p].Ids.Count).Select(t => golden.Arrays[$"p{p}.blocks.{block.Block}.{site}"].Row(t).ToArray())];
            double[][] before = [.. texts.SelectMany(p => Rows(p, "resid_pre").Skip(1))], after = [.. texts.SelectMany(p => Rows(p, "resid_post").Skip(1))];
            double[] pre = Rows(Prompt, "resid_pre")[tokens - 1], post = Rows(Prompt, "resid_post")[tokens - 1], mean = PlainDerived.Mean(before), meanAfter = PlainDerived.Mean(after);
            Assert.Equal(before.Length, of.Positions);
            Near(PlainDerived.Kurtosis(PlainDerived.Rms(before)), of.KurtosisBefore, where);
            Near(PlainDerived.Kurtosis(PlainDerived.Rms(after)), of.KurtosisAfter, where);
            Near(PlainDerived.Dot(mean, mean) / before.Average(h => PlainDerived.Dot(h, h)), of.MeanShareBefore, where);
            Near(PlainDerived.Dot(meanAfter, meanAfter) / after.Average(h => PlainDerived.Dot(h, h)), of.MeanShareAfter, where);
            var derived = block.Derived;
            Near(PlainDerived.Participation(pre), derived.ParticipationBefore, where);
            Near(PlainDerived.Participation(post), derived.ParticipationAfter, where);
            Near(PlainDerived.Norm(PlainDerived.Minus(post, meanAfter)) / PlainDerived.Norm(PlainDerived.Minus(pre, mean)), derived.Reference!.CentredGain, where);
            Near(PlainDerived.Rejection(mean, pre, post), derived.Reference.CommonModeRejection, where);
            int[] ranking = PlainDerived.Ranking(before);
            foreach (var without in derived.Reference.Without)
                Near(PlainDerived.GainWithout(pre, post, ranking.Take(without.Coordinates)), without.Gain, where);

            double[] direction = [.. mean.Select(m => m / PlainDerived.Norm(mean))];
            var along = derived.Directions.Single(split => split.Name == ReferenceBlock.MeanName);
            AssertSplit(along, [direction], pre, post, where);
            // One-sided Jacobi on the centred rows themselves.
            var (values, right) = Plain.Svd(Matrix([.. before.Select(row => PlainDerived.Minus(row, mean))]));
            var components = derived.Directions.Single(split => split.Name == ReferenceBlock.ComponentsName);
            int count = Math.Min(PrincipalComponents.Most, before.Length - 1);
            Assert.Equal(count, components.Parts.Count);
            AssertSplit(components, right[..count], pre, post, where);
            double variance = values.Sum(value => value * value);
            for (int i = 0; i < count; i++) Near(values[i] * values[i] / variance, of.Components!.Shares[i], where);
        }
    }

    [Fact]
    public void A_block_that_takes_half_of_the_mean_out_has_all_of_it_in_the_mean()
    {
        const int Last = 2, DModel = 16;
        Dictionary<string, float[]> changed = new()
        {
            [$"gpt_neox.layers.{Last}.attention.dense.weight"] = new float[DModel * DModel],
            [$"gpt_neox.layers.{Last}.attention.dense.bias"] = new float[DModel],
            [$"gpt_neox.layers.{Last}.mlp.dense_4h_to_h.weight"] = new float[DModel * 64],
            [$"gpt_neox.layers.{Last}.mlp.dense_4h_to_h.bias"] = new float[DModel],
        };
        TokenizedPrompt[] texts = [Attributed.Prompt([.. Enumerable.Range(0, 12).Select(i => 7 * i % 50)]), Attributed.Prompt([.. Enumerable.Range(0, 9).Select(i => 11 * i % 50)])];
        changed[$"gpt_neox.layers.{Last}.mlp.dense_4h_to_h.bias"] = [.. Reference(NeoX(changed), texts)[Last].MeanBefore.Select(mean => (float)(-0.5 * mean))];
        var model = NeoX(changed);
        var block = Take(model, [Attributed.Prompt(3, 1, 4, 15, 9)], Reference(model, texts))[0].Blocks[Last];
        var split = block.Derived.Directions.Single(one => one.Name == ReferenceBlock.MeanName);
        Assert.Equal(1, split.Parts[0] / block.GainSquaredMinusOne, 6);
        Assert.Equal(0, split.Outside / block.GainSquaredMinusOne, 6);
        Assert.Equal(1, block.Derived.Reference!.CentredGain, 6);
        double along = Math.Sqrt(split.Before[0]), left = Math.Sqrt(split.After[0]) * block.Gain; // of ‖h‖; the rest is as it was
        Assert.Equal(along / left, block.Derived.Reference.CommonModeRejection, 5);
    }

    [Theory]
    [InlineData("gemma2/gemma2")]
    [InlineData("gpt_neox/pythia")]
    public void Threads_order_and_company_change_no_bit(string @case)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        TokenizedPrompt[] texts = [golden.Prompts[3]], prompts = [.. golden.Prompts.Take(3)];
        var bands = Bands(checkpoint, 1);
        var one = Bits(checkpoint, prompts, texts, threads: 1);
        foreach (int threads in new[] { 2, 3 }) Assert.Equal(one, Bits(checkpoint, prompts, texts, threads));
        Assert.Equal(one.AsEnumerable().Reverse(), Bits(checkpoint, [.. prompts.Reverse()], texts, threads: 2));
        for (int p = 0; p < prompts.Length; p++) Assert.Equal([one[p]], Bits(checkpoint, [prompts[p]], texts, threads: 2));
        // Every position has the last as its last.
        var all = Take(checkpoint, prompts, Reference(checkpoint, texts), Attributed.Everything with { AllPositions = true }, bands);
        for (int p = 0; p < prompts.Length; p++) Assert.Equal(one[p], Hex(all[p].Blocks.Where(block => block.Position == prompts[p].Ids.Count - 1)));
    }

    [Fact]
    public void Random_sets_are_those_of_the_seed_and_the_p_counts_them()
    {
        CoordinateSets sets = new(32, 1), again = new(32, 1), other = new(32, 2);
        foreach (int size in CoordinateSets.Sizes)
        {
            Assert.Equal(CoordinateSets.Count, sets.Of(size).Count);
            Assert.All(sets.Of(size), set => Assert.Equal(size, set.Distinct().Count(i => i is >= 0 and < 32)));
            Assert.Equal(sets.Of(size), again.Of(size));
            Assert.NotEqual(sets.Of(size), other.Of(size));
        }
        // Every coordinate is as likely: 100 sets of 10 of 32 hold each 31 times, ± 5.
        int[] drawn = [.. Enumerable.Range(0, 32).Select(i => sets.Of(10).Count(set => set.Contains(i)))];
        Assert.All(drawn, times => Assert.InRange(times, 12, 50));
        Assert.Empty(new CoordinateSets(10, 1).Of(10));

        double[] pre = [.. Enumerable.Range(1, 32).Select(i => i % 7 + 1.0)], post = [.. pre];
        (pre[5], post[5]) = (1e9, 1e-3); // beside it the rest is nothing, and must not be lost
        int[] ranking = [5, .. Enumerable.Range(0, 32).Where(i => i != 5)];
        var found = GainWithout.Of(ranking, sets, pre, post);
        Assert.Equal(1, found[0].Gain, 12);
        double[] gains = [.. sets.Of(1).Select(set => PlainDerived.GainWithout(pre, post, set))];
        Assert.Equal(gains.Average(), found[0].Random, 12);
        Assert.Equal((1.0 + gains.Count(gain => gain > 0.99)) / 101, found[0].P, 12);
        Assert.True(double.IsNaN(GainWithout.Of([.. Enumerable.Range(0, 10)], new(10, 1), pre.AsSpan(0, 10), post.AsSpan(0, 10))[2].Gain));
    }

    [Fact]
    public void Reference_texts_that_hold_a_prompt_or_no_position_are_refused()
    {
        static TokenizedPrompt Text(string name, string text, params int[] ids) => new(new Prompt { Name = name, Text = text, Place = $"f, line {name}" }, ids, 0, 0);
        var reference = new ReferenceTexts("set", [Text("a", "One two.", 1, 2), Text("b", "Three.", 3, 4, 5)]);
        reference.Check([Text("x", "Other.", 1, 2, 3)]);
        var refused = Assert.Throws<InputException>(() => reference.Check([Text("x", "Other.", 1), Text("y", "Else.", 3, 4, 5)]));
        Assert.Equal("The reference texts hold one of the prompts: text b is prompt y, and would be compared with itself.", refused.Cause);
        Assert.Equal("--reference set (f, line b) and f, line y", refused.Place);
        Assert.Equal("Take another set for --reference, or leave the prompt out.", refused.Remedy);
        Assert.Throws<InputException>(() => reference.Check([Text("z", "One two.", 9, 1, 2)])); // one text, another BOS
        refused = Assert.Throws<InputException>(() => new ReferenceTexts("set", [Text("a", "A", 1)]).Check([]));
        Assert.Equal("The reference texts have no position but the first of each, which does not count.", refused.Cause);
    }

    [Fact]
    public void Without_reference_texts_there_are_no_figures_of_them()
    {
        var block = Attributed.Of(Golden.Load("llama/gqa"))[1].Blocks[0];
        Assert.Null(block.Derived.Reference);
        Assert.Null(block.Derived.Bands);
        Assert.Empty(block.Derived.Directions);
        Assert.InRange(block.Derived.ParticipationBefore, 1.0 / 64, 1);
    }

    static void AssertSplit(DirectionSplit split, double[][] directions, double[] pre, double[] post, string where)
    {
        double[] parts = PlainDerived.Along(directions, pre, post);
        double gain = PlainDerived.Dot(post, post) / PlainDerived.Dot(pre, pre) - 1, size = parts.Sum(Math.Abs) + Math.Abs(gain);
        for (int i = 0; i < parts.Length; i++)
        {
            Assert.True(Math.Abs(parts[i] - split.Parts[i]) <= Tolerance * size, FormattableString.Invariant($"{where}, {split.Name} {i}: {split.Parts[i]:G9} for {parts[i]:G9}"));
            Near(Math.Pow(PlainDerived.Dot(pre, directions[i]), 2) / PlainDerived.Dot(pre, pre), split.Before[i], where, 1);
            Near(Math.Pow(PlainDerived.Dot(post, directions[i]), 2) / PlainDerived.Dot(post, post), split.After[i], where, 1);
        }
        Assert.True(Math.Abs(gain - parts.Sum() - split.Outside) <= Tolerance * size, $"{where}, {split.Name}, outside");
        Assert.Equal(1, split.Before.Sum() + split.BeforeOutside, 12);
        Assert.Equal(1, split.After.Sum() + split.AfterOutside, 12);
    }

    static void Near(double expected, double found, string where, double? size = null) => Assert.True(
        Math.Abs(found - expected) <= Tolerance * (size ?? Math.Abs(expected)), FormattableString.Invariant($"{where}: {found:G9} for {expected:G9}"));

    static double[,] Matrix(double[][] rows)
    {
        var m = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < rows[0].Length; j++) m[i, j] = rows[i][j];
        return m;
    }

    static IReadOnlyList<ReferenceBlock> Reference(Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> texts, int threads = 2) => ReferencePass.Take(
        checkpoint, ArchitectureReader.Read(checkpoint), texts, BlockChoice.All, ReferenceComponents.Of, threads, null, TestContext.Current.CancellationToken);

    static IReadOnlyList<PromptAttribution> Take(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<ReferenceBlock> reference, AttributionOptions? options = null, DirectionSet? bands = null, int threads = 2) =>
        Attributed.Of(checkpoint, prompts, (options ?? Attributed.Everything) with
        {
            Derivation = new() { Reference = reference, Random = new(reference[0].MeanBefore.Length, 1), Bands = bands, Given = [] },
        }, threads);

    static string[] Bits(Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<TokenizedPrompt> texts, int threads) =>
        [.. Take(checkpoint, prompts, Reference(checkpoint, texts, threads), bands: Bands(checkpoint, threads), threads: threads).Select(prompt => Hex(prompt.Blocks))];

    static DirectionSet Bands(Checkpoint checkpoint, int threads) => BandDecomposition.Of(
        new("m", WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint), null, null, threads, null, TestContext.Current.CancellationToken).Directions;

    static string Hex(IEnumerable<BlockAttribution> blocks) => string.Join('\n', blocks.Select(block =>
    {
        var d = block.Derived;
        double[] values =
        [
            d.ParticipationBefore, d.ParticipationAfter, d.Reference!.CentredGain, d.Reference.CommonModeRejection, .. d.Reference.Without.SelectMany(w => new[] { w.Gain, w.Random, w.P }),
            .. d.Directions.Append(d.Bands!).SelectMany(s => (double[])[.. s.Parts, s.Outside, .. s.Before, s.BeforeOutside, .. s.After, s.AfterOutside]),
        ];
        return Convert.ToHexString(MemoryMarshal.AsBytes(values.AsSpan()));
    }));

    /// <summary>A Pythia in memory whose last block a test may change; the other weights are small and random.</summary>
    static Checkpoint NeoX(Dictionary<string, float[]> changed)
    {
        var random = new Random(5);
        var a = ArchitectureReader.Read(InMemory.Folder(InMemory.NeoX));
        return InMemory.Folder(InMemory.NeoX, [.. InMemory.TensorsOf(a).OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor =>
        {
            float[] values = new float[tensor.Count];
            for (int i = 0; i < values.Length; i++) values[i] = (float)(random.NextDouble() - 0.4);
            return InMemory.Values(tensor.Name, changed.GetValueOrDefault(tensor.Name) ?? values, [.. tensor.Shape]);
        })]);
    }
}
