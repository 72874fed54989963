using Castalia.Architectures;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>Every factor of a plan.</summary>
static class Factors
{
    /// <summary>What a network is.</summary>
    public static IReadOnlyList<Factor> OfNetworks { get; } =
    [
        Factor.Word("family", "Whose usual traits hold where nothing else is asked for; another family is taken where this one cannot have all that is.",
            (r, family) => r with { Traits = r.Traits with { Family = family } }, [.. ModelForm.Families.Select(name => (name, name))]),
        Factor.Whole("blocks", 1, 96, "Blocks.", (r, n) => r with { Traits = r.Traits with { NLayers = n } }),
        Factor.Whole("width", 8, 8192, "Width of the stream.", (r, n) => r with { Traits = r.Traits with { DModel = n } }),
        Factor.Whole("heads", 1, 256, "Query heads; they divide the width.", (r, n) => r with { Traits = r.Traits with { NHeads = n } }),
        Factor.Whole("key_value_heads", 1, 256, "Key/value heads; as many as query heads where nothing is said.", (r, n) => r with { Traits = r.Traits with { NKvHeads = n } }),
        Factor.Whole("inner_width", 8, 32768, "Inner width of the MLP; 4 times the width, of gated ones 8/3.", (r, n) => r with { Traits = r.Traits with { DFf = n } }),
        Factor.Word("wiring", "How attention and MLP stand to each other.", (r, wiring) => r with { Traits = r.Traits with { Wiring = wiring } },
            ("sequential", Wiring.Sequential), ("parallel", Wiring.ParallelTwoNorms), ("parallel-one-norm", Wiring.ParallelOneNorm)),
        Factor.Word("norm", "Kind of every norm.", (r, norm) => r with { Traits = r.Traits with { Norm = norm } }, ("layernorm", NormKind.LayerNorm), ("rmsnorm", NormKind.RmsNorm)),
        Factor.NumberOr("positions", "learned", 0.01, 1, "Learned positions, or the share of each head that turns.",
            (r, share) => r with { Traits = r.Traits with { LearnedPositions = share is null, RotaryFraction = share } }),
        Factor.Word("mlp", "Shape of the MLP.", (r, mlp) => r with { Traits = r.Traits with { Mlp = mlp } }, ("plain", MlpKind.Plain), ("gated", MlpKind.Gated)),
        Factor.Word("activation", "Nonlinearity of the MLP.", (r, activation) => r with { Traits = r.Traits with { Activation = activation } },
            ("gelu", Activation.GeluErf), ("gelu-tanh", Activation.GeluTanh), ("silu", Activation.Silu), ("relu", Activation.Relu)),
        Factor.Word("biases", "Biases of attention and MLP; of a family that always has them they are held at 0.",
            (r, all) => r with { Traits = r.Traits with { QkvBias = all, AttnOutBias = all, MlpBias = all } }, ("all", true), ("none", false)),
        Factor.Flag("attention_biases", "Biases of attention alone; overrides biases.", (r, has) => r with { Traits = r.Traits with { QkvBias = has, AttnOutBias = has } }),
        Factor.Flag("unembedding_bias", "A bias of the unembedding.", (r, has) => r with { Traits = r.Traits with { UnembeddingBias = has } }),
        Factor.Flag("tied", "The unembedding is the embedding.", (r, tied) => r with { Traits = r.Traits with { Tied = tied } }),
        Factor.Whole("vocabulary", LanguageOptions.Least, LanguageOptions.Most, "Tokens of the language.", (r, n) => r with { Language = r.Language with { Vocabulary = n } }),
        Factor.Number("settled", 0, LanguageOptions.MostSettled, "Share of the language's contexts that have one continuation.", (r, share) => r with { Language = r.Language with { Settled = share } }),
        Factor.Seed("language_seed", "Seed of the language.", (r, seed) => r with { Language = r.Language with { Seed = seed } }),
    ];

