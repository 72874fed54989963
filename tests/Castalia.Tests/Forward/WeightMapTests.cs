using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Tests.Architectures;
using Xunit;
using static Castalia.Tests.Architectures.InMemory;

namespace Castalia.Tests.Forward;

public sealed class WeightMapTests
{
    static Checkpoint Whole(string config) => Folder(config, TensorsOf(ArchitectureReader.Read(Folder(config))));

    static WeightMap Bind(Checkpoint c) => WeightMap.Bind(ArchitectureReader.Read(c), c);

    static InputException Refused(Checkpoint c) => Assert.Throws<InputException>(() => Bind(c));

    // Names and shapes as the reference wrote them, not as our families state them.
    [Theory]
    [InlineData("gpt_neox", "pythia", "embed_out.weight", 199)]
    [InlineData("gpt_neox", "fp16-sharded", "embed_out.weight", 199)]
    [InlineData("gpt_neox", "sequential-f32", "embed_out.weight", 199)]
    [InlineData("llama", "gqa", "lm_head.weight", 227)]
    [InlineData("llama", "llama31", "lm_head.weight", 227)]
    [InlineData("llama", "llama31-v5-config", "lm_head.weight", 227)]
    [InlineData("llama", "mha-sparse-config", "lm_head.weight", 227)]
    [InlineData("llama", "tied-bias-f32", "model.embed_tokens.weight", 227)]
    public void Every_tensor_of_a_reference_checkpoint_has_its_place(string family, string name, string head, int vocab)
    {
        string folder = Shared.Path("golden", "models", family, name);
        var tensors = Directory.GetFiles(folder, "model*.safetensors").SelectMany(Header).ToList();
        Checkpoint c = Folder(File.ReadAllText(Path.Combine(folder, "config.json")), tensors);
        WeightMap map = Bind(c);
        StoredWeight unembedding = map.Find(WeightRole.Unembedding)!;
        Assert.Equal((head, vocab), (unembedding.Tensor.Name, unembedding.Out));
        Assert.Equal(map.Architecture.ExpectedParameters, map.Parameters);
        int buffers = map.Notes.Sum(note => int.Parse(note.Split(' ')[0]));
        Assert.Equal(tensors.Count, map.Tensors.Count() + buffers);
    }

