using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Library;

/// <summary>What the library gives is what the command gives.</summary>
public sealed class PassTests
{
    public static TheoryData<string> Models => ["gpt_neox/pythia", "llama/gqa", "gpt2/gpt2", "gemma2/gemma2", "mixtral/mixtral", "falcon/new-decoder"];

    static readonly TokenSequence[] s_sequences = [TokenSequence.Of(5, 6, 7, 8), TokenSequence.Of(3), TokenSequence.Of([.. Enumerable.Range(1, 20)])];

    [Theory]
    [MemberData(nameof(Models))]
    public void Kept_rows_have_the_norms_and_parts_that_are_measured(string name)
    {
        using var model = LanguageModel.Open(Golden.Load(name).Checkpoint, threads: 2);
        var readings = model.Measure(PositionRange.Last, s_sequences);
        var kinds = Enum.GetValues<ResidualSite>().Where(kind => Record.Exception(() => model.Sites(kind)) is null).ToArray();
        var result = model.Pass().Keep([.. kinds.SelectMany(model.Sites)]).Run(s_sequences);
        foreach (var site in result.Sites)
            for (int s = 0; s < s_sequences.Length; s++)
                for (int position = 0; position < s_sequences[s].Ids.Count; position++)
                    Assert.Equal(readings[s].Block(site.Block, position).Norm(site.Kind), Norm(result[site].Row(s, position)), 1e-5 * Norm(result[site].Row(s, position)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_sequence_has_the_same_bits_alone_and_in_company_and_wherever_the_pass_stops(string name)
    {
        using var model = LanguageModel.Open(Golden.Load(name).Checkpoint, threads: 2);
        Site last = new(ResidualSite.Post, model.Architecture.NLayers - 1), first = "blocks.0.mlp_out";
        var together = model.Pass().Keep(first, last).WithLogits(PositionRange.All).Run(s_sequences);
        for (int s = 0; s < s_sequences.Length; s++)
        {
            var alone = model.Pass().Keep(last).WithLogits(PositionRange.Last).Run(s_sequences[s]);
            Assert.Equal(alone[last].Of(0), together[last].Of(s));
            Assert.Equal(alone.Logits(0), together.Logits(s));
            Assert.Equal(alone.FinalNorm(0, s_sequences[s].Ids.Count - 1), together.FinalNorm(s, s_sequences[s].Ids.Count - 1));
            Assert.Equal(model.Pass().Keep(first).StopAfter(0).Run(s_sequences[s])[first].Of(0), together[first].Of(s));
        }
    }

    /// <summary>The first pass copies its weights, later ones read them where they are mapped.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Every_pass_has_the_bits_of_the_first(string name)
    {
        using var model = LanguageModel.Open(Golden.Load(name).Checkpoint, threads: 2);
        Site last = new(ResidualSite.Post, model.Architecture.NLayers - 1);
        PassResult Run() => model.Pass().Keep(last).WithLogits(PositionRange.All).Run(s_sequences);
        var first = Run();
        Assert.False(model.Checkpoint.StaysMapped);
        for (int pass = 0; pass < 2; pass++)
        {
            var again = Run();
            Assert.True(model.Checkpoint.StaysMapped);
            for (int s = 0; s < s_sequences.Length; s++)
            {
                Assert.Equal(first[last].Of(s), again[last].Of(s));
                Assert.Equal(first.Logits(s), again.Logits(s));
            }
        }
    }

    [Fact]
    public void Weights_that_were_cut_short_between_passes_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems do not let a mapped file be cut");
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Golden.Load("llama/gqa").Checkpoint)) File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        using var model = LanguageModel.Open(folder.Path, threads: 1);
        for (int pass = 0; pass < 2; pass++) model.Measure(PositionRange.Last, s_sequences);
        string weights = Path.Combine(folder.Path, "model.safetensors");
        using (var file = new FileStream(weights, FileMode.Open)) file.SetLength(file.Length - 5_000);
        var e = Assert.Throws<InputException>(() => model.Measure(PositionRange.Last, s_sequences));
        Assert.Contains(weights, e.ToString(), StringComparison.Ordinal);
    }

