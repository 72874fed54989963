using System.Text.Json;
using System.Text.Json.Nodes;

namespace Castalia.Store;

/// <summary>The columns that a model's description gives to the view models: those that are known, whether a model has them or not, and any others.</summary>
static class ModelColumns
{
    /// <summary>Every field that a description of today may have. A list of objects is told by its length.</summary>
    public static IReadOnlyList<ViewColumn> Known { get; } =
    [
        new("checkpoint", "VARCHAR", "", "Path of the checkpoint."),
        new("title", "VARCHAR", "", "The family's name."),
        new("family", "VARCHAR", "", "The family's model_type."),
        new("config", "VARCHAR", "", "Form of the configuration: HuggingFace or Gguf."),
        new("reference", "VARCHAR", "", "Where the family's arithmetic is defined."),
        new("n_layers", "BIGINT", "", "Blocks."),
        new("d_model", "BIGINT", "", "Width of the residual stream."),
        new("n_heads", "BIGINT", "", "Attention heads."),
        new("n_kv_heads", "BIGINT", "", "Key and value heads."),
        new("head_dim", "BIGINT", "", "Width of a head."),
        new("d_ff", "BIGINT", "", "Inner width of the MLP, of one expert in mixtures."),
        new("d_vocab", "BIGINT", "", "Rows of the embedding."),
        new("n_ctx", "BIGINT", "tokens", "Context; null where there is no limit."),
        new("norm", "VARCHAR", "", "LayerNorm or RmsNorm."),
        new("norm_epsilon", "DOUBLE", "", "Epsilon of the norms."),
        new("norm_placement", "VARCHAR", "", "Where norms stand."),
        new("norm_weight", "BOOLEAN", "", "Norms have a weight."),
        new("norm_bias", "BOOLEAN", "", "Norms have a bias."),
        new("norm_weight_plus_one", "BOOLEAN", "", "One is added to the stored weight."),
        new("wiring", "VARCHAR", "", "Sequential or parallel blocks."),
        new("attention_scale", "DOUBLE", "", "Factor of the attention scores."),
        new("attention_scale_by_block", "BOOLEAN", "", "It is divided by the block's number."),
        new("attention_softcap", "DOUBLE", "", "Soft cap of the scores; null without one."),
        new("clip_qkv", "DOUBLE", "", "Clipping of queries, keys and values; null without it."),
        new("qk_norm", "VARCHAR", "", "How queries and keys are normed."),
        new("windows", "BIGINT[]", "tokens", "Attention window of each block, null for a whole one; null without windows."),
        .. Rotary("rotary", "rotary embedding"),
        .. Rotary("windowed_rotary", "rotary embedding of blocks with a window, where it is another"),
        new("alibi_max_bias", "DOUBLE", "", "Largest bias of ALiBi; null without ALiBi."),
        new("alibi_scaled", "BOOLEAN", "", "The bias is scaled as the scores are."),
        new("alibi_times", "BIGINT", "", "What the slopes are multiplied by."),
        new("alibi_in_bfloat16", "BOOLEAN", "", "The bias is rounded to bfloat16."),
        new("learned_positions_offset", "BIGINT", "", "Row of position 0 in the table of learned positions; null without one."),
        new("mlp", "VARCHAR", "", "Plain or gated."),
        new("experts_per_block", "BIGINT", "", "Experts of a block; null without a mixture."),
        new("experts_per_token", "BIGINT", "", "Experts that a token is sent to; null without a mixture."),
        new("activation", "VARCHAR", "", "Activation that was computed."),
        new("stated_activation", "VARCHAR", "", "Activation that the configuration states."),
        new("qkv_bias", "BOOLEAN", "", "Queries, keys and values have a bias."),
        new("attn_out_bias", "BOOLEAN", "", "Attention's output has a bias."),
        new("mlp_bias", "BOOLEAN", "", "The MLP has biases."),
        new("embedding_scale", "DOUBLE", "", "Factor of the token embedding."),
        new("embedding_norm", "BOOLEAN", "", "The embedding is normed."),
        new("residual_scale", "DOUBLE", "", "Factor of what attention and MLP add."),
        new("tied_unembedding", "BOOLEAN", "", "The embedding serves as unembedding."),
        new("unembedding_bias", "BOOLEAN", "", "The unembedding has a bias."),
        new("logit_scale", "DOUBLE", "", "Factor of the logits."),
        new("logit_softcap", "DOUBLE", "", "Soft cap of the logits; null without one."),
        new("defaults", "BIGINT", "", "Fields that the configuration left to a default."),
        new("bytes", "BIGINT", "bytes", "Size of the weights as stored."),
        new("bytes_per_block", "BIGINT[]", "bytes", "Size of each block as stored."),
        new("tensors", "BIGINT", "", "Kinds of weights."),
        new("notes", "VARCHAR[]", "", "What was noted when the weights were bound."),
    ];