    static IEnumerable<Tensor> Header(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] length = new byte[8];
        stream.ReadExactly(length);
        byte[] json = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        stream.ReadExactly(json);
        return JsonNode.Parse(json)!.AsObject().Where(pair => pair.Key != "__metadata__").Select(pair =>
            Shape(Enum.Parse<DType>(Translated((string)pair.Value!["dtype"]!)), pair.Key,
                [.. pair.Value["shape"]!.AsArray().Select(axis => (long)axis!)])).ToList();
        static string Translated(string dtype) => dtype == "BOOL" ? "Bool" : dtype;
    }

    [Fact]
    public void A_GGUF_file_as_the_reference_writes_it_has_a_place_for_every_tensor()
    {
        string[] vectors = ["attn_norm", "ffn_norm"];
        (string Name, long Out, long In)[] matrices =
            [("attn_q", 16, 16), ("attn_k", 8, 16), ("attn_v", 8, 16), ("attn_output", 16, 16), ("ffn_gate", 24, 16), ("ffn_up", 24, 16), ("ffn_down", 16, 24)];
        Checkpoint c = Gguf(LlamaMetadata(),
        [
            Shape("output.weight", 50, 16), Shape("token_embd.weight", 50, 16), Shape("output_norm.weight", 16), Values("rope_freqs.weight", [1, 8], 2),
            .. from layer in Enumerable.Range(0, 3) from v in vectors select Shape($"blk.{layer}.{v}.weight", 16),
            .. from layer in Enumerable.Range(0, 3) from m in matrices select Shape(DType.Q8_0, $"blk.{layer}.{m.Name}.weight", m.Out, m.In),
        ]);
        WeightMap map = Bind(c);
        Assert.Equal(2 * 800 + 16 + 3 * (2 * 16 + 2 * 256 + 2 * 128 + 3 * 384), map.Parameters); // divisors are no parameters
        StoredWeight key = map.Find(WeightRole.Key, 2)!;
        Assert.Equal(("blk.2.attn_k.weight", RowOrder.InterleavedPairs, 8, 16), (key.Tensor.Name, key.Rows, key.Out, key.In));
        Assert.Equal(RowOrder.AsStored, map.Find(WeightRole.Value, 2)!.Rows);
        Assert.Contains(map.Notes, note => note.Contains("sliding window", StringComparison.Ordinal));
    }

    [Fact]
    public void Query_key_and_value_of_NeoX_are_three_readings_of_one_tensor()
    {
        WeightMap map = Bind(Whole(NeoX));
        StoredWeight q = map.Find(WeightRole.Query, 1)!, k = map.Find(WeightRole.Key, 1)!, bias = map.Find(WeightRole.ValueBias, 1)!;
        Assert.Same(q.Tensor, k.Tensor);
        Assert.Equal([48, 16], q.Tensor.Shape);
        Assert.Equal((RowOrder.FusedByGroupQuery, RowOrder.FusedByGroupKey, 16, 16), (q.Rows, k.Rows, q.Out, q.In));
        Assert.Equal((RowOrder.FusedByGroupValue, 16, 1), (bias.Rows, bias.Out, bias.In));
    }

    [Fact]
    public void Parameters_and_bytes_count_every_tensor_once()
    {
        WeightMap map = Bind(Whole(NeoX));
        // Block: two norms 2·2·16, fused 48·16 + 48, out 16·16 + 16, mlp 2·16·64 + 64 + 16.
        const long Block = 64 + 816 + 272 + 2128, Rest = 2 * 50 * 16 + 2 * 16;
        Assert.Equal(Rest + 3 * Block, map.Parameters);
        Assert.Equal(2 * (Rest + 3 * Block), map.Bytes);
        Assert.Equal(2 * Block, map.BlockBytes(0));
        Assert.Equal(2 * Block, map.BlockBytes(2));
        Assert.Empty(map.Notes);
    }

    [Fact]
    public void A_role_the_model_does_not_have_is_null()
    {
        WeightMap map = Bind(Whole(Llama));
        Assert.Null(map.Find(WeightRole.QueryBias, 0));
        Assert.Null(map.Find(WeightRole.FinalNormBias));
        Assert.Null(map.Find(WeightRole.Query));
        Assert.Null(map.Find(WeightRole.Query, 3));
        Assert.NotNull(map.Find(WeightRole.MlpGate, 2));
    }

    [Fact]
    public void Old_buffers_are_named_and_not_read()
    {
        var buffers = Enumerable.Range(0, 3).SelectMany(layer => new[]
        {
            Shape(DType.Bool, $"gpt_neox.layers.{layer}.attention.bias", 1, 1, 32, 32),
            Shape(DType.F16, $"gpt_neox.layers.{layer}.attention.rotary_emb.inv_freq", 1),
        });
        WeightMap map = Bind(Whole(NeoX).With(buffers));
        Assert.Equal(
            ["3 × gpt_neox.layers.{layer}.attention.bias: known to be unused, not read",
             "3 × gpt_neox.layers.{layer}.attention.rotary_emb.inv_freq: known to be unused, not read"], map.Notes);
        Assert.Equal(Bind(Whole(NeoX)).Parameters, map.Parameters);
    }

    [Theory]
    [InlineData("gpt_neox.layers.3.attention.bias")] // three blocks: 0, 1, 2
    [InlineData("gpt_neox.layers.-1.attention.bias")]
    [InlineData("gpt_neox.layers..attention.bias")]
    [InlineData("gpt_neox.layers.0.attention.bias.more")]
    [InlineData("gpt_neox.layers.3.input_layernorm.weight")]
    [InlineData("score.weight")]
    public void A_tensor_nobody_reads_is_refused(string name)
    {
        InputException e = Refused(Whole(NeoX).With([Shape(name, 16)]));
        Assert.Equal($"Tensor '{name}' [16] belongs to no part of GPT-NeoX (Pythia) with 3 blocks.", e.Cause);
        Assert.Equal($"weights, tensor '{name}'", e.Place);
        Assert.Contains("wrong numbers", e.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blk.0.attn_q.scale")]
    [InlineData("blk.0.attn_q.weight.scale")]
    [InlineData("blk.0.attn_q.input_scale")]
    public void A_scale_stored_apart_from_its_tensor_is_refused_as_such(string name)
    {
        InputException e = Refused(Whole(NeoX).With([Shape("a.weight", 16), Shape(name, 1)]));
        Assert.Equal($"'{name}' is a scale for a whole tensor, stored apart from it as NVFP4 files do: such scales are not applied.", e.Cause);
        Assert.Equal($"weights, tensor '{name}'", e.Place);
    }

    [Fact]
    public void A_missing_weight_is_refused_with_the_nearest_names() => Assert.Equal(
        """
        Tensor 'model.layers.1.self_attn.k_proj.weight' is not in the checkpoint, which holds 29 tensors.
          where: /models/m
          to do: Nearest names there: model.layers.0.self_attn.k_proj.weight, model.layers.1.self_attn.o_proj.weight, model.layers.1.self_attn.q_proj.weight. The config describes Llama with 3 blocks; are the weights of the same model and revision, and all there?
        """, Refused(Whole(Llama).With(without: "model.layers.1.self_attn.k_proj.weight")).Message);

    [Fact]
    public void A_missing_head_is_refused_by_what_the_config_says() => Assert.Equal(
        """
        Tensor 'lm_head.weight', the unembedding, is not in the checkpoint, and the config says that it is not the embedding.
          where: /models/m
          to do: If the model ties the two, its config.json must say "tie_word_embeddings": true; else the weights are not whole, or those of the model without its head.
        """, Refused(Whole(Llama).With(without: "lm_head.weight")).Message);

    [Fact]
    public void An_empty_checkpoint_is_refused() =>
        Assert.Contains("which holds 0 tensors", Refused(Folder(Llama)).Cause, StringComparison.Ordinal);

    [Theory]
    [InlineData("model.layers.2.mlp.down_proj.weight", "[24 × 16]; expected [16 × 24] (MlpDown)", 24, 16)]
    [InlineData("model.layers.0.self_attn.k_proj.weight", "[16 × 16]; expected [8 × 16] (Key)", 16, 16)]
    [InlineData("model.norm.weight", "[17]; expected [16] (FinalNorm)", 17)]
    [InlineData("model.norm.weight", "[16 × 1]; expected [16] (FinalNorm)", 16, 1)]
    [InlineData("model.layers.0.mlp.up_proj.weight", "[384]; expected [24 × 16] (MlpUp)", 384)]
    [InlineData("model.embed_tokens.weight", "[50 × 17]; expected [50 × 16] (Embedding)", 50, 17)]
    public void A_weight_of_another_shape_is_refused(string name, string words, params int[] shape)
    {
        InputException e = Refused(Whole(Llama).With([Shape(name, [.. shape.Select(axis => (long)axis)])]));
        Assert.Equal($"Tensor '{name}' has shape {words}.", e.Cause);
        Assert.Equal($"weights, tensor '{name}'", e.Place);
        Assert.Contains("one revision", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fused_tensor_is_checked_as_the_sum_of_its_roles() => Assert.Contains(
        "[16 × 16]; expected [48 × 16] (Query, Key, Value)",
        Refused(Whole(NeoX).With([Shape("gpt_neox.layers.0.attention.query_key_value.weight", 16, 16)])).Cause, StringComparison.Ordinal);

    [Theory]
    [InlineData("model.embed_tokens.weight")]
    [InlineData("lm_head.weight")]
    public void A_vocabulary_of_another_size_is_refused_by_both_sizes(string name) => Assert.Equal(
        $"Tensor '{name}' has 51 rows, but the config's vocabulary has 50.", Refused(Whole(Llama).With([Shape(name, 51, 16)])).Cause);

    [Theory]
    [InlineData(DType.Bool)]
    [InlineData(DType.U8)]
    [InlineData(DType.I8)]
    [InlineData(DType.I16)]
    [InlineData(DType.I32)]
    [InlineData(DType.I64)]
    internal void A_weight_that_is_no_number_is_refused(DType type)
    {
        InputException e = Refused(Whole(Llama).With([Shape(type, "model.layers.1.mlp.up_proj.weight", 24, 16)]));
        Assert.Equal($"Tensor 'model.layers.1.mlp.up_proj.weight' is stored as {type}, which is no number format for a weight (MlpUp).", e.Cause);
    }

    static string Tied => Llama.Replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true", StringComparison.Ordinal);

    static Tensor Matrix(string name, float last)
    {
        float[] values = [.. Enumerable.Range(0, 50 * 16).Select(i => (float)i)];
        values[^1] = last;
        return Values(name, values, 50, 16);
    }

    [Fact]
    public void A_tied_head_is_the_embedding()
    {
        WeightMap map = Bind(Whole(Tied));
        Assert.Same(map.Find(WeightRole.Embedding), map.Find(WeightRole.Unembedding));
        Assert.Equal(Bind(Whole(Llama)).Parameters - 800, map.Parameters);
    }

    [Fact]
    public void A_tied_head_stored_twice_is_counted_once_and_said()
    {
        WeightMap map = Bind(Whole(Tied).With([Matrix("model.embed_tokens.weight", 1), Matrix("lm_head.weight", 1)]));
        Assert.Equal(Bind(Whole(Tied)).Parameters, map.Parameters);
        Assert.Equal(["'lm_head.weight' is stored though tied; it equals 'model.embed_tokens.weight' byte for byte and is counted once."], map.Notes);
    }

    [Fact]
    public void A_tied_head_that_differs_in_its_last_value_is_refused() => Assert.Contains(
        "'lm_head.weight' is stored too and differs from 'model.embed_tokens.weight'",
        Refused(Whole(Tied).With([Matrix("model.embed_tokens.weight", 1), Matrix("lm_head.weight", 2)])).Cause, StringComparison.Ordinal);

    /// <summary>The same matrix column by column, as a transposed view of PyTorch is stored.</summary>
    static unsafe Tensor Columnwise(string name, float last)
    {
        float[] values = [.. Enumerable.Range(0, 50 * 16).Select(i => (float)(i % 50 * 16 + i / 50))];
        values[^1] = last;
        Tensor stored = Values(name, values, 16, 50);
        return new(name, stored.DType, [50, 16], stored.File, stored.Data, stored.ByteLength, [1, 50]);
    }

    [Fact]
    public void A_tied_head_stored_column_by_column_is_compared_value_by_value()
    {
        WeightMap map = Bind(Whole(Tied).With([Matrix("model.embed_tokens.weight", 1), Columnwise("lm_head.weight", 1)]));
        Assert.Single(map.Notes, note => note.Contains("stored though tied", StringComparison.Ordinal));
        Assert.Contains("differs", Refused(Whole(Tied).With([Columnwise("model.embed_tokens.weight", 1), Matrix("lm_head.weight", 2)])).Cause, StringComparison.Ordinal);
        Assert.Contains("differs", Refused(Whole(Tied).With([Columnwise("model.embed_tokens.weight", 1), Columnwise("lm_head.weight", 2)])).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tied_head_of_another_type_is_refused() => Assert.Contains(
        "differs", Refused(Whole(Tied).With([Matrix("model.embed_tokens.weight", 1), Shape("lm_head.weight", 50, 16)])).Cause, StringComparison.Ordinal);

    [Fact]
    public void Biases_in_a_checkpoint_whose_config_denies_them_are_refused() => Assert.Contains(
        "'model.layers.0.self_attn.q_proj.bias'",
        Refused(Whole(Llama).With([Shape("model.layers.0.self_attn.q_proj.bias", 16)])).Cause, StringComparison.Ordinal);

    [Fact]
    public void A_family_that_gives_one_tensor_to_two_roles_is_our_bug()
    {
        Architecture a = ArchitectureReader.Read(Folder(Llama));
        var tensors = new Dictionary<WeightRole, TensorSlot>(a.Tensors) { [WeightRole.MlpGate] = a.Tensors[WeightRole.MlpUp] };
        Assert.Throws<InvalidOperationException>(() => WeightMap.Bind(a with { Tensors = tensors }, Whole(Llama)));
    }
}
