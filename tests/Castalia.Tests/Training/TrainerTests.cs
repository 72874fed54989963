using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Errors;
using Castalia.Training;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>Steps of training are the reference's, and a run is the same however it is run.</summary>
public sealed class TrainerTests
{
    sealed class Sums(int vocabulary) : ITrainingTexts
    {
        public double? Text(long index, out int[] ids)
        {
            ids = new int[24];
            ids[0] = (int)(AdamWTests.Uniform(77, 1000 * index) * vocabulary);
            for (int t = 1; t < ids.Length; t++)
            {
                bool free = AdamWTests.Uniform(77, 1000 * index + 2 * t) < 0.25;
                ids[t] = free ? (int)(AdamWTests.Uniform(77, 1000 * index + 2 * t + 1) * vocabulary) : (3 * ids[t - 1] + 7) % vocabulary;
            }
            return null;
        }
    }

    static readonly TrainingOptions s_options = new()
    {
        Steps = 200,
        Batch = 4,
        Tokens = 24,
        Rate = new(3e-3, 20, 0.1, 200),
        AdamW = new(0.9, 0.95, 1e-8, 0.1),
        Clip = 1,
        ZTerm = 1e-4,
        Initialisation = new() { Scheme = InitialScheme.SmallWang },
        WeightSeed = 1,
        DataSeed = 1,
    };

