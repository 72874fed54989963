using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>config.json or GGUF metadata → a description.</summary>
public static class ArchitectureReader
{
    /// <summary>Reads the description of an open checkpoint.</summary>
    /// <remarks>
    /// Every key is understood, known to be harmless, or refused by name; a key that is absent takes the reference
    /// implementation's default, which <see cref="Architecture.Defaults"/> records.
    /// </remarks>
    /// <exception cref="InputException">A family, key or value that is not understood, or that contradicts another.</exception>
    public static Architecture Read(Checkpoint checkpoint)
    {
        (ConfigKind kind, string file, string typeKey, IReadOnlyDictionary<string, ConfigValue> values) = Open(checkpoint);
        Family family = FamilyOf(kind, file, typeKey, values);
        var config = new ConfigReader(values, file, family);
        config.RefuseBeyondLimits();

        int dModel = Stated(family.Sizes.DModel);
        int nLayers = Stated(family.Sizes.NLayers);
        int nHeads = Stated(family.Sizes.NHeads);
        int nKvHeads = Size(family.Sizes.NKvHeads);
        if (nHeads % nKvHeads != 0)
            throw ArchitectureErrors.NotDivisible(
                family.Sizes.NHeads.Names[0], nHeads, family.Sizes.NKvHeads.Names[0], nKvHeads, file);
        int headDim = Size(family.Sizes.HeadDim);
        if ((long)nHeads * headDim > int.MaxValue)
            throw ArchitectureErrors.TooWide(nHeads, headDim, file);

        var architecture = new Architecture
        {
            Family = family,
            NLayers = nLayers,
            DModel = dModel,
            NHeads = nHeads,
            NKvHeads = nKvHeads,
            HeadDim = headDim,
            DFf = Size(family.Sizes.DFf),
            DVocab = Size(family.Sizes.DVocab),
            NCtx = Size(family.Sizes.NCtx),
            Norm = family.Norm,
            NormEpsilon = Epsilon(),
            Wiring = Is(family.Wiring.Flag) ? family.Wiring.IfTrue : family.Wiring.IfFalse,
            Rotary = RotaryReader.Read(config, family, headDim, checkpoint.Tensors),
            Activation = ActivationOf(),
            Mlp = family.Mlp,
            QkvBias = Is(family.QkvBias),
            AttnOutBias = Is(family.AttnOutBias),
            MlpBias = Is(family.MlpBias),
            TiedUnembedding = Is(family.TiedUnembedding),
            AttentionScale = 1 / Math.Sqrt(headDim),
            Defaults = [.. config.Defaults],
        };
        config.RefuseUnknown();
        return architecture;

        int Stated(SizeKey key) => config.Size(key.Names) ??
            (key.Default is { } value ? config.Default(key.Names[0], value) : throw ArchitectureErrors.Missing(key.Names[0], file, family));

        int Size(SizeKey key)
        {
            if (key.Otherwise == SizeFallback.None) return Stated(key);
            if (config.Size(key.Names, nullIsAbsent: true) is { } stated) return stated;
            (int value, string because) = key.Otherwise switch
            {
                SizeFallback.NHeads => (nHeads, family.Sizes.NHeads.Names[0]),
                SizeFallback.DModelOverNHeads => (
                    dModel % nHeads == 0
                        ? dModel / nHeads
                        : throw ArchitectureErrors.NotDivisible(
                            family.Sizes.DModel.Names[0], dModel, family.Sizes.NHeads.Names[0], nHeads, file),
                    $"{family.Sizes.DModel.Names[0]} / {family.Sizes.NHeads.Names[0]}"),
                SizeFallback.EmbeddingRows => EmbeddingRows(),
                _ => throw new InvalidOperationException($"No rule for {key.Otherwise}."),
            };
            return key.Names.Count == 0 ? value : config.Default(key.Names[0], value, because);
        }

        (int, string) EmbeddingRows()
        {
            string name = family.Tensors[WeightRole.Embedding].Name;
            return checkpoint.Tensors.TryGetValue(name, out Tensor? embedding) && embedding.Shape is [>= 1 and <= int.MaxValue, _]
                ? ((int)embedding.Shape[0], $"rows of {name}")
                : throw WeightErrors.Missing(name, checkpoint);
        }

        double Epsilon() => config.Number(family.NormEpsilon.Names, e => e > 0, "a number above 0") ??
            (family.NormEpsilon.Default is { } value
                ? config.Default(family.NormEpsilon.Names[0], value)
                : throw ArchitectureErrors.Missing(family.NormEpsilon.Names[0], file, family));

        bool Is(Flag flag) => flag switch
        {
            Flag.Always always => always.Value,
            Flag.ByKey key => config.Bool(key.Name, key.Default),
            Flag.ByTensor tensor => checkpoint.Tensors.ContainsKey(family.Tensors[tensor.Role].NameIn(0)) == tensor.WhenStored,
            _ => throw new InvalidOperationException($"No rule for {flag}."),
        };

        Activation ActivationOf()
        {
            ActivationKey key = family.Activation;
            if (key.Name is null) return ActivationNames.All[key.Default];
            string name = config.Text([key.Name])?.Value ?? config.Default(key.Name, key.Default);
            return ActivationNames.All.TryGetValue(name, out Activation activation)
                ? activation
                : throw ArchitectureErrors.UnknownActivation(key.Name, name, file, ActivationNames.All.Keys);
        }
    }

    static (ConfigKind, string File, string TypeKey, IReadOnlyDictionary<string, ConfigValue>) Open(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is { } metadata)
            return (ConfigKind.Gguf, checkpoint.Path, "general.architecture",
                metadata.Values.ToDictionary(pair => pair.Key, pair => ConfigValue.Of(pair.Value), StringComparer.Ordinal));
        string file = Path.Combine(checkpoint.Path, "config.json");
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
