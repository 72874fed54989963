using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Benchmarks.Synthetic;

/// <summary>The sizes of one Pythia model (EleutherAI/pythia, models/*.yml), or of a small one of its family.</summary>
/// <param name="Name">As in pythia-410m.</param>
/// <param name="NLayers">Blocks.</param>
/// <param name="DModel">Width of the stream.</param>
/// <param name="NHeads">Heads.</param>
/// <param name="DVocab">Rows of embedding and unembedding, padded.</param>
sealed record PythiaShape(string Name, int NLayers, int DModel, int NHeads, int DVocab)
{
    /// <summary>The sizes that can be made.</summary>
    public static readonly IReadOnlyList<PythiaShape> All =
    [
        new("pythia-70m", 6, 512, 8, 50304), new("pythia-160m", 12, 768, 12, 50304), new("pythia-410m", 24, 1024, 16, 50304),
        new("pythia-1b", 16, 2048, 8, 50304), new("pythia-1.4b", 24, 2048, 16, 50304), new("pythia-2.8b", 32, 2560, 32, 50304),
        new("pythia-6.9b", 32, 4096, 32, 50432), new("pythia-12b", 36, 5120, 40, 50688),
        new("twin-2x128", 2, 128, 4, 512), new("twin-4x128", 4, 128, 4, 512), new("twin-6x256", 6, 256, 8, 512),
    ];

    /// <summary>The shape of a name, with or without "pythia-".</summary>
    /// <exception cref="ArgumentException">None.</exception>
    public static PythiaShape Of(string name) =>
        All.FirstOrDefault(shape => shape.Name == name || shape.Name == $"pythia-{name}")
        ?? throw new ArgumentException($"There is no shape '{name}', only {string.Join(", ", All.Select(shape => shape.Name))}.", nameof(name));

    /// <summary>Inner width of the MLP.</summary>
    public int DFf => 4 * DModel;

    /// <summary>Weights of the matrices of all blocks, which every token is multiplied with.</summary>
    public long BlockLinear => (long)NLayers * (4L * DModel * DModel + 2L * DModel * DFf);

    /// <summary>Parameters in all.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Count);

    /// <summary>Floating-point operations of the blocks for prompts of these lengths: linear layers, scores and weighted sums (causal).</summary>
    public double BlockOperations(IEnumerable<int> lengths) =>
        lengths.Sum(n => 2.0 * BlockLinear * n + 4.0 * NLayers * DModel * (n * (n + 1.0) / 2));

    /// <summary>The tensors in the order of the model's state_dict.</summary>
    public IReadOnlyList<SyntheticTensor> Tensors
    {
        get
        {
            double small = Math.Sqrt(2.0 / (5 * DModel)), wang = 2 / (NLayers * Math.Sqrt(DModel)); // GPT-NeoX's small_init and wang_init
            var tensors = new List<SyntheticTensor> { new("gpt_neox.embed_in.weight", [DVocab, DModel], 0, small) };
            for (int layer = 0; layer < NLayers; layer++)
            {
                string at = string.Create(CultureInfo.InvariantCulture, $"gpt_neox.layers.{layer}");
                tensors.AddRange(
                [
                    .. Norm($"{at}.input_layernorm"), .. Norm($"{at}.post_attention_layernorm"),
                    .. Linear($"{at}.attention.query_key_value", 3 * DModel, DModel, small), .. Linear($"{at}.attention.dense", DModel, DModel, wang),
                    .. Linear($"{at}.mlp.dense_h_to_4h", DFf, DModel, small), .. Linear($"{at}.mlp.dense_4h_to_h", DModel, DFf, wang),
                ]);
            }
            return [.. tensors, .. Norm("gpt_neox.final_layer_norm"), new("embed_out.weight", [DVocab, DModel], 0, small)];
        }
    }

    IEnumerable<SyntheticTensor> Norm(string name) => [new($"{name}.weight", [DModel], 1, 0.1), new($"{name}.bias", [DModel], 0, 0.02)];

    static IEnumerable<SyntheticTensor> Linear(string name, int rows, int columns, double deviation) =>
        [new($"{name}.weight", [rows, columns], 0, deviation), new($"{name}.bias", [rows], 0, 0.02)];

    /// <summary>config.json.</summary>
    /// <param name="dType">Type of the weights.</param>
    public string Config(DType dType) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {
          "architectures": [
            "GPTNeoXForCausalLM"
          ],
          "bos_token_id": 0,
          "eos_token_id": 0,
          "hidden_act": "gelu",
          "hidden_size": {{DModel}},
          "initializer_range": 0.02,
          "intermediate_size": {{DFf}},
          "layer_norm_eps": 1e-05,
          "max_position_embeddings": 2048,
          "model_type": "gpt_neox",
          "num_attention_heads": {{NHeads}},
          "num_hidden_layers": {{NLayers}},
          "rotary_emb_base": 10000,
          "rotary_pct": 0.25,
          "tie_word_embeddings": false,
          "torch_dtype": "{{(dType == DType.F16 ? "float16" : dType == DType.BF16 ? "bfloat16" : "float32")}}",
          "use_cache": true,
          "use_parallel_residual": true,
          "vocab_size": {{DVocab}}
        }

        """);
}

/// <summary>One tensor and what its values are drawn from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Mean">Mean of the values.</param>
/// <param name="Deviation">Their standard deviation.</param>
sealed record SyntheticTensor(string Name, IReadOnlyList<long> Shape, double Mean, double Deviation)
{
    /// <summary>Elements.</summary>
    public long Count => Shape.Aggregate(1L, (n, axis) => n * axis);
}
