using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;

namespace Castalia.Forward;

/// <summary>A model's description for a program; enumerations as their C# names, sizes as numbers.</summary>
static class DescriptionJson
{
    /// <summary>The facts of a description.</summary>
    /// <param name="a">The description.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="checkpoint">Path of the checkpoint.</param>
    public static JsonObject Of(Architecture a, WeightMap weights, string checkpoint) => new()
    {
        ["checkpoint"] = checkpoint,
        ["title"] = a.Family.Title,
        ["family"] = a.Family.ModelType,
        ["config"] = a.Family.Config.ToString(),
        ["reference"] = a.Family.Reference,
        ["n_layers"] = a.NLayers,
        ["d_model"] = a.DModel,
        ["n_heads"] = a.NHeads,
        ["n_kv_heads"] = a.NKvHeads,
        ["head_dim"] = a.HeadDim,
        ["d_ff"] = a.DFf,
        ["d_vocab"] = a.DVocab,
        ["n_ctx"] = a.NCtx == int.MaxValue ? null : a.NCtx, // null: no limit
        ["norm"] = a.Norm.ToString(),
        ["norm_epsilon"] = a.NormEpsilon,
        ["norm_placement"] = a.NormPlacement.ToString(),
        ["norm_weight"] = a.Tensors.ContainsKey(WeightRole.FinalNorm),
        ["norm_bias"] = a.Tensors.ContainsKey(WeightRole.FinalNormBias),
        ["norm_weight_plus_one"] = a.NormWeightPlusOne,
        ["wiring"] = a.Wiring.ToString(),
        ["attention_scale"] = a.AttentionScale,
        ["attention_scale_by_block"] = a.AttentionScaleByBlock,
        ["attention_softcap"] = a.AttentionSoftcap,
        ["clip_qkv"] = a.ClipQkv,
        ["qk_norm"] = a.QkNorm.ToString(),
        ["windows"] = a.Windows is { } windows ? new JsonArray([.. windows.Select(w => w is { } n ? JsonValue.Create(n) : null)]) : null,
        ["rotary"] = Rotary(a.Rotary),
        ["windowed_rotary"] = Rotary(a.WindowedRotary),
        ["alibi"] = a.Alibi is { } alibi ? new JsonObject { ["max_bias"] = alibi.MaxBias, ["scaled"] = alibi.Scaled, ["times"] = alibi.Times, ["in_bfloat16"] = alibi.InBFloat16 } : null,
        ["learned_positions"] = a.LearnedPositions is { } learned ? new JsonObject { ["offset"] = learned.Offset } : null,
        ["mlp"] = a.Mlp.ToString(),
        ["experts"] = a.Mixture is { } m ? new JsonObject { ["per_block"] = m.Experts, ["per_token"] = m.PerToken } : null,
        ["activation"] = a.Activation.ToString(),
        ["stated_activation"] = (a.StatedActivation ?? a.Activation).ToString(),
        ["qkv_bias"] = a.QkvBias,
        ["attn_out_bias"] = a.AttnOutBias,
        ["mlp_bias"] = a.MlpBias,
        ["embedding_scale"] = a.EmbeddingScale,
        ["embedding_norm"] = a.Tensors.ContainsKey(WeightRole.EmbeddingNorm),
        ["residual_scale"] = a.ResidualScale,
        ["tied_unembedding"] = a.TiedUnembedding,
        ["unembedding_bias"] = a.UnembeddingBias,
        // Beyond float64 the inverse of a divisor that config.json can state.
        ["logit_scale"] = double.IsFinite(a.LogitScale) ? a.LogitScale : PythonJson.Name(a.LogitScale),
        ["logit_softcap"] = a.LogitSoftcap,
        ["defaults"] = new JsonArray([.. a.Defaults.Select(Default)]),
        ["parameters"] = weights.Parameters,
        ["bytes"] = weights.Bytes,
        ["bytes_per_block"] = new JsonArray(
            [.. Enumerable.Range(0, a.NLayers).Select(layer => JsonValue.Create(weights.BlockBytes(layer)))]),
        ["dtypes"] = new JsonObject(weights.Tensors.GroupBy(tensor => tensor.DType).OrderBy(type => type.Key).Select(DType)),
        ["tensors"] = new JsonArray([.. WeightShapes.Needed(a).Select(role => Slot(a, role))]),
        ["notes"] = new JsonArray([.. weights.Notes.Select(note => JsonValue.Create(note))]),
    };

    static JsonObject? Rotary(Rotary? rotary) => rotary is null ? null : new JsonObject
    {
        ["dims"] = rotary.Dims,
        ["pairing"] = rotary.Pairing.ToString(),
        ["base"] = rotary.Base,
        ["scaling"] = Scaling(rotary.Scaling),
        ["stored_divisors"] = rotary.StoredDivisors is { } divisors
            ? new JsonArray([.. divisors.Select(d => JsonValue.Create(d))])
            : null,
    };

    static JsonObject? Scaling(RotaryScaling? scaling) => scaling switch
    {
        null => null,
        RotaryScaling.Linear s => new() { ["type"] = "linear", ["factor"] = s.Factor },
        RotaryScaling.Dynamic s => new() { ["type"] = "dynamic", ["factor"] = s.Factor, ["original_n_ctx"] = s.OriginalContext },
        RotaryScaling.Yarn s => new()
        {
            ["type"] = "yarn",
            ["factor"] = s.Factor,
            ["attention_factor"] = s.AttentionFactor,
            ["beta_fast"] = s.BetaFast,
            ["beta_slow"] = s.BetaSlow,
            ["original_n_ctx"] = s.OriginalContext,
            ["truncate"] = s.Truncate,
        },
        RotaryScaling.Llama3 s => new()
        {
            ["type"] = "llama3",
            ["factor"] = s.Factor,
            ["low_freq_factor"] = s.LowFrequencyFactor,
            ["high_freq_factor"] = s.HighFrequencyFactor,
            ["original_n_ctx"] = s.OriginalContext,
        },
        _ => throw new InvalidOperationException($"No words for {scaling}."),
    };

    static JsonObject Default(ConfigDefault d) => new() { ["key"] = d.Key, ["value"] = d.Value, ["source"] = d.Source };

    static KeyValuePair<string, JsonNode?> DType(IGrouping<DType, Tensor> type) => new(type.Key.ToString(),
        new JsonObject { ["tensors"] = type.Count(), ["bytes"] = type.Sum(tensor => tensor.ByteLength) });

    static JsonObject Slot(Architecture a, WeightRole role)
    {
        (int rows, int columns) = WeightShapes.Of(a, role);
        return new()
        {
            ["role"] = role.ToString(),
            ["name"] = a.Tensors[role].Name,
            ["rows"] = a.Tensors[role].Rows.ToString(),
            ["transposed"] = a.Tensors[role].Transposed,
            ["shape"] = WeightShapes.IsVector(role) ? new JsonArray(rows) : new JsonArray(rows, columns),
        };
    }
}
