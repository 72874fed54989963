using System.Text.Json.Nodes;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Statistics;
using Castalia.Wording;
using static System.FormattableString;

namespace Castalia.Runs;

/// <summary>summary.json: per model its statistics and, per prompt, every figure under the names the reference goldens use; of many prompts or blocks, which readings.parquet holds, less.</summary>
static class Summary
{
    /// <summary>What the headline figures are.</summary>
    public const string Convention =
        "last-layer gain ‖h_L‖/‖h_{L−1}‖, last token, float32 stream, norms in float64, 95 % BCa over prompts";

    /// <summary>Most figures of a block of a prompt in the document: of models with more, prompts have figures of the last block alone, and neither text nor ids.</summary>
    public const int MostBlocks = 10_000;

    /// <summary>Most prompts in the document: of more it has statistics alone.</summary>
    public const int MostPrompts = 10_000;

    /// <summary>Figures of a block of a prompt that the document has of a model.</summary>
    public static long Blocks(int layers, int prompts) => (long)layers * prompts is var all && all <= MostBlocks ? all : 0;

    /// <summary>The document. What is undefined is null, or left out where its rule does not apply.</summary>
    public static JsonObject Of(Run run, CancellationToken cancellation = default) => new()
    {
        ["format"] = "castalia summary 1",
        ["software"] = Software.NameAndVersion,
        ["convention"] = Convention,
        ["seed"] = run.Options.Seed,
        ["prompt_set"] = run.PromptSet,
        ["models"] = Array(run.Models, model => Model(model, run.Options, cancellation)),
    };

    static JsonObject Model(ModelRun model, RunOptions options, CancellationToken cancellation)
    {
        var m = model.Measurement;
        bool hasBlocks = Blocks(m.Architecture.NLayers, m.Prompts.Count) > 0, hasPrompts = m.Prompts.Count <= MostPrompts;
        var estimates = ModelEstimates.Of(model, options.Seed, cancellation);
        return new()
        {
            ["model"] = model.Name,
            ["path"] = model.Path,
            ["n_layers"] = m.Architecture.NLayers,
            ["d_model"] = m.Architecture.DModel,
            ["activation"] = $"{m.Architecture.Activation}",
            ["stated_activation"] = $"{m.Architecture.StatedActivation ?? m.Architecture.Activation}",
            ["parameters"] = m.Parameters,
            ["padded_vocabulary_rows"] = m.PaddedVocabularyRows,
            ["notes"] = Array(m.Notes, note => JsonValue.Create(note)),
            ["theoretical_untrained_gain"] = model.TheoreticalGain,
            ["statistics"] = new JsonObject
            {
                ["all"] = Group(null, estimates.All),
                ["categories"] = Array(estimates.Categories, c => Group(c.Name, c.Estimate)),
                ["pearson_gain_entropy"] = new JsonObject
                {
                    ["r"] = estimates.GainEntropy.Value,
                    ["n"] = estimates.GainEntropyPairs,
                    ["undefined_because"] = estimates.GainEntropy.UndefinedBecause,
                },
                ["pearson_gain_true_entropy"] = estimates.GainTrueEntropy is { } known
                    ? new JsonObject { ["r"] = known.Value, ["n"] = estimates.GainTrueEntropyPairs, ["undefined_because"] = known.UndefinedBecause }
                    : null,
                ["positions_without_first"] = PositionEstimates.Of(model, options) is { } positions ? Positions(positions) : null,
                ["next_tokens"] = NextTokenLoss.Of(model, options) is { } loss ? Loss(loss) : null,
            },
            ["gain_profile"] = Array(estimates.GainProfile, gain => Number(gain)),
            ["prompts_left_out"] = hasPrompts ? null : Invariant($"{m.Prompts.Count} prompts, more than {MostPrompts}: readings.parquet has them"),
            ["blocks_left_out"] = hasBlocks ? null : Invariant($"{m.Prompts.Count} prompts × {m.Architecture.NLayers} blocks, more than {MostBlocks} figures: readings.parquet has them, and the manifest texts and ids"),
            ["prompts"] = Array(Enumerable.Range(0, hasPrompts ? m.Prompts.Count : 0).ToList(), i =>
            {
                cancellation.ThrowIfCancellationRequested();
                var readings = m.Readings[i];
                return PromptFigures(m.Prompts[i], readings, NextTokenLoss.Of(readings, options), hasBlocks);
            }),
        };
    }

    static JsonObject Positions(PositionEstimates p) => new()
    {
        ["n"] = p.N,
        ["gain_mean"] = p.GainMean.Value,
        ["gain_sd"] = p.GainSd.Value,
        ["below_1"] = p.BelowOne,
        ["entropy_nats_mean"] = p.EntropyMean.Value,
        ["pearson_gain_entropy"] = p.GainEntropy.Value,
    };