    /// <summary>A description as columns: nested objects joined by _, lists of scalars as lists, lists of objects as their length.</summary>
    public static IEnumerable<(string Name, object? Value)> Flatten(JsonObject description, string prefix = "")
    {
        foreach (var (key, node) in description)
        {
            string name = prefix + key.ToLowerInvariant();
            if (node is JsonObject nested)
                foreach (var field in Flatten(nested, name + "_")) yield return field;
            else
                yield return (name, Value(node));
        }
    }

    /// <summary>The type that holds every one of some values; nulls fit all.</summary>
    public static string TypeOf(IEnumerable<object?> values)
    {
        string[] types = [.. values.Where(value => value is not null).Select(TypeOf).Distinct()];
        if (types.Length == 0) return "VARCHAR";
        if (types.Length == 1) return types[0];
        return types.All(type => type is "BIGINT" or "DOUBLE") ? "DOUBLE" : types.All(type => type.EndsWith("[]", StringComparison.Ordinal)) ? "VARCHAR[]" : "VARCHAR";
    }

    static string TypeOf(object? value) => value switch
    {
        bool => "BOOLEAN",
        long => "BIGINT",
        double => "DOUBLE",
        object?[] list => (TypeOf(list.AsEnumerable()) is var element && element.EndsWith("[]", StringComparison.Ordinal) ? "VARCHAR" : element) + "[]",
        _ => "VARCHAR",
    };

    static object? Value(JsonNode? node)
    {
        if (node is not JsonArray list) return Scalar(node);
        if (list.Any(item => item is JsonObject or JsonArray)) return (long)list.Count;
        return list.Select(Scalar).ToArray();
    }

    static object? Scalar(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => node.AsValue().TryGetValue(out long whole) ? (object)whole : node.GetValue<double>(),
        JsonValueKind.String => node.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    static IEnumerable<ViewColumn> Rotary(string name, string what) =>
    [
        new($"{name}_dims", "BIGINT", "", $"Dimensions of a head that the {what} turns; null without it."),
        new($"{name}_pairing", "VARCHAR", "", "Which dimensions it pairs."),
        new($"{name}_base", "DOUBLE", "", "Base of its frequencies."),
        new($"{name}_scaling_type", "VARCHAR", "", "Rule that stretches it; null without one, as are its figures."),
        new($"{name}_scaling_factor", "DOUBLE", "", "Factor of that rule."),
        new($"{name}_scaling_attention_factor", "DOUBLE", "", "Of YaRN."),
        new($"{name}_scaling_beta_fast", "DOUBLE", "", "Of YaRN."),
        new($"{name}_scaling_beta_slow", "DOUBLE", "", "Of YaRN."),
        new($"{name}_scaling_truncate", "BOOLEAN", "", "Of YaRN."),
        new($"{name}_scaling_original_n_ctx", "BIGINT", "tokens", "Context before the stretching."),
        new($"{name}_scaling_low_freq_factor", "DOUBLE", "", "Of Llama 3."),
        new($"{name}_scaling_high_freq_factor", "DOUBLE", "", "Of Llama 3."),
        new($"{name}_stored_divisors", "DOUBLE[]", "", "Divisors of the frequencies that the checkpoint stores; null without."),
    ];
}