    /// <summary>resid_post is resid_pre and what both sublayers add; without the MLP's it is the rest.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void A_change_is_what_follows_is_computed_from(string name)
    {
        using var model = LanguageModel.Open(Golden.Load(name).Checkpoint, threads: 2);
        int block = model.Architecture.NLayers - 1;
        Site pre = new(ResidualSite.Pre, block), attn = new(ResidualSite.AttnOut, block), mlp = new(ResidualSite.MlpOut, block), post = new(ResidualSite.Post, block);
        var seen = new List<(int, int)>();
        var result = model.Pass().Change(mlp, row => { if (row.Sequence == 2) row.Values.Clear(); }).Keep(pre, attn, mlp, post)
            .Observe(post, row => seen.Add((row.Sequence, row.Position))).Run(s_sequences);
        var untouched = model.Pass().Keep(post).Run(s_sequences);
        Assert.Equal(untouched[post].Of(0), result[post].Of(0));
        for (int i = 0; i < result[post].Of(2).Length; i++)
        {
            Assert.Equal(0, result[mlp].Of(2)[i]);
            Assert.Equal(result[pre].Of(2)[i] + result[attn].Of(2)[i], result[post].Of(2)[i]);
        }
        Assert.Equal(s_sequences.SelectMany((sequence, s) => Enumerable.Range(0, sequence.Ids.Count).Select(position => (s, position))), seen);
        // Written as it was, nothing changes.
        Assert.Equal(untouched[post].Of(2), model.Pass().Change(mlp, row => row.Values.ToArray().CopyTo(row.Values)).Keep(post).Run(s_sequences)[post].Of(2));
    }

    [Fact]
    public void A_block_s_derivative_is_what_small_steps_give()
    {
        using var model = LanguageModel.Open(Golden.Load("gpt_neox/pythia").Checkpoint, threads: 1);
        var sequence = TokenSequence.Of(5, 6, 7, 8);
        using var at = model.Linearise(1, sequence);
        Assert.Equal(3, at.Position);
        float[] pre = model.Pass().Keep("blocks.1.resid_pre", "blocks.1.resid_post").Run(sequence)["blocks.1.resid_pre"].Row(0, 3).ToArray();
        Assert.Equal(pre.Select(x => (double)x), at.Input.ToArray());
        double[] jacobian = at.Jacobian();
        int d = model.Architecture.DModel;
        double[] tangent = [.. Enumerable.Range(0, d).Select(i => Math.Sin(i))], applied = at.Apply(tangent);
        for (int row = 0; row < d; row++) Assert.Equal(Enumerable.Range(0, d).Sum(i => jacobian[row * d + i] * tangent[i]), applied[row], 1e-9);
        // The library's own change at that position, a step of which goes through the float32 pass.
        const float step = 1e-2f;
        float[] Post(float by) => model.Pass().Change("blocks.1.resid_pre", row =>
        {
            if (row.Position == 3) for (int i = 0; i < row.Values.Length; i++) row.Values[i] += by * (float)tangent[i];
        }).Keep("blocks.1.resid_post").Run(sequence)["blocks.1.resid_post"].Row(0, 3).ToArray();
        float[] up = Post(step), down = Post(-step);
        double difference = 0, length = 0;
        for (int i = 0; i < d; i++)
        {
            double slope = ((double)up[i] - down[i]) / (2 * step);
            difference += (slope - applied[i]) * (slope - applied[i]);
            length += applied[i] * applied[i];
        }
        Assert.True(Math.Sqrt(difference / length) < 1e-3, $"{Math.Sqrt(difference / length)}");
    }

    static double Norm(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x) sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