    static JsonObject Group(string? category, GroupEstimate g) => new()
    {
        ["category"] = category,
        ["prompts"] = g.Prompts,
        ["gain"] = OneEstimate(g.Gain),
        ["below_1"] = g.BelowOne,
        ["status"] = g.Status.ToString().ToLowerInvariant(),
        ["entropy_nats"] = OneEstimate(g.EntropyNats),
        ["true_entropy_nats_mean"] = g.TrueEntropyNats,
    };

    static JsonObject OneEstimate(Estimate e) => new()
    {
        ["n"] = e.N,
        ["mean"] = e.Mean.Value,
        ["sd"] = e.Sd.Value,
        ["median"] = e.Median.Value,
        ["interval95"] = e.Interval95.Value is { } i ? new JsonArray(i.Low, i.High) : null,
        ["interval95_undefined_because"] = e.Interval95.UndefinedBecause,
    };

    static JsonObject Loss(NextTokenLoss loss) => new()
    {
        ["n"] = loss.Tokens,
        ["loss_nats_mean"] = loss.MeanNats.Value,
        ["perplexity"] = Number(loss.Perplexity),
    };

    static JsonObject PromptFigures(TokenizedPrompt prompt, PromptReadings readings, NextTokenLoss? loss, bool hasBlocks)
    {
        JsonObject figures = new() { ["name"] = prompt.Prompt.Name, ["category"] = prompt.Prompt.Category };
        if (hasBlocks)
        {
            figures["text"] = prompt.Prompt.Text;
            figures["ids"] = Array(prompt.Ids, id => JsonValue.Create(id));
        }
        figures["added"] = prompt.Added;
        figures["dropped_bytes"] = prompt.DroppedBytes;
        figures["true_entropy"] = prompt.Prompt.TrueEntropy;
        figures["next_tokens"] = loss is null ? null : Loss(loss);
        figures["figures"] = Figures(readings, hasBlocks);
        return figures;
    }

    internal static JsonObject Figures(PromptReadings readings, bool hasBlocks = true)
    {
        int last = readings.Blocks.Length - 1;
        var output = readings.Outputs[^1]!.Value;
        var lastGain = new JsonObject();
        foreach (var (point, name) in GoldenNames.Points)
            foreach (var (rule, ruleName) in GoldenNames.Rules)
                Put(lastGain, rule == PositionRule.Last ? name : $"{name} {ruleName}", Gains.Of(readings, last, point, rule, NormPrecision.Float32));
        JsonObject figures = [];
        if (hasBlocks) figures["blocks"] = Array(Enumerable.Range(0, last + 1).ToList(), layer => Block(readings, layer));
        figures["last_gain"] = lastGain;
        figures["entropy"] = Number(output.EntropyNats);
        figures["top_token"] = output.TopToken;
        figures["top_probability"] = Number(output.TopProbability);
        figures["top_margin_nats"] = Number(output.TopMarginNats);
        return figures;
    }

    static JsonObject Block(PromptReadings readings, int layer)
    {
        var b = readings.Blocks[layer][^1];
        JsonObject gain = [], norms = [];
        foreach (var (rule, name) in GoldenNames.Rules)
            Put(gain, name, Gains.Of(readings, layer, ReferencePoint.Block, rule, NormPrecision.Float32));
        foreach (var (site, norm) in GoldenNames.Norms) Put(norms, site, norm(in b));
        var block = new JsonObject
        {
            ["gain"] = gain,
            ["gain_last_float16_norms"] = Number(Gains.Of(readings, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float16)),
            ["gain_last_bfloat16_norms"] = Number(Gains.Of(readings, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.BFloat16)),
            ["r"] = Number(b.R),
            ["cos"] = Number(b.CosTheta),
            ["align_attn"] = Number(b.AlignAttn),
            ["align_mlp"] = Number(b.AlignMlp),
            ["size_attn"] = Number(b.SizeAttn),
            ["size_mlp"] = Number(b.SizeMlp),
            ["cross"] = Number(b.Cross),
            ["closure"] = Number(b.Closure),
            ["norms_last"] = norms,
            ["submodule_gain_attn"] = Number(Gains.Attention(readings, layer)),
            ["submodule_gain_mlp"] = Number(Gains.Mlp(readings, layer)),
        };
        if (readings.Lens?[layer][^1] is { } lens)
            block["lens"] = new JsonObject
            {
                ["entropy"] = Number(lens.EntropyNats),
                ["top_token"] = lens.TopToken,
                ["top_probability"] = Number(lens.TopProbability),
            };
        return block;
    }

    /// <summary>Adds a figure unless it is undefined.</summary>
    static void Put(JsonObject target, string name, double? value)
    {
        if (Number(value) is { } number) target[name] = number;
    }

    /// <summary>A JSON number, or null for what is undefined.</summary>
    static JsonValue? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;

    static JsonArray Array<T>(IReadOnlyList<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];
}