    /// <summary>The reference's own float32 run parts from its float64 run by 2e-6 to 3e-6 of the loss; four times that is what another order of summation explains.</summary>
    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("gpt2/gpt2")]
    public void Two_hundred_steps_stay_with_the_reference(string @case)
    {
        using var golden = AdamWTests.Golden($"{@case.Replace('/', '-')}.json");
        double[] wide = Losses("float64"), narrow = Losses("float32");
        using var checkpoint = Checkpoint.Open(Parity.Golden.Load(@case).Checkpoint);
        var architecture = ArchitectureReader.Read(checkpoint);
        using var parameters = ParameterSet.Load(checkpoint, architecture);
        using var trainer = new Trainer(parameters, new HashSet<WeightRole>(), s_options, new Sums(architecture.DVocab), @case, 2, TestContext.Current.CancellationToken);
        double bound = 4 * wide.Zip(narrow, (x, y) => Math.Abs(x - y)).Max();
        foreach (double expected in wide) Assert.Equal(expected, trainer.Take().Loss, bound);

        double[] Losses(string name) => [.. golden.RootElement.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];
    }

    static TrainingRun Run(string recipe = "a", int steps = 20, Func<TrainingOptions, TrainingOptions>? with = null, ModelTraits? traits = null)
    {
        var language = new Language(new() { Vocabulary = 96, Settled = 0.5, Seed = 1 });
        var options = s_options with { Steps = steps, Tokens = 16, Rate = new(3e-3, 4, 0.1, steps) };
        return new()
        {
            Name = "a twin",
            Form = ModelForm.Of(traits ?? ModelFormTests.Small("gpt_neox"), "here"),
            Options = with?.Invoke(options) ?? options,
            Texts = new LanguageTexts(language, 1, 16, null),
            Recipe = recipe,
        };
    }

    static byte[] Weights(string folder) => File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));

    [Fact]
    public void One_thread_and_two_interrupted_or_not_give_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var whole = Run().Take(Path.Combine(folder.Path, "whole"), 1, null, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        string parts = Path.Combine(folder.Path, "parts");
        Assert.Throws<OperationCanceledException>(() => Run().Take(parts, 2, step =>
        {
            if (step.Step == 13) stop.Cancel();
        }, stop.Token));
        Assert.Equal(["step0", "step1", "step2", "step4", "step8"], Directory.GetFileSystemEntries(parts).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        int first = 0;
        var resumed = Run().Take(parts, 2, step => first = first == 0 ? step.Step : first, TestContext.Current.CancellationToken);
        Assert.Equal(9, first);
        Assert.Equal(Weights(whole.Folder), Weights(resumed.Folder));
        Assert.Equal(whole.Steps, resumed.Steps);
        Assert.Equal(20, whole.Steps.Count);
        Assert.Equal(["training"], Directory.GetDirectories(resumed.Folder).Select(Path.GetFileName));
        Assert.Empty(Directory.GetDirectories(Path.Combine(parts, "step16")));
        Assert.True(whole.Steps[^1].Loss < whole.Steps[0].Loss);
    }

    [Fact]
    public void A_checkpoint_is_a_model_that_can_be_read()
    {
        using var folder = new TemporaryFolder();
        var trained = Run(steps: 2).Take(Path.GetRelativePath(Environment.CurrentDirectory, folder.Path), 1, null, TestContext.Current.CancellationToken);
        using var checkpoint = Checkpoint.Open(trained.Folder);
        var architecture = ArchitectureReader.Read(checkpoint);
        Assert.Equal("gpt_neox", architecture.Family.ModelType);
        Assert.Equal(architecture.ExpectedParameters, checkpoint.Tensors.Values.Sum(tensor => tensor.Count));
    }

    [Fact]
    public void What_is_held_stays_and_what_is_left_out_goes()
    {
        using var folder = new TemporaryFolder();
        var traits = ModelFormTests.Small("gpt2") with { QkvBias = false, MlpBias = false };
        var trained = Run(steps: 3, with: options => options with { HoldsFinalNorm = true, KeepsLastOnly = true }, traits: traits).Take(folder.Path, 1, null, TestContext.Current.CancellationToken);
        Assert.Equal(["step3"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        using var checkpoint = Checkpoint.Open(trained.Folder);
        Assert.All(Values("transformer.ln_f.weight"), x => Assert.Equal(1, x));
        Assert.All(Values("transformer.h.0.attn.c_attn.bias"), x => Assert.Equal(0, x));
        Assert.All(Values("transformer.h.1.mlp.c_fc.bias"), x => Assert.Equal(0, x));
        Assert.Contains(Values("transformer.h.0.attn.c_proj.bias"), x => x != 0);

        float[] Values(string name)
        {
            float[] values = new float[checkpoint.Tensors[name].Count];
            Widen.Row(checkpoint.Tensors[name], 0, 0, values);
            return values;
        }
    }

    [Fact]
    public void A_diverging_run_names_step_tensor_and_value_and_keeps_its_checkpoints()
    {
        using var folder = new TemporaryFolder();
        var run = Run(steps: 60, with: options => options with { Rate = new(1e12, 2, 1, 60), Clip = null });
        var thrown = Assert.Throws<InputException>(() => run.Take(folder.Path, 1, null, TestContext.Current.CancellationToken));
        Assert.Matches("^Training diverged at step [0-9]+: the (weight of largest size|gradient), in gpt_neox[^ ]+|embed_out[^ ]+, is [-0-9.E+NaInfity∞]+\\.", thrown.Message);
        Assert.True(Directory.Exists(Path.Combine(folder.Path, "step1")));
    }

    /// <summary>What a killed process leaves, and what a disk that takes no more leaves: the checkpoints before, and nothing in the way of going on.</summary>
    [Fact]
    public void A_checkpoint_that_cannot_be_written_loses_none_before_it()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(steps: 9).Take(Path.Combine(folder.Path, "whole"), 1, null, TestContext.Current.CancellationToken);
        string parts = Path.Combine(folder.Path, "parts");
        Directory.CreateDirectory(parts);
        File.WriteAllText(Path.Combine(parts, "step8"), "in the way");
        var thrown = Assert.Throws<InputException>(() => Run(steps: 9).Take(parts, 1, null, TestContext.Current.CancellationToken));
        Assert.StartsWith("A checkpoint cannot be written: ", thrown.Message);
        Assert.Equal(["step0", "step1", "step2", "step4", "step8"], Directory.GetFileSystemEntries(parts).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        File.Delete(Path.Combine(parts, "step8"));
        Assert.Equal(Weights(whole.Folder), Weights(Run(steps: 9).Take(parts, 1, null, TestContext.Current.CancellationToken).Folder));
    }

    [Fact]
    public void Another_recipe_or_a_damaged_state_is_refused()
    {
        using var folder = new TemporaryFolder();
        Run(steps: 2).Take(folder.Path, 1, null, TestContext.Current.CancellationToken);
        Assert.StartsWith("The folder holds checkpoints of another recipe", Assert.Throws<InputException>(() => Run("b", 2).Take(folder.Path, 1, null, TestContext.Current.CancellationToken)).Message);
        File.Delete(Path.Combine(folder.Path, "step2", "training", "state.safetensors"));
        Assert.StartsWith("What is needed to go on", Assert.Throws<InputException>(() => Run(steps: 2).Take(folder.Path, 1, null, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void Checkpoints_come_at_powers_of_two_and_then_evenly()
    {
        var options = s_options with { Steps = 1700, Every = 500 };
        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 1000, 1500, 1700], Enumerable.Range(0, 1701).Where(options.IsKept));
    }
}
