using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Prompts;
using Castalia.Tokens;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>What a step does to each tensor, by the plain definition in float64: which decay, which are counted several times, how a long gradient is shortened.</summary>
public sealed class TrainerStepTests
{
    const int Batch = 2, Length = 16;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="clip">Far below the gradient's length, or far above it.</param>
    [Theory]
    [InlineData(0.05)]
    [InlineData(1e6)]
    public void A_step_is_the_definitions_tensor_by_tensor(double clip)
    {
        using var folder = new TemporaryFolder();
        var texts = new LanguageTexts(new Language(new() { Vocabulary = 96, Settled = 0.5, Seed = 1 }), 1, Length, null);
        var options = new TrainingOptions
        {
            Steps = 4,
            Batch = Batch,
            Tokens = Length,
            Rate = new(1e-2, 1, 0.5, 4),
            AdamW = new(0.9, 0.95, 1e-8, 5),
            Clip = clip,
            BiasMultiplicity = 3,
            Initialisation = new() { Scheme = InitialScheme.SmallWang },
            WeightSeed = 1,
            DataSeed = 1,
        };
        var form = ModelForm.Of(ModelFormTests.Small("gpt_neox"), "here");
        using var checkpoint = Checkpoint.Open(TrainingRun.Begin(folder.Path, form, InitialWeights.Of(form, options.Initialisation, 1), new Dictionary<string, string>()));
        using var parameters = ParameterSet.Load(checkpoint, ArchitectureReader.Read(checkpoint));
        using var gradient = new ModelGradient(parameters, 1, Token);
        using var trainer = new Trainer(parameters, form.HeldAtZero, options, texts, "a twin", 2, Token);
        var means = parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => new double[tensor.Count]);
        var squares = parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => new double[tensor.Count]);
        for (int t = 1; t <= 4; t++)
        {
            gradient.Take(Texts(texts, t - 1));
            var before = parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => parameters[tensor].ToArray());
            double norm = Math.Sqrt(parameters.Tensors.Sum(tensor => gradient[tensor].ToArray().Sum(x => (double)x * x)));
            double shortened = Math.Min(1, clip / (norm + 1e-6)), rate = options.Rate.At(t);
            Assert.Equal(clip < 1, shortened < 0.9);
            var step = trainer.Take();
            Assert.Equal((t, rate), (step.Step, step.Rate));
            Assert.Equal(norm, step.GradientNorm, 1e-6 * norm);
            foreach (var tensor in parameters.Tensors)
            {
                bool isMatrix = tensor.Shape.Count == 2, isCounted = tensor.Name.EndsWith("attention.dense.bias", StringComparison.Ordinal) || tensor.Name.EndsWith("dense_4h_to_h.bias", StringComparison.Ordinal);
                double[] m = means[tensor.Name], v = squares[tensor.Name];
                for (int i = 0; i < m.Length; i++)
                {
                    double g = shortened * gradient[tensor][i];
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.95 * v[i] + 0.05 * g * g;
                    double moved = (isCounted ? 3 : 1) * rate * m[i] / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-8);
                    double expected = before[tensor.Name][i] * (isMatrix ? 1 - rate * 5 : 1) - moved;
                    Assert.Equal(expected, parameters[tensor][i], 2e-6);
                }
            }
        }
    }

    static TokenizedPrompt[] Texts(LanguageTexts texts, int step) =>
    [
        .. Enumerable.Range(0, Batch).Select(i =>
        {
            texts.Text((long)step * Batch + i, out int[] ids);
            return new TokenizedPrompt(new() { Name = "p", Place = "p", Ids = ids }, ids, 0, 0);
        }),
    ];
}
