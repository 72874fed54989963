using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Untrained;

/// <summary>How the elements of a weight are drawn: normal, independent.</summary>
/// <param name="Mean">Mean; 1 for the weight of a norm.</param>
/// <param name="Deviation">Standard deviation; 0 for norms and biases.</param>
readonly record struct Draw(double Mean, double Deviation);

/// <summary>One weight of an untrained network.</summary>
sealed record DrawnWeight(string Name, IReadOnlyList<long> Shape, Draw Draw);

/// <summary>An untrained network as data: its config.json and how each weight is drawn.</summary>
sealed record UntrainedNetwork
{
    /// <summary>Name of its folder, without seed and version.</summary>
    public required string Name { get; init; }

    /// <summary>config.json, with the keys in the order and spelling of hub repositories.</summary>
    public required string Config { get; init; }

    /// <summary>Type the weights are stored in.</summary>
    public required DType DType { get; init; }

    /// <summary>The weights, in the order they are stored.</summary>
    public required IReadOnlyList<DrawnWeight> Weights { get; init; }

    /// <summary>How every such name begins.</summary>
    public const string NamePrefix = "untrained-";

    const int DVocab = 1024;

    static readonly Draw One = new(1, 0), Zero = new(0, 0);

    /// <summary>A small Pythia as GPT-NeoX begins it.</summary>
    /// <remarks>
    /// small_init N(0, √(2/(5d))) for embedding, unembedding, query/key/value and MLP-in (Nguyen and Salazar 2019,
    /// arXiv 1910.05895); wang_init N(0, 2/(L√d)) for the two projections that write to the stream; norms 1, biases 0
    /// (GPT-NeoX v1.0 init_functions.py).
    /// </remarks>
    public static UntrainedNetwork PythiaLike(int nLayers, int dModel, int nHeads)
    {
        var small = new Draw(0, Math.Sqrt(2.0 / (5 * dModel)));
        var wang = new Draw(0, 2 / (nLayers * Math.Sqrt(dModel)));
        int dFf = 4 * dModel;
        var weights = new List<DrawnWeight> { new("gpt_neox.embed_in.weight", [DVocab, dModel], small) };
        for (int layer = 0; layer < nLayers; layer++)
        {
            string at = Invariant($"gpt_neox.layers.{layer}");
            weights.AddRange(
            [
                new($"{at}.input_layernorm.weight", [dModel], One),
                new($"{at}.input_layernorm.bias", [dModel], Zero),
                new($"{at}.post_attention_layernorm.weight", [dModel], One),
                new($"{at}.post_attention_layernorm.bias", [dModel], Zero),
                new($"{at}.attention.query_key_value.weight", [3 * dModel, dModel], small),
                new($"{at}.attention.query_key_value.bias", [3 * dModel], Zero),
                new($"{at}.attention.dense.weight", [dModel, dModel], wang),
                new($"{at}.attention.dense.bias", [dModel], Zero),
                new($"{at}.mlp.dense_h_to_4h.weight", [dFf, dModel], small),
                new($"{at}.mlp.dense_h_to_4h.bias", [dFf], Zero),
                new($"{at}.mlp.dense_4h_to_h.weight", [dModel, dFf], wang),
                new($"{at}.mlp.dense_4h_to_h.bias", [dModel], Zero),
            ]);
        }
        weights.AddRange(
        [
            new("gpt_neox.final_layer_norm.weight", [dModel], One),
            new("gpt_neox.final_layer_norm.bias", [dModel], Zero),
            new("embed_out.weight", [DVocab, dModel], small),
        ]);
        return new()
        {
            Name = Invariant($"{NamePrefix}pythia-{nLayers}x{dModel}"),
            DType = DType.F16,
            Weights = weights,
            Config = Invariant(
                $$"""
                {
                  "architectures": [
                    "GPTNeoXForCausalLM"
                  ],
                  "bos_token_id": 0,
                  "eos_token_id": 0,
                  "hidden_act": "gelu",
                  "hidden_size": {{dModel}},
                  "initializer_range": 0.02,
                  "intermediate_size": {{dFf}},
                  "layer_norm_eps": 1e-05,
                  "max_position_embeddings": 2048,
                  "model_type": "gpt_neox",
                  "num_attention_heads": {{nHeads}},
                  "num_hidden_layers": {{nLayers}},
                  "rotary_emb_base": 10000,
                  "rotary_pct": 0.25,
                  "tie_word_embeddings": false,
                  "torch_dtype": "float16",
                  "transformers_version": "4.24.0",
                  "use_cache": true,
                  "use_parallel_residual": true,
                  "vocab_size": {{DVocab}}
                }

                """),
        };
    }

