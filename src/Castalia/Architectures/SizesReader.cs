using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>The sizes a config states or implies; members as in <see cref="Architecture"/>.</summary>
sealed record Sizes(int DModel, int NLayers, int NHeads, int NKvHeads, int HeadDim, int DFf, int DVocab, int NCtx);

/// <summary>The sizes of a config.</summary>
static class SizesReader
{
    /// <summary>Reads them.</summary>
    public static Sizes Read(
        ConfigReader config, Family family, IReadOnlyDictionary<WeightRole, TensorSlot> tensors, FlagReader flags, Checkpoint checkpoint)
    {
        SizeKeys keys = family.Sizes;
        int dModel = Stated(keys.DModel), nLayers = Stated(keys.NLayers), nHeads = Stated(keys.NHeads);
        int nKvHeads = Size(keys.NKvHeads);
        if (nHeads % nKvHeads != 0)
            throw ArchitectureErrors.NotDivisible(
                keys.NHeads.Names[0], nHeads, keys.NKvHeads.Names.FirstOrDefault("key/value heads"), nKvHeads, config.File);
        CheckStored(keys.NLayers.Names[0], nLayers, "blocks", config.File, checkpoint);
        int headDim = Size(keys.HeadDim);
        if (tensors.TryGetValue(WeightRole.QueryNorm, out var norm) && norm.InParts) CheckStored(keys.NHeads.Names[0], nHeads, "heads", config.File, checkpoint);
        if ((long)nHeads * headDim > int.MaxValue) throw ArchitectureErrors.TooWide(nHeads, headDim, config.File);
        if (family.EmbeddingWidth is { } width && config.Size(width.Names, nullIsAbsent: true) is { } stored && stored != dModel)
            throw ArchitectureErrors.EmbeddingWidth(width.Names[0], stored, dModel, config.File);
        bool isQuartered = family.Tensors[WeightRole.Query].Rows == RowOrder.FusedInQuartersQuery;
        if (isQuartered && nHeads % 4 != 0) throw ArchitectureErrors.NotInQuarters(keys.NHeads.Names[0], nHeads, config.File);
        int dFf = Size(keys.DFf), dVocab = Size(keys.DVocab), nCtx = Size(keys.NCtx);
        if (family.LearnedPositions is { } positions && nCtx > int.MaxValue - positions.Offset)
            throw ArchitectureErrors.TooLarge(keys.NCtx.Names[0], nCtx, "rows of the table of positions", (long)nCtx + positions.Offset, config.File);
        return new(dModel, nLayers, nHeads, nKvHeads, headDim, dFf, dVocab, nCtx);

        int Stated(SizeKey key) => config.Size(key.Names) ?? (key.Default is { } value
            ? config.Default(key.Names[0], value)
            : throw ArchitectureErrors.Missing(key.Names[0], config.File, family));

        int Size(SizeKey key)
        {
            bool isOne = key.OneWhen is { } one && flags.Is(one);
            if (key.Otherwise == SizeFallback.None) return Stated(key);
            if (config.Size(key.Names, nullIsAbsent: true) is { } stated) return isOne ? 1 : stated;
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
                SizeFallback.FourDModel => (
                    dModel <= int.MaxValue / 4
                        ? 4 * dModel
                        : throw ArchitectureErrors.TooLarge(keys.DModel.Names[0], dModel, "dimensions of the MLP", 4L * dModel, config.File),
                    $"4 · {keys.DModel.Names[0]}"),
                SizeFallback.EmbeddingRows => EmbeddingRows(),
                SizeFallback.Unlimited => (int.MaxValue, "positions have no end"),
                _ => throw new InvalidOperationException($"No rule for {key.Otherwise}."),
            };
            return key.Names.Count == 0 ? value : config.Default(key.Names[0], value, because);
        }

        (int, string) EmbeddingRows()
        {
            string name = tensors[WeightRole.Embedding].Name;
            return checkpoint.Find(name) is { Shape: [>= 1 and <= int.MaxValue, _] } embedding
                ? ((int)embedding.Shape[0], $"rows of {name}")
                : throw WeightErrors.Missing(name, family, nLayers, checkpoint);
        }
    }

    /// <summary>Counts up to this many are taken without a look at the tensors: what is made for each is small.</summary>
    const int Few = 1024;

    /// <summary>Of what has tensors of its own there cannot be more than the checkpoint has tensors; nothing is made for what is not there.</summary>
    static void CheckStored(string key, int count, string what, string file, Checkpoint checkpoint)
    {
        if (count > Math.Max(Few, (long)checkpoint.Tensors.Count + checkpoint.Aliases.Count))
            throw ArchitectureErrors.MoreThanStored(key, count, what, checkpoint.Tensors.Count, file);
    }

    /// <summary>The experts of a mixture.</summary>
    public static Mixture Experts(ConfigReader config, MixtureKeys keys, Checkpoint checkpoint)
    {
        int experts = config.Size(keys.Experts.Names) ?? config.Default(keys.Experts.Names[0], keys.Experts.Default!.Value);
        int perToken = config.Size(keys.PerToken.Names) ?? config.Default(keys.PerToken.Names[0], keys.PerToken.Default!.Value);
        CheckStored(keys.Experts.Names[0], experts, "experts", config.File, checkpoint);
        return perToken <= experts
            ? new(experts, perToken)
            : throw ArchitectureErrors.TooFewExperts(keys.PerToken.Names[0], perToken, keys.Experts.Names[0], experts, config.File);
    }
}
