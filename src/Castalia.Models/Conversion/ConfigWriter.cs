using System.Text.Json.Nodes;
using Castalia.Architectures;

namespace Castalia.Conversion;

/// <summary>A description → the config.json from which <see cref="ArchitectureReader"/> reads it again.</summary>
/// <remarks>
/// Driven by the same keys that the reader looks for. What a family cannot state is left out here and found by reading the result back
/// (<see cref="ConversionPlan"/>).
/// </remarks>
static class ConfigWriter
{
    /// <summary>Writes every key of the family that the description settles, be it the default.</summary>
    public static JsonObject Of(Architecture a)
    {
        Family family = a.Family;
        var keys = new ConfigKeyWriter();
        keys.Set("model_type", family.ModelType);
        Sizes(keys, a);
        Number(keys, family.NormEpsilon, a.NormEpsilon);
        if (family.Activation.Name is { } activation) keys.Set(activation, NameOf(a.Activation, family.Activation.Default));
        keys.Settle(family.QkNorm, a.QkNorm);
        keys.Settle(family.Wiring, a.Wiring);
        keys.Settle(family.QkvBias, a.QkvBias);
        keys.Settle(family.AttnOutBias, a.AttnOutBias);
        keys.Settle(family.MlpBias, a.MlpBias);
        keys.Settle(family.TiedUnembedding, a.TiedUnembedding);
        keys.Settle(family.UnembeddingBias, a.UnembeddingBias);
        if (family.Alibi is { } alibi)
        {
            keys.Settle(alibi.When, a.Alibi is not null);
            if (a.Alibi is not null) Number(keys, alibi.MaxBias, a.Alibi.MaxBias);
        }
        if (family.Rotary is { } rotary && a.Rotary is not null) RotaryConfigWriter.Write(keys, rotary, a.Rotary, a.HeadDim);
        if (family.WindowedRotary is { } windowed && a.WindowedRotary is not null)
            RotaryConfigWriter.Write(keys, windowed, a.WindowedRotary, a.HeadDim);
        if (family.Windows is { } windows) WindowsConfigWriter.Write(keys, windows, a);
        Scales(keys, a);
        if (family.Mixture is { } mixture && a.Mixture is not null)
        {
            Size(keys, mixture.Experts, a.Mixture.Experts);
            Size(keys, mixture.PerToken, a.Mixture.PerToken);
        }
        return keys.Result;
    }

    static void Sizes(ConfigKeyWriter keys, Architecture a)
    {
        SizeKeys sizes = a.Family.Sizes;
        Size(keys, sizes.DModel, a.DModel);
        Size(keys, sizes.NLayers, a.NLayers);
        Size(keys, sizes.NHeads, a.NHeads);
        Size(keys, sizes.NKvHeads, a.NKvHeads);
        Size(keys, sizes.HeadDim, a.HeadDim);
        Size(keys, sizes.DFf, a.DFf);
        Size(keys, sizes.DVocab, a.DVocab);
        Size(keys, sizes.NCtx, RotaryConfigWriter.StatedContext(a));
    }

    static void Size(ConfigKeyWriter keys, SizeKey key, int value)
    {
        if (key.OneWhen is { } one) keys.Settle(one, value == 1);
        if (key.Names.Count > 0) keys.Set(key.Names[0], value);
    }

    static void Scales(ConfigKeyWriter keys, Architecture a)
    {
        Family family = a.Family;
        keys.Settle(family.AttentionScale.ByBlock, a.AttentionScaleByBlock);
        Number(keys, family.AttentionScale.Factor, a.AttentionScale);
        if (family.AttentionScale.InverseRootOf is { } root)
            Number(keys, root, a.AttentionScale == 1 / Math.Sqrt(a.HeadDim) ? a.HeadDim : 1 / (a.AttentionScale * a.AttentionScale));
        Optional(keys, family.AttentionSoftcap, a.AttentionSoftcap);
        Optional(keys, family.LogitSoftcap, a.LogitSoftcap);
        Optional(keys, family.ClipQkv, a.ClipQkv);
        Number(keys, family.EmbeddingScale?.Stated, a.EmbeddingScale);
        Number(keys, family.ResidualScale, a.ResidualScale);
        Number(keys, family.LogitScale, a.LogitScale);
        Number(keys, family.LogitDivisor, 1 / a.LogitScale);
    }

    /// <summary>Writes a number where it can be stated.</summary>
    internal static void Number(ConfigKeyWriter keys, NumberKey? key, double value)
    {
        if (key is { Names: [var name, ..] }) keys.Set(name, ConfigKeyWriter.Number(value));
    }

    /// <summary>Writes a number, or null, where it can be stated.</summary>
    internal static void Optional(ConfigKeyWriter keys, NumberKey? key, double? value)
    {
        if (key is { Names: [var name, ..] }) keys.Set(name, value is { } number ? ConfigKeyWriter.Number(number) : null);
    }

    static string NameOf(Activation activation, string usual) => ActivationNames.All[usual] == activation
        ? usual
        : ActivationNames.All.First(pair => pair.Value == activation).Key;
}
