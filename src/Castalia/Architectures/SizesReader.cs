using System.Globalization;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>The sizes a config states or implies; members as in <see cref="Architecture"/>.</summary>
sealed record Sizes(int DModel, int NLayers, int NHeads, int NKvHeads, int HeadDim, int DFf, int DVocab, int NCtx);

/// <summary>The sizes of a config.</summary>
static class SizesReader
{
    /// <summary>More blocks or experts than any model has: what is listed for each of them stays small whatever a config claims.</summary>
    const int MostListed = 65536;

    /// <summary>Reads them.</summary>
    public static Sizes Read(
        ConfigReader config, Family family, IReadOnlyDictionary<WeightRole, TensorSlot> tensors, FlagReader flags, Checkpoint checkpoint)
    {
        SizeKeys keys = family.Sizes;
        int dModel = Stated(keys.DModel), nLayers = Stated(keys.NLayers, MostListed), nHeads = Stated(keys.NHeads);
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
        int nCtx = Size(keys.NCtx);
        // Rows of learned positions are the context and an offset.
        if (family.LearnedPositions is { } learned && nCtx > int.MaxValue - learned.Offset)
            throw ArchitectureErrors.OutOfRange(
                keys.NCtx.Names[0], Number(nCtx), config.File, $"a whole number from 1 to {Number(int.MaxValue - learned.Offset)}");
        return new(dModel, nLayers, nHeads, nKvHeads, headDim, Size(keys.DFf), Size(keys.DVocab), nCtx);

        int Stated(SizeKey key, int most = int.MaxValue)
        {
            if (config.Size(key.Names, !config.IsNull([.. key.Names.Except(key.Unread)]), most) is { } stated) return stated;
            if (config.IsNull(key.Names.Take(1))) config.Size([key.Names[0]]); // refuses it: no other spelling states the size
            return key.Default is { } value ? config.Default(key.Names[0], value) : throw ArchitectureErrors.Missing(key.Names[0], config.File, family);
        }

        int Size(SizeKey key)
        {
            bool isOne = key.OneWhen is { } one && flags.Is(one);
            bool isNull = config.IsNull([.. key.Names.Except(key.Unread)]);
            SizeFallback fallback = isNull && key.WhenNull != SizeFallback.None ? key.WhenNull : key.Otherwise;
            if (config.Size(key.Names, nullIsAbsent: fallback != SizeFallback.None || !isNull) is { } stated) return isOne ? 1 : stated;
            if (isOne) return 1;
            if (fallback == SizeFallback.None) return Stated(key);
            (int value, string because) = fallback switch
            {
                SizeFallback.NHeads => (nHeads, keys.NHeads.Names[0]),
                SizeFallback.DModelOverNHeads => (
                    dModel % nHeads == 0
                        ? dModel / nHeads
                        : throw ArchitectureErrors.NotDivisible(
                            keys.DModel.Names[0], dModel, keys.NHeads.Names[0], nHeads, config.File),
                    $"{keys.DModel.Names[0]} / {keys.NHeads.Names[0]}"),
                SizeFallback.FourDModel => (
                    dModel <= int.MaxValue / 4 ? 4 * dModel : throw ArchitectureErrors.TooWideMlp(keys.DModel.Names[0], dModel, config.File),
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
            return checkpoint.Tensors.TryGetValue(name, out Tensor? embedding) && embedding.Shape is [>= 1 and <= int.MaxValue, _]
                ? ((int)embedding.Shape[0], $"rows of {name}")
                : throw WeightErrors.Missing(name, checkpoint);
        }
    }

    static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    /// <summary>The experts of a mixture.</summary>
    public static Mixture Experts(ConfigReader config, MixtureKeys keys)
    {
        int experts = config.Size(keys.Experts.Names, most: MostListed) ?? config.Default(keys.Experts.Names[0], keys.Experts.Default!.Value);
        int perToken = config.Size(keys.PerToken.Names) ?? config.Default(keys.PerToken.Names[0], keys.PerToken.Default!.Value);
        return perToken <= experts
            ? new(experts, perToken)
            : throw ArchitectureErrors.TooFewExperts(keys.PerToken.Names[0], perToken, keys.Experts.Names[0], experts, config.File);
    }
}
