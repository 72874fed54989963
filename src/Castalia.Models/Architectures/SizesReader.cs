using System.Globalization;
using Castalia.Checkpoints;

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
        int dModel = Stated(keys.DModel), nLayers = Stated(keys.NLayers, MostListed), nHeads = Stated(keys.NHeads, blocks: nLayers);
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
        // Rows of learned positions are the context and an offset.
        if (family.LearnedPositions is { } learned && nCtx > int.MaxValue - learned.Offset)
            throw ArchitectureErrors.OutOfRange(
                keys.NCtx.Names[0], Number(nCtx), config.File, $"a whole number from 1 to {Number(int.MaxValue - learned.Offset)}");
        return new(dModel, nLayers, nHeads, nKvHeads, headDim, dFf, dVocab, nCtx);

        int Stated(SizeKey key, int most = int.MaxValue, int blocks = 0)
        {
            if (Given(key, !config.IsNull([.. key.Names.Except(key.Unread)]), most, blocks) is { } stated) return stated;
            if (config.IsNull(key.Names.Take(1))) config.Size([key.Names[0]]); // refuses it: no other spelling states the size
            return key.Default is { } value ? config.Default(key.Names[0], value) : throw ArchitectureErrors.Missing(key.Names[0], config.File, family);
        }

        int? Given(SizeKey key, bool nullIsAbsent, int most, int blocks) =>
            key.PerBlock && blocks > 0 ? config.PerBlock(key.Names, blocks) : config.Size(key.Names, nullIsAbsent, most);

        int Size(SizeKey key)
        {
            bool isOne = key.OneWhen is { } one && flags.Is(one);
            bool isNull = config.IsNull([.. key.Names.Except(key.Unread)]);
            SizeFallback fallback = isNull && key.WhenNull != SizeFallback.None ? key.WhenNull : key.Otherwise;
            if (Given(key, fallback != SizeFallback.None || !isNull, int.MaxValue, nLayers) is { } stated) return isOne ? 1 : stated;
            if (isOne) return 1;
            if (fallback == SizeFallback.None) return Stated(key, blocks: nLayers);
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
            return checkpoint.Find(name) is { Shape: [>= 1 and <= int.MaxValue, _] } embedding
                ? ((int)embedding.Shape[0], $"rows of {name}")
                : throw WeightErrors.Missing(name, family, nLayers, checkpoint);
        }
    }

    static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

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
        int experts = config.Size(keys.Experts.Names, most: MostListed) ?? config.Default(keys.Experts.Names[0], keys.Experts.Default!.Value);
        int perToken = config.Size(keys.PerToken.Names) ?? config.Default(keys.PerToken.Names[0], keys.PerToken.Default!.Value);
        CheckStored(keys.Experts.Names[0], experts, "experts", config.File, checkpoint);
        return perToken <= experts
            ? new(experts, perToken)
            : throw ArchitectureErrors.TooFewExperts(keys.PerToken.Names[0], perToken, keys.Experts.Names[0], experts, config.File);
    }
}
