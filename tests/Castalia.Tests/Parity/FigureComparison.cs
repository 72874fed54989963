using System.Text.Json;
using Castalia.Residual;
using Xunit;

namespace Castalia.Tests.Parity;

/// <summary>Compares every figure of a golden with what the project reads; a figure it does not know fails the
/// test.</summary>
/// <param name="where">Case and prompt, for complaints.</param>
/// <param name="relative">Allowed error of norms, gains and probabilities, relative to the figure.</param>
/// <param name="entropyNats">Allowed error of the entropy, nats.</param>
/// <param name="streamError">
/// How far float32 norms may be from the reference's, relative. Signed figures, which cancellation can bring near 0,
/// may be off by this much of their Cauchy–Schwarz bound besides; a norm this close to the middle between two halves
/// may round to either.
/// </param>
sealed class FigureComparison(string where, double relative, double entropyNats, double streamError)
{
    public void Check(JsonElement figures, PromptReadings readings)
    {
        var blocks = figures.GetProperty("blocks");
        Assert.Equal(blocks.GetArrayLength(), readings.Blocks.Length);
        for (int layer = 0; layer < readings.Blocks.Length; layer++)
            foreach (var figure in blocks[layer].EnumerateObject())
                CheckBlock(figure, readings, layer, blocks[layer]);
        var output = readings.Outputs[^1] ?? throw new InvalidDataException($"{where}: no output at the last position.");
        foreach (var figure in figures.EnumerateObject().Where(figure => figure.Name != "blocks"))
        {
            switch (figure.Name)
            {
                case "last_gain": CheckLast(figure.Value, readings); break;
                case "entropy": Near("entropy", figure.Value.GetDouble(), output.EntropyNats, entropyNats); break;
                case "top_token": Assert.True(figure.Value.GetInt32() == output.TopToken, $"{where}: top token {output.TopToken}, reference {figure.Value}"); break;
                case "top_probability": Close("top probability", figure.Value.GetDouble(), output.TopProbability); break;
                // A difference of two float32 logits, kept only to say whether the top token can be a tie.
                case "top_margin_nats": Near("top margin", figure.Value.GetDouble(), output.TopMarginNats, 10 * entropyNats); break;
                default: throw new InvalidDataException($"{where}: the golden's figure '{figure.Name}' is compared with nothing.");
            }
        }
    }

    void CheckBlock(JsonProperty figure, PromptReadings readings, int layer, JsonElement block)
    {
        var last = readings.Blocks[layer][^1];
        string at = $"block {layer}, {figure.Name}";
        double Expected() => figure.Value.GetDouble();
        double sizes = Math.Sqrt(block.GetProperty("size_attn").GetDouble() * block.GetProperty("size_mlp").GetDouble());
        switch (figure.Name)
        {
            case "gain": CheckGains(figure.Value, readings, layer); break;
            case "gain_last_float16_norms": CheckRounded(at, Expected(), readings, layer, block, NormPrecision.Float16); break;
            case "gain_last_bfloat16_norms": CheckRounded(at, Expected(), readings, layer, block, NormPrecision.BFloat16); break;
            case "r": Close(at, Expected(), last.R); break;
            case "cos": Signed(at, Expected(), last.CosTheta, 1); break;
            case "align_attn": Signed(at, Expected(), last.AlignAttn, Math.Sqrt(block.GetProperty("size_attn").GetDouble())); break;
            case "align_mlp": Signed(at, Expected(), last.AlignMlp, Math.Sqrt(block.GetProperty("size_mlp").GetDouble())); break;
            case "size_attn": Close(at, Expected(), last.SizeAttn); break;
            case "size_mlp": Close(at, Expected(), last.SizeMlp); break;
            case "cross": Signed(at, Expected(), last.Cross, 2 * sizes); break;
            case "submodule_gain_attn": Close(at, Expected(), Gains.Attention(readings, layer)); break;
            case "submodule_gain_mlp": Close(at, Expected(), Gains.Mlp(readings, layer)); break;
            case "norms_last":
                foreach (var norm in figure.Value.EnumerateObject())
                    Close($"{at}.{norm.Name}", norm.Value.GetDouble(), Norm(last, norm.Name));
                break;
            default: throw new InvalidDataException($"{where}: the golden's figure '{figure.Name}' is compared with nothing.");
        }
    }

