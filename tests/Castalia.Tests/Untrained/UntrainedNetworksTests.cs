using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Tests.Parity;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Untrained;

/// <summary>The networks of the default cache, built once for all tests of them.</summary>
public sealed class BuiltNetworks : IDisposable
{
    public string Cache { get; } = Directory.CreateTempSubdirectory("castalia-").FullName;
    public IReadOnlyList<string> Folders { get; }
    public List<string> Progress { get; } = [];

    public BuiltNetworks() =>
        Folders = UntrainedNetworks.Ensure(Cache, new SynchronousProgress(Progress.Add), TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(Cache, recursive: true);
}

/// <summary>Progress told at once, on the thread that reports it.</summary>
sealed class SynchronousProgress(Action<string> tell) : IProgress<string>
{
    public void Report(string value) => tell(value);
}

public sealed class UntrainedNetworksTests(BuiltNetworks built) : IClassFixture<BuiltNetworks>
{
    [Fact]
    public void Each_is_built_with_one_message_and_nothing_else_lies_in_the_cache()
    {
        Assert.Equal(built.Folders.Select(folder => $"building {Path.GetFileName(folder)}"), built.Progress);
        Assert.Equal(built.Folders.Order(), Directory.GetFileSystemEntries(built.Cache).Order());
    }

