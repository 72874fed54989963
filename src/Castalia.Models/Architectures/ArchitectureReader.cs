using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>config.json or GGUF metadata → a description.</summary>
static class ArchitectureReader
{
    /// <summary>Reads the description of an open checkpoint.</summary>
    /// <remarks>
    /// Every key is understood, known to be harmless, or refused by name; a key that is absent takes the reference
    /// implementation's default, which <see cref="Architecture.Defaults"/> records.
    /// </remarks>
    /// <exception cref="InputException">A family, key or value that is not understood, or that contradicts another.</exception>
    public static Architecture Read(Checkpoint checkpoint) =>
        Malformed.Unless(checkpoint.Metadata is null ? ConfigFile(checkpoint) : checkpoint.Path, () => Described(checkpoint));

    static Architecture Described(Checkpoint checkpoint)
    {
        (ConfigKind kind, string file, string typeKey, IReadOnlyDictionary<string, ConfigValue> values) = Open(checkpoint);
        Family family = FamilyOf(kind, file, typeKey, values);
        var config = new ConfigReader(values, file, family);
        config.RefuseBeyondLimits();
        var (prefix, tensors) = TensorNames.Of(family, checkpoint);
        var flags = new FlagReader(config, tensors, checkpoint);
        var sizes = SizesReader.Read(config, family, tensors, flags, checkpoint);
        (int nLayers, int headDim) = (sizes.NLayers, sizes.HeadDim);

        bool hasAlibi = family.Alibi is { } rule && flags.Is(rule.When);
        bool hasRotary = family.Rotary is not null && !hasAlibi;
        Rotary? rotary = hasRotary ? RotaryReader.Read(config, family, family.Rotary!, sizes, checkpoint.Tensors) : null;
        Rotary? windowed = hasRotary && family.WindowedRotary is { } w ? RotaryReader.Read(config, family, w, sizes, checkpoint.Tensors) : null;
        if (family.Rotary is { } unused && hasAlibi) config.Ignore([.. unused.Keys]);
        double scale = AttentionReader.Scale(config, family, flags, headDim);
        var architecture = new Architecture
        {
            Family = family,
            Tensors = tensors,
            NamePrefix = prefix,
            NLayers = nLayers,
            DModel = sizes.DModel,
            NHeads = sizes.NHeads,
            NKvHeads = sizes.NKvHeads,
            HeadDim = headDim,
            DFf = sizes.DFf,
            DVocab = sizes.DVocab,
            NCtx = Reach(sizes.NCtx, rotary?.Scaling),
            Norm = family.Norm,
            NormEpsilon = config.Number(family.NormEpsilon, e => e > 0, "a number above 0"),
            NormPlacement = family.NormPlacement,
            NormWeightPlusOne = family.NormWeightPlusOne,
            QkNorm = flags.Settle(family.QkNorm),
            Wiring = flags.Settle(family.Wiring),
            Rotary = rotary,
            WindowedRotary = windowed,
            Alibi = hasAlibi
                ? new(
                    config.Number(family.Alibi!.MaxBias, b => b > 0, "a number above 0"), family.Alibi.Scaled, family.Alibi.Times,
                    family.Alibi.InBFloat16)
                : null,
            LearnedPositions = family.LearnedPositions,
            Windows = family.Windows is { } windows ? AttentionReader.Windows(config, windows, flags, nLayers) : null,
            Activation = ActivationReader.Read(config, family.Activation),
            Mlp = family.Mlp,
            Mixture = family.Mixture is { } experts ? SizesReader.Experts(config, experts, checkpoint) : null,
            QkvBias = flags.Is(family.QkvBias),
            AttnOutBias = flags.Is(family.AttnOutBias),
            MlpBias = flags.Is(family.MlpBias),
            TiedUnembedding = flags.Is(family.TiedUnembedding),
            UnembeddingBias = flags.Is(family.UnembeddingBias),
            AttentionScale = scale,
            AttentionScaleByBlock = flags.Is(family.AttentionScale.ByBlock),
            AttentionSoftcap = config.Optional(family.AttentionSoftcap, MostCap),
            ClipQkv = config.Optional(family.ClipQkv),
            EmbeddingScale = family.EmbeddingScale switch
            {
                null => 1,
                { Stated: { } key } => config.Number(key, IsFactor, Factor),
                _ => Math.Sqrt(sizes.DModel),
            },
            ResidualScale = family.ResidualScale is { } residual ? config.Number(residual, IsFactor, Factor) : 1,
            LogitScale =
                (family.LogitScale is { } times ? config.Number(times, IsFactor, Factor) : 1) /
                (family.LogitDivisor is { } by ? config.Number(by, IsFactor, Factor) : 1),
            LogitSoftcap = config.Optional(family.LogitSoftcap, MostCap),
            Defaults = [.. config.Defaults],
        };
        config.RefuseUnknown();
        return config.PassedOver.Count == 0 ? architecture : architecture with { PassedOver = [.. config.PassedOver] };
    }

    const double MostCap = 1e6; // c·tanh(x/c) is exact to 1e-16·c

    const string Factor = "a number other than 0, within ±3.40282e+38";

    static bool IsFactor(double value) => value != 0 && Math.Abs(value) <= float.MaxValue;

    /// <summary>How far scaled rotary frequencies take a context; of stretched ones configs state now one length, now the other.</summary>
    static int Reach(int nCtx, RotaryScaling? scaling) => scaling switch
    {
        RotaryScaling.Dynamic => int.MaxValue, // the frequencies follow the prompt
        RotaryScaling.Linear linear => Stretched(nCtx, linear.Factor),
        RotaryScaling.Yarn yarn => Math.Max(nCtx, Stretched(yarn.OriginalContext, yarn.Factor)),
        _ => nCtx,
    };

    static int Stretched(int nCtx, double factor) => (int)Math.Min(int.MaxValue, nCtx * factor);

    static string ConfigFile(Checkpoint checkpoint) => Path.Combine(checkpoint.Path, "config.json");

    static (ConfigKind, string File, string TypeKey, IReadOnlyDictionary<string, ConfigValue>) Open(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } metadata)
            return (ConfigKind.Gguf, checkpoint.Path, "general.architecture",
                metadata.Values.ToDictionary(pair => pair.Key, pair => ConfigValue.Of(pair.Value), StringComparer.Ordinal));
        string file = ConfigFile(checkpoint);
        return checkpoint.Config is { } config
            ? (ConfigKind.HuggingFace, file, "model_type", ConfigValue.Of(config).Children!)
            : throw ArchitectureErrors.NoConfig(file);
    }

    static Family FamilyOf(ConfigKind kind, string file, string typeKey, IReadOnlyDictionary<string, ConfigValue> values)
    {
        var names = Families.All.Where(f => f.Config == kind).Select(f => f.ModelType);
        string known = string.Join(", ", names.Order(StringComparer.Ordinal));
        if (!values.TryGetValue(typeKey, out ConfigValue? type)) throw ArchitectureErrors.NoType(typeKey, file, known);
        if (type.Value is not string name) throw ArchitectureErrors.WrongType(typeKey, type, file, "a string");
        return Families.All.FirstOrDefault(f => f.Config == kind && f.ModelType == name) ??
               throw ArchitectureErrors.UnknownType(typeKey, name, file, known);
    }
}