    void CheckGains(JsonElement gains, PromptReadings readings, int layer)
    {
        double? Ours(PositionRule rule) => Gains.Of(readings, layer, ReferencePoint.Block, rule, NormPrecision.Float32);
        foreach (var gain in gains.EnumerateObject())
            Close($"block {layer}, gain {gain.Name}", gain.Value.GetDouble(), Ours(Rule(gain.Name)));
        if (readings.Tokens > 1) return;
        // The reference leaves out what one token does not have; so must we.
        Assert.Null(Ours(PositionRule.MeanOfRatiosWithoutFirst));
        Assert.Null(Ours(PositionRule.RatioOfMeansWithoutFirst));
    }

    void CheckLast(JsonElement gains, PromptReadings readings)
    {
        foreach (var gain in gains.EnumerateObject())
        {
            string[] words = gain.Name.Split(' ');
            var point = words[0] switch
            {
                "block" => ReferencePoint.Block,
                "final-norm" => ReferencePoint.FinalNorm,
                "penultimate" => ReferencePoint.Penultimate,
                _ => throw new InvalidDataException($"{where}: unknown reference point '{gain.Name}'."),
            };
            var rule = words.Length == 1 ? PositionRule.Last : Rule(words[1]);
            Close($"last gain, {gain.Name}", gain.Value.GetDouble(), Gains.Of(readings, readings.Blocks.Length - 1, point, rule, NormPrecision.Float32));
        }
    }

    void CheckRounded(string at, double expected, PromptReadings readings, int layer, JsonElement block, NormPrecision precision)
    {
        double ours = Gains.Of(readings, layer, ReferencePoint.Block, PositionRule.Last, precision) ?? double.NaN;
        var norms = block.GetProperty("norms_last");
        var allowed =
            from post in Roundings(norms.GetProperty("resid_post").GetDouble(), precision)
            from pre in Roundings(norms.GetProperty("resid_pre").GetDouble(), precision)
            select post / pre;
        Assert.True(allowed.Append(expected).Contains(ours), FormattableString.Invariant($"{where}, {at}: {ours:R}, reference {expected:R}"));
    }

    /// <summary>To what a norm may round, given how far ours may be from it. Both types are written out: this is the
    /// judge.</summary>
    double[] Roundings(double norm, NormPrecision precision) =>
    [
        .. new[] { norm * (1 - streamError), norm * (1 + streamError) }.Select(near =>
        {
            if (precision == NormPrecision.Float16) return (double)(Half)near;
            double unit = Math.Pow(2, Math.Floor(Math.Log2(near)) - 7); // bfloat16 keeps 8 bits
            return Math.Round(near / unit, MidpointRounding.ToEven) * unit;
        }),
    ];

    static double Norm(BlockReading block, string site) => site switch
    {
        "resid_pre" => block.NormPre,
        "attn_in" => block.NormAttnIn,
        "attn_out" => block.NormAttnOut,
        "resid_mid" => block.NormMid,
        "mlp_in" => block.NormMlpIn,
        "mlp_out" => block.NormMlpOut,
        "resid_post" => block.NormPost,
        _ => throw new InvalidDataException($"The golden's norm '{site}' is compared with nothing."),
    };

    static PositionRule Rule(string name) => name switch
    {
        "last" => PositionRule.Last,
        "first" => PositionRule.First,
        "mean-of-ratios" => PositionRule.MeanOfRatios,
        "ratio-of-means" => PositionRule.RatioOfMeans,
        "mean-of-ratios-without-first" => PositionRule.MeanOfRatiosWithoutFirst,
        "ratio-of-means-without-first" => PositionRule.RatioOfMeansWithoutFirst,
        _ => throw new InvalidDataException($"Unknown position rule '{name}'."),
    };

    void Close(string figure, double expected, double? actual) =>
        Near(figure, expected, actual, relative * Math.Abs(expected));

    void Signed(string figure, double expected, double actual, double bound) =>
        Near(figure, expected, actual, relative * Math.Abs(expected) + streamError * bound);

    void Near(string figure, double expected, double? actual, double allowed) => Assert.True(
        Math.Abs((actual ?? double.NaN) - expected) <= allowed,
        FormattableString.Invariant($"{where}, {figure}: {actual:R}, reference {expected:R}, allowed ±{allowed:E1}"));
}
