namespace Castalia.Architectures;

/// <summary>How GGUF metadata change rotary frequencies.</summary>
/// <remarks>
/// As llama.cpp reads them: no type is <c>linear</c>; a factor of 0, or none, is 1; the older key holds only where the newer is absent; the
/// original context of YaRN is the model's where none is stated; and <c>attn_factor</c> comes on top of YaRN's own amplitude.
/// </remarks>
static class GgufScalingReader
{
    /// <summary>Reads it; null for none.</summary>
    /// <param name="config">The metadata.</param>
    /// <param name="keys">Where to look.</param>
    /// <param name="older">The older key of the factor.</param>
    /// <param name="nCtx">Context length of the model, tokens.</param>
    public static RotaryScaling? Read(ConfigReader config, ScalingKeys keys, string older, int nCtx)
    {
        string typeKey = keys.Named(keys.TypeNames)[0], amplitudeKey = Named("attn_factor");
        string type = config.Text([typeKey])?.Value ?? "linear";
        if (!keys.Types.Contains(type)) throw ArchitectureErrors.UnknownScaling(typeKey, type, keys.Types, config.File);
        double? stated = Factor(Named("factor")), olderStated = Factor(older);
        double factor = stated ?? olderStated ?? 1;
        if (factor == 0 || type == "none") factor = 1;
        double amplitude = config.Number([amplitudeKey], v => v > 0, "a number above 0") ?? 1;
        if (type != "yarn")
        {
            if (amplitude != 1) throw ArchitectureErrors.Limited(new(amplitudeKey, "longer queries and keys without YaRN", "1"), $"{amplitude}", config.File);
            return factor > 1 ? new RotaryScaling.Linear(factor) : null;
        }
        string contextKey = Named("original_context_length");
        int context = config.Size([contextKey]) ?? config.Default(contextKey, nCtx, "the context length");
        if (factor == 1 && amplitude == 1) return null;
        return new RotaryScaling.Yarn(factor, RotaryScalingReader.Amplitude(factor, 1) * amplitude, BetaFast: 32, BetaSlow: 1, context, Truncate: true);

        string Named(string name) => keys.Named(name)[0];

        double? Factor(string key) => config.Number([key], v => v is 0 or >= 1, "0 or a number of at least 1");
    }
}
