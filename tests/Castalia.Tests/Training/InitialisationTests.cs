using Castalia.Architectures;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>Weights begin as the scheme says, and by their place in the arithmetic.</summary>
public sealed class InitialisationTests
{
    static ModelForm Form(string family) => ModelForm.Of(ModelFormTests.Small(family) with { DModel = 64, NLayers = 3 }, "here");

    static double Deviation(float[] values) => Math.Sqrt(values.Average(x => (double)x * x));

    [Theory]
    [InlineData(InitialScheme.SmallWang, 0.07906, 0.08333, 0.07906, 1)] // √(2/320), 2/(3·8)
    [InlineData(InitialScheme.NormalScaled, 0.02, 0.008165, 0.02, 1)] // 0.02/√6
    [InlineData(InitialScheme.GptJ, 0.10206, 0.08333, 0.125, 0.8796)] // 1/√96, 1/√64, cut at two deviations
    internal void Deviations_are_those_of_the_scheme(InitialScheme scheme, double embedding, double output, double input, double cut)
    {
        var values = InitialWeights.Of(Form("gptj"), new() { Scheme = scheme, InputScale = 3 }, seed: 5);
        Check(embedding, "transformer.wte.weight");
        Check(output, "transformer.h.1.attn.out_proj.weight");
        Check(3 * input, "transformer.h.2.mlp.fc_in.weight");
        Check(3 * input, "transformer.h.0.attn.q_proj.weight");
        Assert.All(values["transformer.h.0.ln_1.weight"], x => Assert.Equal(1, x));
        Assert.All(values["transformer.h.0.mlp.fc_in.bias"], x => Assert.Equal(0, x));
        if (cut < 1) Assert.True(values["transformer.wte.weight"].Max(Math.Abs) <= 2.00001 * embedding);

        void Check(double deviation, string tensor) =>
            Assert.InRange(Deviation(values[tensor]) / (deviation * cut), 1 - 4 / Math.Sqrt(2.0 * values[tensor].Length), 1 + 4 / Math.Sqrt(2.0 * values[tensor].Length));
    }

    /// <summary>GPT-NeoX keeps queries, keys and values of a head together, GPT-2 transposed, Phi apart.</summary>
    [Fact]
    public void Networks_of_two_families_begin_alike()
    {
        var begin = new Initialisation { Scheme = InitialScheme.SmallWang };
        var neox = InitialWeights.Of(Form("gpt_neox"), begin, 5)["gpt_neox.layers.1.attention.query_key_value.weight"];
        var gpt2 = InitialWeights.Of(Form("gpt2"), begin, 5)["transformer.h.1.attn.c_attn.weight"];
        var phi = InitialWeights.Of(Form("phi"), begin, 5);
        const int d = 64, headDim = 16;
        for (int head = 0; head < 4; head++)
            for (int k = 0; k < headDim; k++)
                for (int column = 0; column < d; column++)
                {
                    int row = head * headDim + k;
                    foreach (var (part, name) in new[] { (0, "q"), (1, "k"), (2, "v") })
                    {
                        float expected = phi[$"model.layers.1.self_attn.{name}_proj.weight"][row * d + column];
                        Assert.Equal(expected, neox[((head * 3 + part) * headDim + k) * d + column]);
                        Assert.Equal(expected, gpt2[column * 3 * d + part * d + row]);
                    }
                }
        Assert.NotEqual(neox, InitialWeights.Of(Form("gpt_neox"), begin, 6)["gpt_neox.layers.1.attention.query_key_value.weight"]);
    }

    [Fact]
    public void The_learning_rate_climbs_and_falls_to_its_floor()
    {
        var rate = new LearningRate(1e-3, WarmUp: 10, Floor: 0.1, Steps: 110);
        Assert.Equal(1e-4, rate.At(1), 1e-18);
        Assert.Equal(1e-3, rate.At(10), 1e-18);
        Assert.Equal(5.5e-4, rate.At(60), 1e-12);
        Assert.Equal(1e-4, rate.At(110), 1e-15);
        var pythia = rate with { Landing = 0 };
        Assert.Equal(5e-4, pythia.At(60), 1e-12);
        Assert.Equal(1e-4, pythia.At(105), 1e-15); // held from below
        Assert.Equal(1e-3, (rate with { WarmUp = 0, Steps = 1, Floor = 1 }).At(1), 1e-18);
    }
}
