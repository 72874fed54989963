using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>The sizes a config states or implies; members as in <see cref="Architecture"/>.</summary>
sealed record Sizes(int DModel, int NLayers, int NHeads, int NKvHeads, int HeadDim, int DFf, int DVocab, int NCtx);

/// <summary>The sizes of a config.</summary>
static class SizesReader
{
    const int MostBlocks = 4096; // that are believed before there is a look at the tensors

    /// <summary>Reads them.</summary>
    public static Sizes Read(
        ConfigReader config, Family family, IReadOnlyDictionary<WeightRole, TensorSlot> tensors, FlagReader flags, Checkpoint checkpoint)
    {
        SizeKeys keys = family.Sizes;
        int dModel = OrDefault(keys.DModel, config.Size(keys.DModel.Names)), nLayers = OrDefault(keys.NLayers, config.Size(keys.NLayers.Names));
        if (nLayers > MostBlocks && nLayers > checkpoint.Tensors.Count)
            throw ArchitectureErrors.BlocksBeyondTensors(keys.NLayers.Names[0], nLayers, checkpoint.Tensors.Count, config.File);
        int nHeads = Stated(keys.NHeads);
        int nKvHeads = Size(keys.NKvHeads);
        if (nHeads % nKvHeads != 0)
            throw ArchitectureErrors.NotDivisible(
                keys.NHeads.Names[0], nHeads, keys.NKvHeads.Names.FirstOrDefault("key/value heads"), nKvHeads, config.File);
        int headDim = Size(keys.HeadDim);
        if ((long)nHeads * headDim > int.MaxValue) throw ArchitectureErrors.TooWide(nHeads, headDim, config.File);
        if (family.EmbeddingWidth is { } width && config.Size(width.Names, nullIsAbsent: true) is { } stored && stored != dModel)
            throw ArchitectureErrors.EmbeddingWidth(width.Names[0], stored, dModel, config.File);
        bool isQuartered = family.Tensors[WeightRole.Query].Rows == RowOrder.FusedInQuartersQuery;
        if (isQuartered && nHeads % 4 != 0) throw ArchitectureErrors.NotInQuarters(keys.NHeads.Names[0], nHeads, config.File);
        return new(
            dModel, nLayers, nHeads, nKvHeads, headDim, Size(keys.DFf), Size(keys.DVocab), Size(keys.NCtx));

        int? Given(SizeKey key, bool nullIsAbsent = false) =>
            key.PerBlock ? config.PerBlock(key.Names, nLayers) : config.Size(key.Names, nullIsAbsent);

        int Stated(SizeKey key) => OrDefault(key, Given(key));

        int OrDefault(SizeKey key, int? stated) => stated ?? (key.Default is { } value
            ? config.Default(key.Names[0], value)
            : throw ArchitectureErrors.Missing(key.Names[0], config.File, family));

        int Size(SizeKey key)
        {
            bool isOne = key.OneWhen is { } one && flags.Is(one);
            if (key.Otherwise == SizeFallback.None) return Stated(key);
            if (Given(key, nullIsAbsent: true) is { } stated) return isOne ? 1 : stated;
            if (isOne) return 1;
            (int value, string because) = key.Otherwise switch
            {
                SizeFallback.NHeads => (nHeads, keys.NHeads.Names[0]),
                SizeFallback.DModelOverNHeads => (
                    dModel % nHeads == 0
                        ? dModel / nHeads
                        : throw ArchitectureErrors.NotDivisible(
                            keys.DModel.Names[0], dModel, keys.NHeads.Names[0], nHeads, config.File),
                    $"{keys.DModel.Names[0]} / {keys.NHeads.Names[0]}"),
                SizeFallback.FourDModel => (checked(4 * dModel), $"4 · {keys.DModel.Names[0]}"),
                SizeFallback.EmbeddingRows => EmbeddingRows(),
                SizeFallback.Unlimited => (int.MaxValue, "positions have no end"),
                _ => throw new InvalidOperationException($"No rule for {key.Otherwise}."),
            };
            return key.Names.Count == 0 ? value : config.Default(key.Names[0], value, because);
        }

        (int, string) EmbeddingRows()
        {
            string name = tensors[WeightRole.Embedding].Name;
            return checkpoint.Tensors.TryGetValue(name, out Tensor? embedding) && embedding.Shape is [>= 1 and <= int.MaxValue, _]
                ? ((int)embedding.Shape[0], $"rows of {name}")
                : throw WeightErrors.Missing(name, checkpoint);
        }
    }

    /// <summary>The experts of a mixture.</summary>
    public static Mixture Experts(ConfigReader config, MixtureKeys keys)
    {
        int experts = config.Size(keys.Experts.Names) ?? config.Default(keys.Experts.Names[0], keys.Experts.Default!.Value);
        int perToken = config.Size(keys.PerToken.Names) ?? config.Default(keys.PerToken.Names[0], keys.PerToken.Default!.Value);
        return perToken <= experts
            ? new(experts, perToken)
            : throw ArchitectureErrors.TooFewExperts(keys.PerToken.Names[0], perToken, keys.Experts.Names[0], experts, config.File);
    }
}