    /// <summary>How it is trained.</summary>
    public static IReadOnlyList<Factor> OfTraining { get; } =
    [
        Factor.Word("initialisation", "How weights begin.", (r, scheme) => Begins(r, i => i with { Scheme = scheme }),
            ("small-wang", InitialScheme.SmallWang), ("normal-scaled", InitialScheme.NormalScaled), ("gpt-j", InitialScheme.GptJ)),
        Factor.Number("initial_scale", 1e-3, 1e3, "Factor on every matrix.", (r, x) => Begins(r, i => i with { Scale = x })),
        Factor.Number("embedding_scale", 1e-3, 1e3, "Factor on embedding and learned positions.", (r, x) => Begins(r, i => i with { EmbeddingScale = x })),
        Factor.Number("input_scale", 1e-3, 1e3, "Factor on queries, keys, values and what the MLP reads by.", (r, x) => Begins(r, i => i with { InputScale = x })),
        Factor.Number("output_scale", 1e-3, 1e3, "Factor on what writes to the stream.", (r, x) => Begins(r, i => i with { OutputScale = x })),
        Factor.Number("unembedding_scale", 1e-3, 1e3, "Factor on an unembedding of its own.", (r, x) => Begins(r, i => i with { UnembeddingScale = x })),
        Factor.Whole("steps", 1, 10_000_000, "Steps.", (r, n) => Trained(r, o => o with { Steps = n })),
        Factor.Whole("batch", 1, 4096, "Texts a step.", (r, n) => Trained(r, o => o with { Batch = n })),
        Factor.Whole("tokens", 8, 4096, "Tokens of a text, and the context.", (r, n) => Trained(r, o => o with { Tokens = n })),
        Factor.NumberOr("distinct_texts", "unlimited", 1, 1e12, "So many texts over and over.", (r, n) => Trained(r, o => o with { Distinct = n is { } some ? (long)some : null })),
        Factor.Number("learning_rate", 1e-9, 1e3, "Peak.", (r, x) => Trained(r, o => o with { Rate = o.Rate with { Peak = x } })),
        Factor.Whole("warm_up", 0, 10_000_000, "Steps to the peak.", (r, n) => Trained(r, o => o with { Rate = o.Rate with { WarmUp = n } })),
        Factor.Number("floor", 0, 1, "Share of the peak at the end.", (r, x) => Trained(r, o => o with { Rate = o.Rate with { Floor = x } })),
        Factor.NumberOr("aim", "floor", 0, 1, "Share of the peak that the cosine aims at; GPT-NeoX aims at 0 and stops at the floor.", (r, x) => Trained(r, o => o with { Rate = o.Rate with { Landing = x } })),
        Factor.Number("beta1", 0, 0.9999, "AdamW's β₁.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Beta1 = x } })),
        Factor.Number("beta2", 0, 0.99999, "AdamW's β₂.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Beta2 = x } })),
        Factor.Number("epsilon", 1e-20, 1, "AdamW's ε.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Epsilon = x } })),
        Factor.Number("decay", 0, 100, "Of matrices, per step and unit of learning rate.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Decay = x } })),
        Factor.NumberOr(
            "decay_peak", "none", 0, 100, "What decay rises to over the second third of the steps, to fall back over the last.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { DecayPeak = x } })),
        Factor.NumberOr("clip", "none", 1e-6, 1e6, "Longest gradient.", (r, x) => Trained(r, o => o with { Clip = x })),
        Factor.Number("z_term", 0, 10, "c of c·⟨(ln Z)²⟩ in the loss.", (r, x) => Trained(r, o => o with { ZTerm = x })),
        Factor.Whole("bias_multiplicity", 1, 64, "How often biases of what is added to the stream are counted in the update.", (r, n) => Trained(r, o => o with { BiasMultiplicity = n })),
        Factor.Flag("hold_final_norm", "The final norm's weight stays where it begins.", (r, held) => Trained(r, o => o with { HoldsFinalNorm = held })),
        Factor.Seed("weight_seed", "Seed of the weights.", (r, seed) => Trained(r, o => o with { WeightSeed = seed })),
        Factor.Seed("data_seed", "Seed of the texts.", (r, seed) => Trained(r, o => o with { DataSeed = seed })),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Factor> All { get; } = [.. OfNetworks, .. OfTraining];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(factor => factor.Name)];

    /// <summary>A factor by its name.</summary>
    public static Factor Of(string name) => All.Single(factor => factor.Name == name);

    /// <summary>The table of docs/twins.md.</summary>
    public static string Documentation() => string.Concat(All.Select(factor => $"| `{factor.Name}` | {factor.Values} | {factor.What} |\n").Prepend("| key | values | what it is |\n| --- | --- | --- |\n"));

    static TwinRecipe Trained(TwinRecipe recipe, Func<TrainingOptions, TrainingOptions> with) => recipe with { Options = with(recipe.Options) };

    static TwinRecipe Begins(TwinRecipe recipe, Func<Initialisation, Initialisation> with) => Trained(recipe, o => o with { Initialisation = with(o.Initialisation) });
}
