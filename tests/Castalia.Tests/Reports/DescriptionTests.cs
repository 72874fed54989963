using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Tests.Architectures;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;

namespace Castalia.Tests.Reports;

public sealed class DescriptionTests
{
    static (Architecture, WeightMap) Bound(Checkpoint described)
    {
        Architecture a = ArchitectureReader.Read(described);
        return (a, WeightMap.Bind(a, described.With(TensorsOf(a))));
    }

    [Fact]
    public void A_NeoX_page_reads_as_committed()
    {
        (Architecture a, WeightMap weights) = Bound(Folder(NeoX, Shape(DType.Bool, "gpt_neox.layers.0.attention.bias", 1, 1, 32, 32)));
        Assert.Equal(NeoXPage, DescriptionText.Of(a, weights, "/models/m"));
    }

    [Fact]
    public void A_GGUF_page_reads_as_committed()
    {
        var metadata = LlamaMetadata();
        metadata.Remove("llama.rope.freq_base");
        (Architecture a, WeightMap weights) = Bound(Gguf(metadata, Values("rope_freqs.weight", [1, 8], 2)));
        Assert.Equal(GgufPage, DescriptionText.Of(a, weights, "/models/m.gguf"));
    }

    [Fact]
    public void Pages_fit_80_columns_at_real_sizes()
    {
        string pythia = """
            {"model_type": "gpt_neox", "num_hidden_layers": 36, "hidden_size": 5120, "num_attention_heads": 40, "intermediate_size": 20480, "vocab_size": 50688}
            """;
        string llama = """
            {"model_type": "llama", "num_key_value_heads": 8, "vocab_size": 128256, "intermediate_size": 14336, "rope_theta": 500000, "attention_bias": true,
             "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}
            """;
        foreach (string config in (string[])[pythia, llama])
        {
            (Architecture a, WeightMap weights) = Bound(Folder(config));
            Assert.All(DescriptionText.Of(a, weights, "m").Split('\n'), line => Assert.True(line.Length <= 80, line));
        }
    }