    /// <summary>The same bits on every machine: a change of these needs a new version, or caches keep the old
    /// networks.</summary>
    [Theory]
    [InlineData(0, "untrained-pythia-6x256-seed1-v1", "c92576b2c3b3b637106166d70cbe117ad743870a00f7feadb421c71246233b41")]
    [InlineData(1, "untrained-pythia-12x256-seed1-v1", "9aba681b27c9be168185f26c79359d3bc204bb17ec852437369dbe3e6a5f50e3")]
    [InlineData(2, "untrained-pythia-24x256-seed1-v1", "e34e67a5c4bc87aa1945733b6ecfc7fc2a14378a873c54d7fb4b63a3189e00ac")]
    [InlineData(3, "untrained-llama-8x256-seed1-v1", "619ec890e6b96d4e0f21e8273a53441bfa11cfeb02c488bf0806a16349657f6a")]
    public void The_weights_are_these_bits(int network, string name, string sha256)
    {
        Assert.Equal(name, Path.GetFileName(built.Folders[network]));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(built.Folders[network], "model.safetensors")))));
    }

    /// <summary>Otherwise a run of a renamed network would count as one of a trained model.</summary>
    [Fact]
    public void Each_is_known_by_its_weights() => Assert.All(built.Folders, (folder, i) =>
    {
        using var checkpoint = Castalia.Checkpoints.Checkpoint.Open(folder);
        var weights = Castalia.Forward.WeightMap.Bind(Castalia.Architectures.ArchitectureReader.Read(checkpoint), checkpoint);
        string sha256 = Castalia.Runs.WeightsLayout.Of(checkpoint, weights).Sha256(2, null, TestContext.Current.CancellationToken);
        Assert.Equal(UntrainedNetworks.WeightsSha256[i], sha256);
        Assert.True(UntrainedNetworks.Knows(sha256));
    });

    [Theory] // small_init √(2/(5·256)), wang_init 2/(L·16); Llama 0.02·√(4096/256)
    [InlineData(0, "gpt_neox.embed_in.weight", 0, 0.03952847)]
    [InlineData(0, "embed_out.weight", 0, 0.03952847)]
    [InlineData(0, "gpt_neox.layers.5.attention.query_key_value.weight", 0, 0.03952847)]
    [InlineData(0, "gpt_neox.layers.0.attention.dense.weight", 0, 0.02083333)]
    [InlineData(0, "gpt_neox.layers.0.attention.dense.bias", 0, 0)]
    [InlineData(0, "gpt_neox.layers.0.input_layernorm.weight", 1, 0)]
    [InlineData(0, "gpt_neox.final_layer_norm.bias", 0, 0)]
    [InlineData(1, "gpt_neox.layers.11.mlp.dense_4h_to_h.weight", 0, 0.01041667)]
    [InlineData(2, "gpt_neox.layers.23.mlp.dense_h_to_4h.weight", 0, 0.03952847)]
    [InlineData(2, "gpt_neox.layers.23.mlp.dense_4h_to_h.weight", 0, 0.00520833)]
    [InlineData(3, "model.embed_tokens.weight", 0, 0.08)]
    [InlineData(3, "model.layers.7.self_attn.k_proj.weight", 0, 0.08)]
    [InlineData(3, "model.layers.7.mlp.down_proj.weight", 0, 0.08)]
    [InlineData(3, "model.norm.weight", 1, 0)]
    public void Every_weight_has_the_spread_of_its_formula(int network, string name, double mean, double deviation)
    {
        var values = GoldenArrays.Load(Path.Combine(built.Folders[network], "model.safetensors"))[name].Values;
        double actualMean = values.Average();
        double actual = Math.Sqrt(values.Sum(x => (x - actualMean) * (x - actualMean)) / values.Length);
        double error = 4 / Math.Sqrt(values.Length); // four standard errors of a mean, in deviations; storage rounds by less
        Assert.Equal(mean, actualMean, error * deviation);
        Assert.Equal(deviation, actual, error * deviation);
    }

    [Fact]
    public void The_second_time_nothing_is_built()
    {
        var told = new List<string>();
        var before = built.Folders.Select(folder => File.GetLastWriteTimeUtc(Path.Combine(folder, "model.safetensors"))).ToList();
        var again = UntrainedNetworks.Ensure(built.Cache, new SynchronousProgress(told.Add), TestContext.Current.CancellationToken);
        Assert.Equal(built.Folders, again);
        Assert.Empty(told);
        Assert.Equal(before, again.Select(folder => File.GetLastWriteTimeUtc(Path.Combine(folder, "model.safetensors"))));
    }

    [Theory]
    [InlineData("model.safetensors", "flip")]
    [InlineData("model.safetensors", "cut")]
    [InlineData("model.safetensors", "delete")]
    [InlineData("config.json", "flip")]
    [InlineData("untrained.json", "delete")]
    [InlineData("untrained.json", "flip")]
    public void A_damaged_network_is_built_again(string file, string damage)
    {
        string path = Path.Combine(built.Folders[0], file);
        byte[] whole = File.ReadAllBytes(path);
        if (damage == "delete") File.Delete(path);
        else if (damage == "cut") File.WriteAllBytes(path, whole[..^1]);
        else File.WriteAllBytes(path, [(byte)(whole[0] ^ 1), .. whole[1..]]);
        var told = new List<string>();
        UntrainedNetworks.Ensure(built.Cache, new SynchronousProgress(told.Add), TestContext.Current.CancellationToken);
        Assert.Equal(["building untrained-pythia-6x256-seed1-v1"], told);
        Assert.Equal(whole, File.ReadAllBytes(path));
        Assert.Equal(built.Folders.Order(), Directory.GetFileSystemEntries(built.Cache).Order());
    }

    [Fact]
    public void Stopping_half_way_leaves_nothing_behind()
    {
        string cache = Path.Combine(built.Cache, "..", $"castalia-{Guid.NewGuid():N}");
        using var stop = new CancellationTokenSource();
        try
        {
            Assert.ThrowsAny<OperationCanceledException>(() =>
                UntrainedNetworks.Ensure(cache, new SynchronousProgress(_ => stop.Cancel()), stop.Token));
            Assert.Empty(Directory.GetFileSystemEntries(cache));
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    [Fact]
    public void A_cache_that_cannot_be_made_is_the_readers_to_mend()
    {
        string path = Path.Combine(built.Folders[0], "config.json", "below-a-file");
        var e = Assert.Throws<InputException>(() => UntrainedNetworks.Ensure(path, null, TestContext.Current.CancellationToken));
        Assert.Equal(path, e.Place);
        Assert.Contains("XDG_CACHE_HOME", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configs_say_what_the_weights_are()
    {
        foreach (string folder in built.Folders)
        {
            var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
            var arrays = GoldenArrays.Load(Path.Combine(folder, "model.safetensors"));
            bool neox = (string)config["model_type"]! == "gpt_neox";
            int layers = (int)config["num_hidden_layers"]!, width = (int)config["hidden_size"]!, inner = (int)config["intermediate_size"]!;
            Assert.Contains($"{layers.ToString(CultureInfo.InvariantCulture)}x{width.ToString(CultureInfo.InvariantCulture)}", folder, StringComparison.Ordinal);
            Assert.Equal(layers * (neox ? 12 : 9) + (neox ? 4 : 3), arrays.Count);
            Assert.Equal([(int)config["vocab_size"]!, width], arrays[neox ? "gpt_neox.embed_in.weight" : "model.embed_tokens.weight"].Shape);
            Assert.Equal([inner, width], arrays[neox ? "gpt_neox.layers.0.mlp.dense_h_to_4h.weight" : "model.layers.0.mlp.up_proj.weight"].Shape);
            if (neox) continue;
            Assert.Equal(0.08, (double)config["initializer_range"]!);
            int keys = (int)config["num_key_value_heads"]! * width / (int)config["num_attention_heads"]!;
            Assert.Equal([keys, width], arrays["model.layers.0.self_attn.v_proj.weight"].Shape);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    public void The_id_prompts_are_25_of_15_ids_of_the_vocabulary(int vocab)
    {
        var prompts = UntrainedNetworks.IdPrompts(vocab);
        Assert.Equal(25, prompts.Select(prompt => prompt.Name).Distinct().Count());
        Assert.All(prompts, prompt => Assert.Equal(15, prompt.Ids!.Count));
        Assert.All(prompts.SelectMany(prompt => prompt.Ids!), id => Assert.InRange(id, 0, vocab - 1));
    }

    [Fact]
    public void The_id_prompts_differ_and_spread_over_the_vocabulary()
    {
        var prompts = UntrainedNetworks.IdPrompts(1024);
        Assert.Equal(25, prompts.Select(prompt => string.Join(' ', prompt.Ids!)).Distinct().Count());
        Assert.InRange(prompts.SelectMany(prompt => prompt.Ids!).Average(), 511.5 - 4 * 15.3, 511.5 + 4 * 15.3); // 295.6/√375
    }

    [Theory] // Figures quoted for the published sizes: 1.0954 for 6 blocks, 1.0215 for 24, 1.0160 for 32
    [InlineData(2, 1.4142135623730951)]
    [InlineData(6, 1.0954451150103321)]
    [InlineData(24, 1.0215078369104984)]
    [InlineData(32, 1.0160010160015240)]
    public void The_theoretical_gain_is_that_of_equal_orthogonal_increments(int nLayers, double gain) =>
        Assert.Equal(gain, UntrainedNetworks.TheoreticalGain(nLayers)!.Value, 1e-15);

    [Fact]
    public void One_block_has_no_theoretical_gain() => Assert.Null(UntrainedNetworks.TheoreticalGain(1));

    [Fact]
    public void The_default_cache_is_a_folder_of_our_own() =>
        Assert.Equal("castalia", Path.GetFileName(UntrainedNetworks.DefaultCache));
}
