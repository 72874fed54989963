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
            (r, family) => r with { Traits = r.Traits with { Family = family } }, t => A(t).Family.ModelType, [.. ModelForm.Families.Select(name => (name, name))]),
        Factor.Whole("blocks", 1, 96, "Blocks.", (r, n) => r with { Traits = r.Traits with { NLayers = n } }, t => A(t).NLayers),
        Factor.Whole("width", 8, 8192, "Width of the stream.", (r, n) => r with { Traits = r.Traits with { DModel = n } }, t => A(t).DModel),
        Factor.Whole("heads", 1, 256, "Query heads; they divide the width.", (r, n) => r with { Traits = r.Traits with { NHeads = n } }, t => A(t).NHeads),
        Factor.Whole("key_value_heads", 1, 256, "Key/value heads; as many as query heads where nothing is said.", (r, n) => r with { Traits = r.Traits with { NKvHeads = n } }, t => A(t).NKvHeads),
        Factor.Whole("inner_width", 8, 32768, "Inner width of the MLP; 4 times the width, of gated ones 8/3.", (r, n) => r with { Traits = r.Traits with { DFf = n } }, t => A(t).DFf),
        Factor.Word("wiring", "How attention and MLP stand to each other.", (r, wiring) => r with { Traits = r.Traits with { Wiring = wiring } }, t => A(t).Wiring,
            ("sequential", Wiring.Sequential), ("parallel", Wiring.ParallelTwoNorms), ("parallel-one-norm", Wiring.ParallelOneNorm)),
        Factor.Word("norm", "Kind of every norm.", (r, norm) => r with { Traits = r.Traits with { Norm = norm } }, t => A(t).Norm, ("layernorm", NormKind.LayerNorm), ("rmsnorm", NormKind.RmsNorm)),
        Factor.NumberOr("positions", "learned", 0.01, 1, "Learned positions, or the share of each head that turns.",
            (r, share) => r with { Traits = r.Traits with { LearnedPositions = share is null, RotaryFraction = share } }, t => A(t).LearnedPositions is null ? (A(t).Rotary?.Dims ?? 0) / (double)A(t).HeadDim : null),
        Factor.Word("mlp", "Shape of the MLP.", (r, mlp) => r with { Traits = r.Traits with { Mlp = mlp } }, t => A(t).Mlp, ("plain", MlpKind.Plain), ("gated", MlpKind.Gated)),
        Factor.Word("activation", "Nonlinearity of the MLP.", (r, activation) => r with { Traits = r.Traits with { Activation = activation } }, t => A(t).Activation,
            ("gelu", Activation.GeluErf), ("gelu-tanh", Activation.GeluTanh), ("silu", Activation.Silu), ("relu", Activation.Relu)),
        Factor.Word("biases", "Biases of attention and MLP; of a family that always has them they are held at 0.",
            (r, all) => r with { Traits = r.Traits with { QkvBias = all, AttnOutBias = all, MlpBias = all } }, t => A(t).MlpBias && !Held(t, WeightRole.MlpDownBias), ("all", true), ("none", false)),
        Factor.Flag("attention_biases", "Biases of attention alone; overrides biases.", (r, has) => r with { Traits = r.Traits with { QkvBias = has, AttnOutBias = has } }, t => A(t).QkvBias && !Held(t, WeightRole.QueryBias)),
        Factor.Flag("unembedding_bias", "A bias of the unembedding.", (r, has) => r with { Traits = r.Traits with { UnembeddingBias = has } }, t => A(t).UnembeddingBias && !Held(t, WeightRole.UnembeddingBias)),
        Factor.Flag("tied", "The unembedding is the embedding.", (r, tied) => r with { Traits = r.Traits with { Tied = tied } }, t => A(t).TiedUnembedding),
        Factor.Whole("vocabulary", LanguageOptions.Least, LanguageOptions.Most, "Tokens of the language.", (r, n) => r with { Language = r.Language with { Vocabulary = n } }, t => A(t).DVocab),
        Factor.Number("settled", 0, LanguageOptions.MostSettled, "Share of the language's contexts that have one continuation.", (r, share) => r with { Language = r.Language with { Settled = share } }, t => t.Recipe.Language.Settled),
        Factor.Seed("language_seed", "Seed of the language.", (r, seed) => r with { Language = r.Language with { Seed = seed } }, t => t.Recipe.Language.Seed),
    ];

    /// <summary>How it is trained.</summary>
    public static IReadOnlyList<Factor> OfTraining { get; } =
    [
        Factor.Word("initialisation", "How weights begin.", (r, scheme) => Begins(r, i => i with { Scheme = scheme }), t => I(t).Scheme,
            ("small-wang", InitialScheme.SmallWang), ("normal-scaled", InitialScheme.NormalScaled), ("gpt-j", InitialScheme.GptJ)),
        Factor.Number("initial_scale", 1e-3, 1e3, "Factor on every matrix.", (r, x) => Begins(r, i => i with { Scale = x }), t => I(t).Scale),
        Factor.Number("embedding_scale", 1e-3, 1e3, "Factor on embedding and learned positions.", (r, x) => Begins(r, i => i with { EmbeddingScale = x }), t => I(t).EmbeddingScale),
        Factor.Number("input_scale", 1e-3, 1e3, "Factor on queries, keys, values and what the MLP reads by.", (r, x) => Begins(r, i => i with { InputScale = x }), t => I(t).InputScale),
        Factor.Number("output_scale", 1e-3, 1e3, "Factor on what writes to the stream.", (r, x) => Begins(r, i => i with { OutputScale = x }), t => I(t).OutputScale),
        Factor.Number("unembedding_scale", 1e-3, 1e3, "Factor on an unembedding of its own.", (r, x) => Begins(r, i => i with { UnembeddingScale = x }), t => I(t).UnembeddingScale),
        Factor.Whole("steps", 1, 10_000_000, "Steps.", (r, n) => Trained(r, o => o with { Steps = n }), t => O(t).Steps),
        Factor.Whole("batch", 1, 4096, "Texts a step.", (r, n) => Trained(r, o => o with { Batch = n }), t => O(t).Batch),
        Factor.Whole("tokens", 8, 4096, "Tokens of a text, and the context.", (r, n) => Trained(r, o => o with { Tokens = n }), t => O(t).Tokens),
        Factor.NumberOr("distinct_texts", "unlimited", 1, 1e12, "So many texts over and over.", (r, n) => Trained(r, o => o with { Distinct = n is { } some ? (long)some : null }), t => O(t).Distinct),
        Factor.Number("learning_rate", 1e-9, 1e3, "Peak.", (r, x) => Trained(r, o => o with { Rate = o.Rate with { Peak = x } }), t => O(t).Rate.Peak),
        Factor.Whole("warm_up", 0, 10_000_000, "Steps to the peak.", (r, n) => Trained(r, o => o with { Rate = o.Rate with { WarmUp = n } }), t => O(t).Rate.WarmUp),
        Factor.Number("floor", 0, 1, "Share of the peak at the end.", (r, x) => Trained(r, o => o with { Rate = o.Rate with { Floor = x } }), t => O(t).Rate.Floor),
        Factor.NumberOr("aim", "floor", 0, 1, "Share of the peak that the cosine aims at; GPT-NeoX aims at 0 and stops at the floor.", (r, x) => Trained(r, o => o with { Rate = o.Rate with { Landing = x } }), t => O(t).Rate.Landing),
        Factor.Number("beta1", 0, 0.9999, "AdamW's β₁.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Beta1 = x } }), t => O(t).AdamW.Beta1),
        Factor.Number("beta2", 0, 0.99999, "AdamW's β₂.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Beta2 = x } }), t => O(t).AdamW.Beta2),
        Factor.Number("epsilon", 1e-20, 1, "AdamW's ε.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Epsilon = x } }), t => O(t).AdamW.Epsilon),
        Factor.Number("decay", 0, 100, "Of matrices, per step and unit of learning rate.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { Decay = x } }), t => O(t).AdamW.Decay),
        Factor.NumberOr(
            "decay_peak", "none", 0, 100, "What decay rises to over the second third of the steps, to fall back over the last.", (r, x) => Trained(r, o => o with { AdamW = o.AdamW with { DecayPeak = x } }),
            t => O(t).AdamW.DecayPeak),
        Factor.NumberOr("clip", "none", 1e-6, 1e6, "Longest gradient.", (r, x) => Trained(r, o => o with { Clip = x }), t => O(t).Clip),
        Factor.Number("z_term", 0, 10, "c of c·⟨(ln Z)²⟩ in the loss.", (r, x) => Trained(r, o => o with { ZTerm = x }), t => O(t).ZTerm),
        Factor.Whole("bias_multiplicity", 1, 64, "How often biases of what is added to the stream are counted in the update.", (r, n) => Trained(r, o => o with { BiasMultiplicity = n }), t => O(t).BiasMultiplicity),
        Factor.Flag("hold_final_norm", "The final norm's weight stays where it begins.", (r, held) => Trained(r, o => o with { HoldsFinalNorm = held }), t => O(t).HoldsFinalNorm),
        Factor.Seed("weight_seed", "Seed of the weights.", (r, seed) => Trained(r, o => o with { WeightSeed = seed }), t => O(t).WeightSeed),
        Factor.Seed("data_seed", "Seed of the texts.", (r, seed) => Trained(r, o => o with { DataSeed = seed }), t => O(t).DataSeed),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Factor> All { get; } = [.. OfNetworks, .. OfTraining];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(factor => factor.Name)];

    /// <summary>A factor by its name.</summary>
    public static Factor Of(string name) => All.Single(factor => factor.Name == name);

    /// <summary>The table of docs/twins.md.</summary>
    public static string Documentation() => string.Concat(All.Select(factor => $"| `{factor.Name}` | {factor.Values} | {factor.What} |\n").Prepend("| key | values | what it is |\n| --- | --- | --- |\n"));

    static Architecture A(Twin twin) => twin.Cell.Form.Architecture;

    static TrainingOptions O(Twin twin) => twin.Recipe.Options;

    static Initialisation I(Twin twin) => twin.Recipe.Options.Initialisation;

    static bool Held(Twin twin, WeightRole role) => twin.Cell.Form.HeldAtZero.Contains(role);

    static TwinRecipe Trained(TwinRecipe recipe, Func<TrainingOptions, TrainingOptions> with) => recipe with { Options = with(recipe.Options) };

    static TwinRecipe Begins(TwinRecipe recipe, Func<Initialisation, Initialisation> with) => Trained(recipe, o => o with { Initialisation = with(o.Initialisation) });
}
