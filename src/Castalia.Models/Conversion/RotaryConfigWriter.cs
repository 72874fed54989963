using System.Text.Json.Nodes;
using Castalia.Architectures;

namespace Castalia.Conversion;

/// <summary>The rotary part of a config.</summary>
static class RotaryConfigWriter
{
    /// <summary>Writes it.</summary>
    public static void Write(ConfigKeyWriter keys, RotaryRule rule, Rotary rotary, int headDim)
    {
        if (rule.Base.Names is [var theta, ..]) keys.Set(theta, ConfigKeyWriter.Number(rotary.Base));
        if (rule.Dims is { } dims) keys.Set(dims.Names[0], rotary.Dims);
        else if (rule.Fraction.Names is [var fraction, ..] && (int)(headDim * rule.Fraction.Default!.Value) != rotary.Dims)
            keys.Set(fraction, ConfigKeyWriter.Number((double)rotary.Dims / headDim));
        // Of two places for scaling the first is the hub's long-standing one; a place inside rope_parameters is written only where it says something.
        if (rule.Scaling is not { } scaling || (rotary.Scaling is null && scaling.Under[0].Contains('/', StringComparison.Ordinal))) return;
        keys.Set(scaling.Under[0], rotary.Scaling is { } stated ? Stated(stated, scaling) : null);
    }

    /// <summary>The context length from which the reader comes to the description's, which says how far stretched frequencies reach.</summary>
    public static int StatedContext(Architecture a)
    {
        if (a.Rotary?.Scaling is RotaryScaling.Dynamic dynamic) return dynamic.OriginalContext;
        if (a.Rotary?.Scaling is not RotaryScaling.Linear { Factor: var factor }) return a.NCtx;
        int stated = (int)(a.NCtx / factor);
        while (stated < a.NCtx && (long)(stated * factor) < a.NCtx) stated++;
        return stated;
    }

    static JsonObject Stated(RotaryScaling scaling, ScalingKeys keys) => scaling switch
    {
        RotaryScaling.Linear linear => Of("linear", ("factor", linear.Factor)),
        RotaryScaling.Dynamic dynamic => Of("dynamic", ("factor", dynamic.Factor)),
        RotaryScaling.Yarn yarn => Of(yarn),
        RotaryScaling.Llama3 llama3 => Of("llama3",
            ("factor", llama3.Factor), ("low_freq_factor", llama3.LowFrequencyFactor), ("high_freq_factor", llama3.HighFrequencyFactor),
            ("original_max_position_embeddings", llama3.OriginalContext)),
        _ => throw new NotSupportedException($"{scaling} is read, not written under {keys.Under[0]}."),
    };

    static JsonObject Of(RotaryScaling.Yarn yarn)
    {
        JsonObject stated = Of("yarn",
            ("factor", yarn.Factor), ("attention_factor", yarn.AttentionFactor), ("beta_fast", yarn.BetaFast), ("beta_slow", yarn.BetaSlow),
            ("original_max_position_embeddings", yarn.OriginalContext));
        if (!yarn.Truncate) stated["truncate"] = false; // older readers know only that it is true
        return stated;
    }

    static JsonObject Of(string type, params (string Name, double Value)[] numbers)
    {
        var stated = new JsonObject { ["rope_type"] = type };
        foreach (var (name, value) in numbers) stated[name] = ConfigKeyWriter.Number(value);
        return stated;
    }
}
