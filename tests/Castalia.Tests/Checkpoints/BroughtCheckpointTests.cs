using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>Checkpoints as people have them: in wrappers, beside adapters, tied under one name or the other, inside a trainer's dictionary.</summary>
public sealed class BroughtCheckpointTests
{
    /// <summary>A Llama of 2 blocks whose embedding is its head; 1,368 parameters.</summary>
    static string Usual => Shared.Path("cases", "tied-under-head-name", "usual");

    static string Config => File.ReadAllText(Path.Combine(Usual, "config.json"));

    static string Untied => Config.Replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false", StringComparison.Ordinal);

    /// <summary>The usual model's file with another header over the same data.</summary>
    static byte[] Renamed(Func<string, string> name, Action<JsonObject>? more = null)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Usual, "model.safetensors"));
        int length = BitConverter.ToInt32(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        header.Remove("__metadata__");
        var changed = new JsonObject(header.Select(pair => KeyValuePair.Create(name(pair.Key), pair.Value?.DeepClone())));
        more?.Invoke(changed);
        return SafetensorsBytes.File(Encoding.UTF8.GetBytes(changed.ToJsonString()), file[(8 + length)..]);
    }

    /// <summary>What is bound, and its notes; the weights must be those of the usual model, value by value.</summary>
    static IReadOnlyList<string> Notes(byte[] weights, string file = "model.safetensors", string? config = null)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", config ?? Config);
        folder.Write(file, weights);
        using var usual = Checkpoint.Open(Usual);
        using var brought = Checkpoint.Open(folder.Path);
        WeightMap expected = WeightMap.Bind(ArchitectureReader.Read(usual), usual), found = WeightMap.Bind(ArchitectureReader.Read(brought), brought);
        Assert.Equal(expected.Parameters, found.Parameters);
        foreach (var role in WeightShapes.Needed(expected.Architecture).Append(WeightRole.Unembedding))
            foreach (int? layer in WeightShapes.IsPerLayer(role) ? new int?[] { 0, 1 } : [null])
                Assert.Equal(Values(expected.Find(role, layer)!.Tensor), Values(found.Find(role, layer)!.Tensor));
        return found.Notes;
    }

    static float[] Values(Tensor tensor)
    {
        float[] values = new float[tensor.Count];
        for (int row = 0; row < tensor.Rows; row++) Widen.Row(tensor, row, 0, values.AsSpan(row * (int)tensor.Columns, (int)tensor.Columns));
        return values;
    }

    static InputException Refusal(byte[] weights, string? config = null)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", config ?? Config);
        folder.Write("model.safetensors", weights);
        return Refusal(folder.Path);
    }

    static InputException Refusal(string path)
    {
        var error = Assert.Throws<InputException>(() =>
        {
            using var checkpoint = Checkpoint.Open(path);
            WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        });
        Assert.DoesNotContain("Families", error.Message, StringComparison.Ordinal);
        return error;
    }

    [Theory]
    [InlineData("usual", null)]
    [InlineData("alias", "Not stored, as the file says, because equal to another: 'model.embed_tokens.weight' is 'lm_head.weight'.")]
    [InlineData("no-alias", "The matrix that the config ties is stored under the head's name, 'lm_head.weight', only.")]
    public void A_tied_matrix_may_be_stored_under_either_name(string name, string? note)
    {
        string folder = Shared.Path("cases", "tied-under-head-name", name);
        using var runs = new TemporaryFolder();
        var (code, output, _) = CommandLineTests.Castalia(["measure", folder, "--prompts", Path.Combine(Usual, "p.jsonl"), "--out", runs.Path]);
        Assert.Equal(0, code);
        // Mean over the four prompts, transformers 4.46.3 in float64: 1.476137 ± 0.450357 and 2.922194 ± 0.169236.
        Assert.Contains("1.476 ± 0.450", output, StringComparison.Ordinal);
        Assert.Contains("2.922 ± 0.169", output, StringComparison.Ordinal);
        if (note is not null) Assert.Contains(note, string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    static string HeadOnly(string name) => name == "model.embed_tokens.weight" ? "lm_head.weight" : name;

    [Fact]
    public void An_embedding_that_is_not_stored_is_the_head_only_where_the_config_or_the_file_says_so()
    {
        var refusal = Refusal(Renamed(HeadOnly), Untied);
        Assert.Contains("'model.embed_tokens.weight', the embedding, is not in the checkpoint", refusal.Cause, StringComparison.Ordinal);
        Assert.Contains("tie_word_embeddings", refusal.Remedy, StringComparison.Ordinal);
        byte[] alias = Renamed(HeadOnly, header => header["__metadata__"] = new JsonObject { ["model.embed_tokens.weight"] = "lm_head.weight" });
        Assert.Contains("'model.embed_tokens.weight' is 'lm_head.weight'", Assert.Single(Notes(alias, config: Untied)), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_weight_may_be_stored_once_for_several_names()
    {
        // Two blocks that share their MLP, as safetensors.torch.save_model writes them.
        const string Kept = "model.layers.0.mlp.up_proj.weight", Dropped = "model.layers.1.mlp.up_proj.weight";
        using var folder = new TemporaryFolder();
        folder.Write("config.json", Config);
        folder.Write("model.safetensors", Renamed(name => name == Dropped ? "model.rotary_emb.cos_cached" : name, header =>
            header["__metadata__"] = new JsonObject { ["format"] = "pt", [Dropped] = Kept, ["unrelated"] = "model.norm.weight" }));
        using var checkpoint = Checkpoint.Open(folder.Path);
        WeightMap map = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        Assert.Same(map.Find(WeightRole.MlpUp, 0)!.Tensor, map.Find(WeightRole.MlpUp, 1)!.Tensor);
        Assert.Equal(1368 - 12 * 8, map.Parameters);
        Assert.Equal(map.BlockBytes(0), map.BlockBytes(1));
        Assert.Contains(map.Notes, note => note.Contains($"'{Dropped}' is '{Kept}'", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Wrappers => new()
    {
        { "_orig_mod.{0}", "'_orig_mod.'" },
        { "module.{0}", "'module.'" },
        { "base_model.model.{0}", "'base_model.model.'" },
        { "module._orig_mod.{0}", "'_orig_mod.'" },
        { "_fsdp_wrapped_module.module.{0}", "'_fsdp_wrapped_module.'" },
        { "_forward_module.{0}", "'_forward_module.'" },
        { "net.of.mine.{0}", "'net.of.mine.'" },
        { "model.{0}", "'model.'" },
    };

    [Theory]
    [MemberData(nameof(Wrappers))]
    public void What_stands_before_every_name_is_taken_off_and_said(string pattern, string note) => Assert.Contains(
        Notes(Renamed(name => string.Format(null, pattern, name))), said => said.Contains(note, StringComparison.Ordinal));

    [Fact]
    public void Wrappers_around_parts_are_taken_off()
    {
        Assert.Contains("'_orig_mod.', '_fsdp_wrapped_module.'", Assert.Single(Notes(Renamed(name =>
            name.Replace("layers.0.", "layers.0._orig_mod.", StringComparison.Ordinal).Replace("layers.1.", "_fsdp_wrapped_module.layers.1._fsdp_wrapped_module.", StringComparison.Ordinal)))), StringComparison.Ordinal);
        Assert.Contains("there is another that is 'model.norm.weight'", Refusal(Renamed(name => name == "model.layers.0.input_layernorm.weight" ? "model._orig_mod.norm.weight" : name)).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_its_head_may_be_in_a_wrapper_too() => Assert.Contains(
        "'module.'", Assert.Single(Notes(Renamed(name => "module." + name["model.".Length..]))), StringComparison.Ordinal);

    [Fact]
    public void A_wrapper_around_most_and_not_all_is_refused_with_what_to_save()
    {
        var refusal = Refusal(Renamed(name => name == "model.norm.weight" ? name : $"module.{name}"));
        Assert.Contains("Most begin with 'module.', and not all: save the model alone", refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base_model.model.model.layers.0.self_attn.q_proj.base_layer.weight")]
    [InlineData("base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight")]
    [InlineData("model.layers.0.self_attn.q_proj.lora_b")]
    [InlineData("model.embed_tokens.modules_to_save.default.weight")]
    public void Weights_with_an_adapter_in_them_are_to_be_merged(string name)
    {
        var refusal = Refusal(Renamed(other => other == "model.norm.weight" ? name : other));
        Assert.Equal($"Tensor '{name}' belongs to an adapter (LoRA or a relative) that is not merged into the model.", refusal.Cause);
        Assert.Contains("merge_and_unload", refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"peft_type": "LORA", "base_model_name_or_path": "org/base"}""", "a LoRA adapter of 'org/base'", "merge_and_unload")]
    [InlineData("""{"peft_type": "IA3", "base_model_name_or_path": "org/base"}""", "an adapter (IA3) of 'org/base'", "merge_and_unload")]
    [InlineData("""{"peft_type": "PROMPT_TUNING", "base_model_name_or_path": "org/base"}""", "an adapter (PROMPT_TUNING) of 'org/base'", "cannot be merged into weights: measure the base model")]
    [InlineData("""{"fine_tune_type": "lora", "model": "org/base"}""", "a LoRA adapter of 'org/base'", "merge_and_unload")]
    [InlineData("""{"peft_type": "LORA", "base_model_name_or_path": null}""", "a LoRA adapter,", "does not say of which model")]
    [InlineData("""{"peft_type": 3, "base_model_name_or_path": ["x"]}""", "an adapter,", "does not say of which model")]
    [InlineData("[]", "Expected a JSON object", "take it again from the model's publisher")]
    public void An_adapter_alone_is_named_with_its_model(string config, string cause, string remedy)
    {
        foreach (bool withConfig in new[] { false, true })
        {
            using var folder = new TemporaryFolder();
            if (withConfig) folder.Write("config.json", Config);
            folder.Write("adapter_config.json", config);
            folder.Write("adapter_model.safetensors", SafetensorsBytes.File());
            folder.Write("training_args.bin", TorchBytes.Zip());
            folder.Write("optimizer.pt", TorchBytes.Zip());
            var refusal = Refusal(folder.Path);
            Assert.Contains(cause, refusal.Cause, StringComparison.Ordinal);
            Assert.Contains(remedy, refusal.Remedy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("model.safetensors", "adapter_model.bin")]
    [InlineData("other.safetensors", "adapter_model.safetensors")]
    [InlineData("model.safetensors", "adapter_config.json")]
    public void An_adapter_beside_the_weights_is_said_not_to_be_applied(string weights, string adapter)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", Config);
        folder.Write(weights, Renamed(name => name));
        folder.Write(adapter, "not looked at");
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Contains("It is not applied", Assert.Single(WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint).Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.rotary_emb.inv_freq")]
    [InlineData("model.rotary_emb.original_inv_freq")]
    [InlineData("model.layers.1.self_attn.rotary_emb.inv_freq")]
    [InlineData("model.layers.1.self_attn.rotary_emb.cos_cached")]
    public void Rotary_tables_are_computed_whatever_a_file_stores(string name)
    {
        // transformers 4.46.3 gives the same logits with sevens stored as model.rotary_emb.inv_freq as without.
        byte[] weights = Renamed(other => other, header => header[name] = new JsonObject { ["dtype"] = "F32", ["shape"] = new JsonArray(0), ["data_offsets"] = new JsonArray(0, 0) });
        Assert.EndsWith("known to be unused, not read", Assert.Single(Notes(weights)), StringComparison.Ordinal);
    }

    static byte[] Torch(Action<PickleWriter> entries, params (string, byte[])[] storages) => TorchBytes.Zip(TorchBytes.Dictionary(entries), storages);

    /// <summary>A state_dict of the usual model's tensors, one storage each, and the storages.</summary>
    static (Action<PickleWriter> Dict, (string, byte[])[] Storages) State(string prefix = "")
    {
        using var usual = Checkpoint.Open(Usual);
        var tensors = usual.Tensors.Values.Select((tensor, i) => (tensor.Name, Shape: tensor.Shape.ToArray(), Key: $"{prefix}{i}", Values: Values(tensor))).ToList();
        return (p =>
        {
            p.Op("}(");
            foreach (var (name, shape, key, values) in tensors)
                p.Text(name).Tensor(s => s.Storage("FloatStorage", key, values.Length), 0, shape, shape.Length == 1 ? [1] : [shape[1], 1]);
            p.Op("u");
        }, [.. tensors.Select(tensor => (tensor.Key, (byte[])[.. tensor.Values.SelectMany(BitConverter.GetBytes)]))]);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("model_state_dict")]
    [InlineData("weights of mine")]
    public void A_state_dict_among_other_entries_is_read_and_said(string key)
    {
        var (dict, storages) = State();
        byte[] file = Torch(p =>
        {
            p.Text("epoch").Int(3).Text(key);
            dict(p);
            p.Text("optimizer").Op("}").Text("state").Op("}").Int(0).Op("]ss").Text("size").Global("torch", "Size").Tuple(1, 2).Op("\u0085R").Text("type").Global("torch", "float32");
        }, storages);
        Assert.Equal([$"pytorch_model.bin: the weights are its entry '{key}'; 'epoch', 'optimizer', 'size', 'type' not read."], Notes(file, "pytorch_model.bin"));
    }

    [Fact]
    public void Of_two_state_dicts_the_usual_name_is_meant_unless_they_are_two_versions()
    {
        var (dict, storages) = State();
        var (other, more) = State("x");
        byte[] two = Torch(p =>
        {
            dict(p.Text("model"));
            other(p.Text("ema"));
        }, [.. storages, .. more]);
        using var folder = new TemporaryFolder();
        folder.Write("config.json", Config);
        folder.Write("pytorch_model.bin", two);
        Assert.Equal("The file holds 2 dictionaries of tensors, and nothing says which is the model: 'model', 'ema'.", Refusal(folder.Path).Cause);
        Assert.Single(Notes(Torch(p =>
        {
            p.Text("scaler").Op("}").Text("scale").Tensor(TorchBytes.Floats(), 0, [], []).Op("s");
            other(p.Text("model"));
        }, [.. more, ("0", TorchBytes.Six)]), "pytorch_model.bin"));
    }

    [Fact]
    public void Elements_repeated_beyond_what_is_stored_are_not_believed()
    {
        byte[] file = TorchBytes.Zip(TorchBytes.Dictionary(p => p.Text("a").Tensor(TorchBytes.Floats(), 0, [60000, 65536], [0, 0])));
        using var folder = new TemporaryFolder();
        folder.Write("config.json", Config);
        folder.Write("pytorch_model.bin", file);
        var refusal = Refusal(folder.Path);
        Assert.Equal("Tensor 'a' takes 15728640000 bytes by repeating the 24 that are stored, more than is read.", refusal.Cause);
        // Eight of four mebibytes: each would do, all together would not.
        folder.Write("pytorch_model.bin", TorchBytes.Zip(TorchBytes.Dictionary(p =>
        {
            for (int i = 0; i < 8; i++) p.Text($"{i}").Tensor(TorchBytes.Floats(), 0, [1 << 20], [0]);
        })));
        Assert.Contains("Tensor '4' takes 4194304 bytes", Refusal(folder.Path).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_archive_is_refused_with_a_remedy_that_torch_obeys()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", Config);
        folder.Write("pytorch_model.bin", ZipBytes.File(TorchBytes.Parts().Select(part => part with { Method = 8 })));
        // torch 1.13's torch.load reads such an archive, and its torch.save stores the entries.
        Assert.Contains("torch.save(torch.load(file, map_location='cpu'), file)", Refusal(folder.Path).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 60000", "'num_hidden_layers' counts 60000 blocks, each with weights of its own; the checkpoint holds 20 tensors.")]
    [InlineData("mistral", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2147483647", "Key 'num_hidden_layers' is 2147483647; allowed is a whole number from 1 to 65536.")]
    [InlineData("mixtral", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2, \"num_local_experts\": 60000", "'num_local_experts' counts 60000 experts")]
    public void More_blocks_or_experts_than_the_checkpoint_could_hold_are_counted_by_nobody(string family, string stated, string claimed, string cause)
    {
        Assert.Contains(stated, Config, StringComparison.Ordinal);
        string config = Config.Replace(stated, claimed, StringComparison.Ordinal).Replace("\"model_type\": \"llama\"", $"\"model_type\": \"{family}\"", StringComparison.Ordinal);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(cause, Refusal(Renamed(name => name), config).Cause, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    [InlineData("pytorch_model.bin")]
    [InlineData("m.gguf")]
    [InlineData("adapter_config.json")]
    public void A_named_pipe_waits_for_nobody_whatever_its_name(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mkfifo");
        using var folder = new TemporaryFolder();
        string pipe = Path.Combine(folder.Path, name);
        Process.Start("mkfifo", [pipe]).WaitForExit();
        if (name is not ("config.json" or "m.gguf" or "adapter_config.json")) folder.Write("config.json", Config);
        if (name == "config.json") folder.Write("model.safetensors", Renamed(n => n));
        Assert.Contains("is a named pipe, not a file with an end", Refusal(folder.Path).Cause, StringComparison.Ordinal);
        Assert.Contains("is a named pipe", Refusal(pipe).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("model.safetensors.index.json")]
    [InlineData("pytorch_model.bin.index.json")]
    [InlineData("pytorch_model.bin")]
    [InlineData("m.gguf")]
    [InlineData("adapter_config.json")]
    public void A_Git_LFS_pointer_is_named_whatever_its_name(string name)
    {
        using var folder = new TemporaryFolder();
        if (name is not ("config.json" or "m.gguf" or "adapter_config.json")) folder.Write("config.json", Config);
        if (name == "config.json") folder.Write("model.safetensors", Renamed(n => n));
        folder.Write(name, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n");
        var refusal = Refusal(folder.Path);
        Assert.Contains("Git LFS pointer, a note in place of the file itself (sha256:00)", refusal.Cause, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", refusal.Remedy, StringComparison.Ordinal);
    }
}