    [Fact]
    public void Numbers_are_written_with_points_whatever_the_culture()
    {
        (Architecture a, WeightMap weights) = Bound(Folder(Llama));
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        comma.NumberFormat.NegativeSign = "~";
        string text = DescriptionText.Of(a, weights, "m"), json = DescriptionJson.Of(a, weights, "m").ToJsonString();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = comma;
            (Architecture again, WeightMap bound) = Bound(Folder(Llama));
            Assert.Equal(text, DescriptionText.Of(again, bound, "m"));
            Assert.Equal(json, DescriptionJson.Of(again, bound, "m").ToJsonString());
        }
        finally { CultureInfo.CurrentCulture = before; }
    }

    [Fact]
    public void The_JSON_says_what_the_page_says()
    {
        (Architecture a, WeightMap weights) = Bound(Folder(NeoX));
        var json = DescriptionJson.Of(a, weights, "/models/m");
        Assert.Equal(("gpt_neox", 3, 16, 8, "ParallelTwoNorms"),
            ((string)json["family"]!, (int)json["n_layers"]!, (int)json["d_model"]!, (int)json["head_dim"]!, (string)json["wiring"]!));
        Assert.Equal((2, "HalfSplit", 10000.0), ((int)json["rotary"]!["dims"]!, (string)json["rotary"]!["pairing"]!, (double)json["rotary"]!["base"]!));
        Assert.Equal(weights.Parameters, (long)json["parameters"]!);
        Assert.Equal(weights.Bytes, (long)json["dtypes"]!["F16"]!["bytes"]!);
        Assert.Equal(20, json["tensors"]!.AsArray().Count);
        Assert.Equal("""{"role":"Key","name":"gpt_neox.layers.{layer}.attention.query_key_value.weight","rows":"FusedByGroupKey","shape":[16,16]}""",
            json["tensors"]!.AsArray().Single(t => (string)t!["role"]! == "Key")!.ToJsonString());
    }

    const string NeoXPage =
        """
        /models/m
        GPT-NeoX (Pythia), 11,472 parameters
        as defined by GPTNeoXConfig of transformers 4.46

        Sizes
          d_model      16
          blocks       3
          heads        2
          head_dim     8
          d_ff         64
          d_vocab      50
          n_ctx        32

        Block
          parallel     resid_post = resid_pre + attn(norm₁(resid_pre)) +
                       mlp(norm₂(resid_pre))
          norm         LayerNorm: (x − mean) / √(variance + 1e-05) · weight + bias
          attention    causal, softmax(0.353553 · query·key)
          rotary       2 of 8 dimensions of a head, pairs (i, i + 1), base 10000
          scaling      none
          mlp          down(act(up(x)))
          activation   GELU, with the error function
          biases       query/key/value yes, attention out yes, MLP yes
          unembedding  a matrix of its own

        Absent from the config; taken from GPTNeoXConfig of transformers 4.46
          rope_scaling.rope_type = default
          attention_bias = true

        Stored weights: 22,944 bytes, 6,560 of them in block 0
          F16          40 tensors, 22,944 bytes

        Tensors of no block
          gpt_neox.embed_in.weight          [50 × 16]       Embedding
          embed_out.weight                  [50 × 16]       Unembedding
          gpt_neox.final_layer_norm.weight  [16]            FinalNorm
          gpt_neox.final_layer_norm.bias    [16]            FinalNormBias

        Tensors of a block, each under gpt_neox.layers.{layer}.
          input_layernorm.weight            [16]            AttnNorm
          input_layernorm.bias              [16]            AttnNormBias
          post_attention_layernorm.weight   [16]            MlpNorm
          post_attention_layernorm.bias     [16]            MlpNormBias
          attention.query_key_value.weight  [48 × 16]       [head][q|k|v] rows
          attention.query_key_value.bias    [48]            [head][q|k|v] biases
          attention.dense.weight            [16 × 16]       AttnOut
          attention.dense.bias              [16]            AttnOutBias
          mlp.dense_h_to_4h.weight          [64 × 16]       MlpUp
          mlp.dense_h_to_4h.bias            [64]            MlpUpBias
          mlp.dense_4h_to_h.weight          [16 × 64]       MlpDown
          mlp.dense_4h_to_h.bias            [16]            MlpDownBias

        Notes
          - 1 × gpt_neox.layers.{layer}.attention.bias: known to be unused, not read

        """;
    const string GgufPage =
        """
        /models/m.gguf
        Llama (GGUF), 6,672 parameters
        as defined by llama.cpp

        Sizes
          d_model      16
          blocks       3
          heads        4 query, 2 key/value: one for every 2
          head_dim     4
          d_ff         24
          d_vocab      50
          n_ctx        32

        Block
          sequential   resid_mid  = resid_pre + attn(norm₁(resid_pre))
                       resid_post = resid_mid + mlp(norm₂(resid_mid))
          norm         RMSNorm: x / √(mean of x² + 1e-05) · weight
          attention    causal, softmax(0.5 · query·key)
          rotary       4 of 4 dimensions of a head, pairs (i, i + 2), base 10000
          scaling      frequencies divided by the 2 numbers stored in the file
          mlp          down(act(gate(x)) ⊙ up(x))
          activation   SiLU
          biases       query/key/value no, attention out no, MLP no
          unembedding  the embedding (tied)

        Absent from the config; taken from llama.cpp
          llama.attention.key_length = 4 (llama.embedding_length /
          llama.attention.head_count)
          llama.rope.freq_base = 10000

        Stored weights: 13,344 bytes, 3,904 of them in block 0
          F16          29 tensors, 13,344 bytes

        Tensors of no block
          token_embd.weight   [50 × 16]       Embedding
          output_norm.weight  [16]            FinalNorm

        Tensors of a block, each under blk.{layer}.
          attn_norm.weight    [16]            AttnNorm
          ffn_norm.weight     [16]            MlpNorm
          attn_q.weight       [16 × 16]       Query, pairs interleaved
          attn_k.weight       [8 × 16]        Key, pairs interleaved
          attn_v.weight       [8 × 16]        Value
          attn_output.weight  [16 × 16]       AttnOut
          ffn_gate.weight     [24 × 16]       MlpGate
          ffn_up.weight       [24 × 16]       MlpUp
          ffn_down.weight     [16 × 24]       MlpDown

        Notes
          - A GGUF file of architecture 'llama' cannot say that attention had a sliding
            window (Mistral 7B v0.1): full attention is computed.

        """;
}
