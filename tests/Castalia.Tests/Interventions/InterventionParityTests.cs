using System.Text.Json;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Interventions;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Interventions;

/// <summary>Every effect against the reference implementation's.</summary>
public sealed class InterventionParityTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "interventions");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_a_reference_for_34_cases() => Assert.Equal(34, Files.Count);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_effect_is_that_of_the_reference(string file)
    {
        string name = Golden.Cases.Single(@case => file == @case.Replace('/', '-') + ".json");
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        var golden = Golden.Load(name);
        var prompt = golden.Prompts[document.RootElement.GetProperty("prompt").GetInt32()];
        var expected = document.RootElement.GetProperty("interventions").EnumerateArray().ToArray();
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var found = Intervened.Take(checkpoint, [prompt], expected.Select(one => Read(one, name))).Prompts[0];
        Assert.Equal(expected.Length, found.Count);
        var complaints = new List<string>();
        for (int k = 0; k < expected.Length; k++)
        {
            int block = expected[k].GetProperty("block").GetInt32();
            string what = $"{expected[k].GetProperty("do").GetString()}, block {block}";
            double[] gains = [.. expected[k].GetProperty("gains").EnumerateArray().Select(gain => gain.ValueKind == JsonValueKind.Null ? double.NaN : gain.GetDouble())];
            // Behind a stream of length 0 no gain is defined.
            // Where the stream is scaled the reference divides by the length that it had.
            if (what.StartsWith("scale resid_pre", StringComparison.Ordinal)) gains[block] /= expected[k].GetProperty("factor").GetDouble();
            for (int layer = 0; layer < gains.Length; layer++) Near(complaints, $"{what}, gain {layer}", gains[layer], found[k].Gains[layer], 1e-5 * Math.Max(1, gains[layer]));
            double entropy = expected[k].GetProperty("entropy").GetDouble(), kl = expected[k].GetProperty("kl_clean_do").GetDouble();
            Near(complaints, $"{what}, entropy", entropy, found[k].EntropyNats, Math.Max(1e-5, 1e-4 * entropy));
            Near(complaints, $"{what}, KL", kl, found[k].KlNats, Math.Max(1e-5, 1e-4 * kl));
            if (expected[k].GetProperty("top_token").GetInt32() != found[k].TopToken) complaints.Add($"{what}, top token {found[k].TopToken}");
        }
        Assert.Equal("", string.Join('\n', complaints));
    }

    static void Near(List<string> complaints, string what, double expected, double found, double tolerance)
    {
        bool isNear = double.IsNaN(expected) ? !double.IsFinite(found) : Math.Abs(found - expected) <= tolerance;
        if (!isNear) complaints.Add(FormattableString.Invariant($"{what}: {found:G9} for {expected:G9}"));
    }

    /// <remarks>
    /// In the reference's BLOOM both sublayers, in its MPT the MLP, add what they compute to the stream themselves, so that what it changed there is not
    /// attn_out and mlp_out but resid_mid and resid_post: its figures judge those.
    /// </remarks>
    static Intervention Read(JsonElement of, string name)
    {
        var attnOut = name == "bloom/bloom" ? ResidualSite.Mid : ResidualSite.AttnOut;
        var mlpOut = name is "bloom/bloom" or "mpt/mpt" ? ResidualSite.Post : ResidualSite.MlpOut;
        int block = of.GetProperty("block").GetInt32();
        double Factor() => of.GetProperty("factor").GetDouble();
        Deed mean = new Deed.Mean(new(null, IncludesFirst: true));
        Change change = of.GetProperty("do").GetString() switch
        {
            "zero attn_out" => Intervened.Change(attnOut, block, new Deed.Zero()),
            "scale attn_out" => Intervened.Change(attnOut, block, new Deed.Scale(Factor())),
            "mean attn_out over the prompt's positions" => Intervened.Change(attnOut, block, mean),
            "zero attn_out at the last position" => Intervened.Change(attnOut, block, new Deed.Zero(), positions: PositionChoice.Last),
            "zero mlp_out" => Intervened.Change(mlpOut, block, new Deed.Zero()),
            "scale mlp_out" => Intervened.Change(mlpOut, block, new Deed.Scale(Factor())),
            "mean mlp_out over the prompt's positions" => Intervened.Change(mlpOut, block, mean),
            "zero mlp_out at the last position" => Intervened.Change(mlpOut, block, new Deed.Zero(), positions: PositionChoice.Last),
            "zero head" => Intervened.Change(ResidualSite.Z, block, new Deed.Zero(), new Unit.Some(UnitKind.Head, [of.GetProperty("head").GetInt32()])),
            "zero neuron" => Intervened.Change(ResidualSite.MlpPost, block, new Deed.Zero(), new Unit.Some(UnitKind.Neuron, [of.GetProperty("neuron").GetInt32()])),
            "remove from mlp_out its component along the clean resid_pre" => Intervened.Change(mlpOut, block, new Deed.Zero(), Intervened.AlongPre),
            "scale resid_pre" => Intervened.Change(ResidualSite.Pre, block, new Deed.Scale(Factor())),
            var other => throw new InvalidOperationException(other),
        };
        return Intervened.Of(change);
    }
}