    /// <summary>A small Llama with grouped heads: N(0, 0.02·√(4096/d)) for every matrix and the embedding, norms
    /// 1.</summary>
    /// <remarks>
    /// transformers begins a Llama with N(0, 0.02) whatever its width. What a projection of a normed input gives has
    /// deviation σ√d, 1.28 at width 4096; the factor gives the same at width d (0.08 at 256), so that MLP and attention
    /// stand to each other as in a 7B model.
    /// </remarks>
    public static UntrainedNetwork LlamaLike(int nLayers, int dModel, int nHeads, int nKvHeads, int dFf)
    {
        double range = 0.02 * Math.Sqrt(4096.0 / dModel);
        var normal = new Draw(0, range);
        int dKv = dModel / nHeads * nKvHeads;
        var weights = new List<DrawnWeight> { new("model.embed_tokens.weight", [DVocab, dModel], normal) };
        for (int layer = 0; layer < nLayers; layer++)
        {
            string at = Invariant($"model.layers.{layer}");
            weights.AddRange(
            [
                new($"{at}.input_layernorm.weight", [dModel], One),
                new($"{at}.self_attn.q_proj.weight", [dModel, dModel], normal),
                new($"{at}.self_attn.k_proj.weight", [dKv, dModel], normal),
                new($"{at}.self_attn.v_proj.weight", [dKv, dModel], normal),
                new($"{at}.self_attn.o_proj.weight", [dModel, dModel], normal),
                new($"{at}.post_attention_layernorm.weight", [dModel], One),
                new($"{at}.mlp.gate_proj.weight", [dFf, dModel], normal),
                new($"{at}.mlp.up_proj.weight", [dFf, dModel], normal),
                new($"{at}.mlp.down_proj.weight", [dModel, dFf], normal),
            ]);
        }
        weights.AddRange([new("model.norm.weight", [dModel], One), new("lm_head.weight", [DVocab, dModel], normal)]);
        return new()
        {
            Name = Invariant($"{NamePrefix}llama-{nLayers}x{dModel}"),
            DType = DType.BF16,
            Weights = weights,
            Config = Invariant(
                $$"""
                {
                  "architectures": [
                    "LlamaForCausalLM"
                  ],
                  "attention_bias": false,
                  "attention_dropout": 0.0,
                  "bos_token_id": 1,
                  "eos_token_id": 2,
                  "hidden_act": "silu",
                  "hidden_size": {{dModel}},
                  "initializer_range": {{range}},
                  "intermediate_size": {{dFf}},
                  "max_position_embeddings": 2048,
                  "mlp_bias": false,
                  "model_type": "llama",
                  "num_attention_heads": {{nHeads}},
                  "num_hidden_layers": {{nLayers}},
                  "num_key_value_heads": {{nKvHeads}},
                  "pretraining_tp": 1,
                  "rms_norm_eps": 1e-05,
                  "rope_scaling": null,
                  "rope_theta": 10000.0,
                  "tie_word_embeddings": false,
                  "torch_dtype": "bfloat16",
                  "transformers_version": "4.42.3",
                  "use_cache": true,
                  "vocab_size": {{DVocab}}
                }

                """),
        };
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
