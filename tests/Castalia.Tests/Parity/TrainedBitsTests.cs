using System.Security.Cryptography;
using Castalia.Architectures;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>Some steps of training end in stated weights, whatever processor took them; CI runs this at every vector width.</summary>
public sealed class TrainedBitsTests
{
    [Theory]
    [InlineData("gpt_neox", "aa439af2338aa94e")]
    [InlineData("gpt2", "90fa2590214ea0be")]
    [InlineData("llama", "b109d85d8f9a30dc")]
    public void Weights_are_the_same_on_every_machine(string family, string beginning)
    {
        using var folder = new TemporaryFolder();
        var language = new Language(new() { Vocabulary = 96, Settled = 0.6, Seed = 1 });
        var run = new TrainingRun
        {
            Name = "a twin",
            Form = ModelForm.Of(new ModelTraits { Family = family, NLayers = 2, DModel = 32, NHeads = 2, DVocab = 96, NCtx = 24, Tied = true, Activation = Activation.GeluTanh }, "here"),
            Options = new()
            {
                Steps = 3,
                Batch = 3,
                Tokens = 24,
                Rate = new(3e-3, 2, 0.1, 3),
                AdamW = new(0.9, 0.95, 1e-8, 0.1),
                Clip = 0.5,
                ZTerm = 1e-3,
                BiasMultiplicity = 2,
                Initialisation = new() { Scheme = InitialScheme.GptJ },
                WeightSeed = 3,
                DataSeed = 4,
                KeepsLastOnly = true,
            },
            Texts = new LanguageTexts(language, 4, 24, null),
            Recipe = "",
        };
        string trained = run.Take(folder.Path, 2, null, TestContext.Current.CancellationToken).Folder;
        Assert.Equal(beginning, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(trained, "model.safetensors"))))[..16]);
    }
}
