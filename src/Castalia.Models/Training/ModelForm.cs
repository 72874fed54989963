using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Errors;

namespace Castalia.Training;

/// <summary>A network to be trained, in the form of a family of the hub.</summary>
/// <remarks>
/// The families are asked in turn, that of the usual traits first: a family that states every trait wanted in its config.json, read back, is taken. A bias that the family
/// always has and the traits do not is held at 0, which is the same network.
/// </remarks>
sealed record ModelForm
{
    /// <summary>Families that are asked, and the class of transformers that reads each.</summary>
    static readonly (string ModelType, string Class)[] s_families =
    [
        ("gpt_neox", "GPTNeoXForCausalLM"), ("gptj", "GPTJForCausalLM"), ("phi", "PhiForCausalLM"), ("gpt2", "GPT2LMHeadModel"), ("opt", "OPTForCausalLM"),
        ("llama", "LlamaForCausalLM"), ("stablelm", "StableLmForCausalLM"), ("mistral", "MistralForCausalLM"), ("qwen2", "Qwen2ForCausalLM"), ("gemma", "GemmaForCausalLM"),
    ];

    /// <summary>The description.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>config.json.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>Biases that are there and stay 0.</summary>
    public required IReadOnlySet<WeightRole> HeldAtZero { get; init; }

    /// <summary>Names of the families that can be asked for.</summary>
    public static IReadOnlyList<string> Families { get; } = [.. s_families.Select(family => family.ModelType)];

    /// <summary>Finds it.</summary>
    /// <param name="traits">What it is to be.</param>
    /// <param name="place">Where that was asked for.</param>
    /// <exception cref="InputException">No family has such networks; sizes that no network can have.</exception>
    public static ModelForm Of(ModelTraits traits, string place)
    {
        if (traits.NHeads < 1 || traits.DModel % traits.NHeads != 0) throw TrainingErrors.NotInHeads(place, traits.DModel, traits.NHeads);
        var wanted = Wanted(traits, Possible(traits, place));
        string[]? fewest = null;
        string nearest = "";
        foreach (string type in Families.OrderByDescending(type => type == traits.Family)) // stable
        {
            var (form, missed) = In(FamilyOf(type), wanted, traits);
            if (form is not null) return form;
            if (fewest is null || missed.Length < fewest.Length) (fewest, nearest) = (missed, FamilyOf(type).Title);
        }
        throw TrainingErrors.NoFamily(place, nearest, fewest!);
    }

    /// <summary>The usual description, or what is wrong with the sizes where they were asked for.</summary>
    static Architecture Possible(ModelTraits traits, string place)
    {
        try
        {
            return Usual(FamilyOf(traits.Family), traits);
        }
        catch (InputException e)
        {
            throw TrainingErrors.NoSuchNetwork(place, FamilyOf(traits.Family).Title, e);
        }
    }

    static Family FamilyOf(string type) => Architectures.Families.All.Single(family => family.Config == ConfigKind.HuggingFace && family.ModelType == type);

    /// <summary>The description that the family gives to a config of nothing but sizes.</summary>
    static Architecture Usual(Family family, ModelTraits traits)
    {
        var keys = new ConfigKeyWriter();
        keys.Set("model_type", family.ModelType);
        bool isGated = (traits.Mlp ?? family.Mlp) != MlpKind.Plain;
        int dFf = traits.DFf ?? (isGated ? (8 * traits.DModel / 3 + 15) / 16 * 16 : 4 * traits.DModel);
        foreach (var (key, value) in new[]
        {
            (family.Sizes.DModel, traits.DModel), (family.Sizes.NLayers, traits.NLayers), (family.Sizes.NHeads, traits.NHeads), (family.Sizes.NKvHeads, traits.NKvHeads ?? traits.NHeads),
            (family.Sizes.HeadDim, traits.DModel / traits.NHeads), (family.Sizes.DFf, dFf), (family.Sizes.DVocab, traits.DVocab), (family.Sizes.NCtx, traits.NCtx),
        })
            if (key.Names.Count > 0) keys.Set(key.Names[0], value);
        int headDim = traits.DModel / traits.NHeads;
        double? share = traits.LearnedPositions == true ? 1 : traits.RotaryFraction;
        if (family.Rotary?.Dims is { Names.Count: > 0 } dims) keys.Set(dims.Names[0], EvenShare(headDim, share ?? 0.25)); // GPT-J's 64 of 256
        else if (share is { } asked && family.Rotary is { WholeHead: false, Fraction.Names: [var fraction, ..] }) keys.Set(fraction, (double)EvenShare(headDim, asked) / headDim);
        return Read(keys.Result);
    }

    static Architecture Wanted(ModelTraits traits, Architecture usual) => usual with
    {
        NKvHeads = traits.NKvHeads ?? traits.NHeads,
        Wiring = traits.Wiring ?? usual.Wiring,
        Norm = traits.Norm ?? usual.Norm,
        Rotary = traits.LearnedPositions == true ? null
            : traits.RotaryFraction is { } fraction ? (usual.Rotary ?? new() { Dims = 0, Base = 10000, Pairing = RotaryPairing.HalfSplit }) with { Dims = EvenShare(usual.HeadDim, fraction) }
            : usual.Rotary,
        LearnedPositions = traits.LearnedPositions == true ? usual.LearnedPositions ?? new(0)
            : traits.RotaryFraction is not null || traits.LearnedPositions == false ? null
            : usual.LearnedPositions,
        Mlp = traits.Mlp ?? usual.Mlp,
        Activation = traits.Activation ?? usual.Activation,
        QkvBias = traits.QkvBias ?? usual.QkvBias,
        AttnOutBias = traits.AttnOutBias ?? usual.AttnOutBias,
        MlpBias = traits.MlpBias ?? usual.MlpBias,
        UnembeddingBias = traits.UnembeddingBias ?? usual.UnembeddingBias,
        TiedUnembedding = traits.Tied ?? usual.TiedUnembedding,
    };

    static int EvenShare(int headDim, double fraction) => 2 * (int)(headDim * fraction / 2);

    /// <summary>The form in a family, or what of the traits it lacks.</summary>
    static (ModelForm? Form, string[] Missed) In(Family family, Architecture wanted, ModelTraits traits)
    {
        Architecture usual, found;
        JsonObject config;
        try
        {
            usual = Usual(family, traits with { Mlp = wanted.Mlp });
            config = ConfigWriter.Of(wanted with
            {
                Family = family,
                Tensors = family.Tensors,
                Norm = family.Norm,
                Mlp = family.Mlp,
                Windows = usual.Windows,
                DFf = wanted.DFf,
                Rotary = wanted.Rotary is { } rotary ? rotary with { Pairing = family.Rotary?.Pairing ?? rotary.Pairing } : null,
            });
            found = Read(config);
            found = ArchitectureReader.Read(StoredTensors.Imagined(config, StoredTensors.Of(found)));
        }
        catch (InputException e)
        {
            return (null, [e.Cause.TrimEnd('.'), "", ""]);
        }
        string[] missed = [.. FormTraits.Differences(wanted, found)];
        if (missed.Length > 0) return (null, missed);
        config["architectures"] = new JsonArray(s_families.Single(pair => pair.ModelType == family.ModelType).Class);
        config["torch_dtype"] = "float32";
        config["bos_token_id"] = Language.Beginning;
        config["eos_token_id"] = Language.Beginning;
        return (new() { Architecture = found, Config = config, HeldAtZero = FormTraits.Surplus(wanted, found) }, missed);
    }

    static Architecture Read(JsonObject config) => ArchitectureReader.Read(StoredTensors.Imagined(config, []));
}
