using Castalia.Training;

namespace Castalia.Twins;

/// <summary>All that makes one network: what it is, how it is trained, what on.</summary>
/// <param name="Traits">What it is; its vocabulary and context follow from language and texts.</param>
/// <param name="Options">How it is trained.</param>
/// <param name="Language">What on, where no corpus is named.</param>
sealed record TwinRecipe(ModelTraits Traits, TrainingOptions Options, LanguageOptions Language)
{
    const double Peak = 3e-3;

    const int UsualSteps = 600;

    /// <summary>What holds where a plan says nothing.</summary>
    public static TwinRecipe Usual { get; } = new(
        new() { Family = "gpt_neox", NLayers = 4, DModel = 128, NHeads = 4, DVocab = 256, NCtx = 128 },
        new()
        {
            Steps = UsualSteps,
            Batch = 16,
            Tokens = 128,
            Rate = new(Peak, WarmUp: 60, Floor: 0.1, UsualSteps),
            AdamW = new(0.9, 0.95, 1e-8, 0.1),
            Clip = 1,
            Initialisation = new() { Scheme = InitialScheme.SmallWang },
            WeightSeed = 1,
            DataSeed = 1,
        },
        new() { Vocabulary = 256, Settled = 0.6, Seed = 1 });

    /// <summary>The same with the sizes that hang on others.</summary>
    public TwinRecipe Settled(int vocabulary) => this with
    {
        Traits = Traits with { DVocab = vocabulary, NCtx = Options.Tokens },
        Options = Options with { Rate = Options.Rate with { Steps = Options.Steps } },
    };
}
