using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Reports;

/// <summary>A model's description for a program; enumerations as their C# names, sizes as numbers.</summary>
public static class DescriptionJson
{
    /// <summary>The same facts as <see cref="DescriptionText"/>.</summary>
    /// <param name="a">The description.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="checkpoint">Path of the checkpoint.</param>
    public static JsonObject Of(Architecture a, WeightMap weights, string checkpoint) => new()
    {
        ["checkpoint"] = checkpoint,
        ["family"] = a.Family.ModelType,
        ["config"] = $"{a.Family.Config}",
        ["reference"] = a.Family.Reference,
        ["n_layers"] = a.NLayers,
        ["d_model"] = a.DModel,
        ["n_heads"] = a.NHeads,
        ["n_kv_heads"] = a.NKvHeads,
        ["head_dim"] = a.HeadDim,
        ["d_ff"] = a.DFf,
        ["d_vocab"] = a.DVocab,
        ["n_ctx"] = a.NCtx,
        ["norm"] = $"{a.Norm}",
        ["norm_epsilon"] = a.NormEpsilon,
        ["wiring"] = $"{a.Wiring}",
        ["attention_scale"] = a.AttentionScale,
        ["rotary"] = new JsonObject
        {
            ["dims"] = a.Rotary.Dims,
            ["pairing"] = $"{a.Rotary.Pairing}",
            ["base"] = a.Rotary.Base,
            ["llama3"] = a.Rotary.Llama3 is { } s
                ? new JsonObject
                {
                    ["factor"] = s.Factor,
                    ["low_freq_factor"] = s.LowFrequencyFactor,
                    ["high_freq_factor"] = s.HighFrequencyFactor,
                    ["original_n_ctx"] = s.OriginalContext,
                }
                : null,
            ["stored_divisors"] = a.Rotary.StoredDivisors is { } divisors
                ? new JsonArray([.. divisors.Select(d => JsonValue.Create(d))])
                : null,
        },
        ["mlp"] = $"{a.Mlp}",
        ["activation"] = $"{a.Activation}",
        ["qkv_bias"] = a.QkvBias,
        ["attn_out_bias"] = a.AttnOutBias,
        ["mlp_bias"] = a.MlpBias,
        ["tied_unembedding"] = a.TiedUnembedding,
        ["defaults"] = new JsonArray([.. a.Defaults.Select(Default)]),
        ["parameters"] = weights.Parameters,
        ["bytes"] = weights.Bytes,
        ["bytes_per_block"] = new JsonArray(
            [.. Enumerable.Range(0, a.NLayers).Select(layer => JsonValue.Create(weights.BlockBytes(layer)))]),
        ["dtypes"] = new JsonObject(weights.Tensors.GroupBy(tensor => tensor.DType).OrderBy(type => type.Key).Select(DType)),
        ["tensors"] = new JsonArray([.. WeightShapes.Needed(a).Select(role => Slot(a, role))]),
        ["notes"] = new JsonArray([.. weights.Notes.Select(note => JsonValue.Create(note))]),
    };

    static JsonObject Default(ConfigDefault d) => new() { ["key"] = d.Key, ["value"] = d.Value, ["source"] = d.Source };

    static KeyValuePair<string, JsonNode?> DType(IGrouping<DType, Tensor> type) => new($"{type.Key}",
        new JsonObject { ["tensors"] = type.Count(), ["bytes"] = type.Sum(tensor => tensor.ByteLength) });

    static JsonObject Slot(Architecture a, WeightRole role)
    {
        (int rows, int columns) = WeightShapes.Of(a, role);
        return new()
        {
            ["role"] = $"{role}",
            ["name"] = a.Family.Tensors[role].Name,
            ["rows"] = $"{a.Family.Tensors[role].Rows}",
            ["shape"] = WeightShapes.IsVector(role) ? new JsonArray(rows) : new JsonArray(rows, columns),
        };
    }
}
