using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Tokens;
using Castalia.Training;
using Castalia.Twins;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>The shipped twins in a folder, unpacked once for all tests of them.</summary>
public sealed class UnpackedTwins : IDisposable
{
    public string Cache { get; } = Directory.CreateTempSubdirectory("castalia-").FullName;
    public IReadOnlyList<string> Folders { get; }
    public List<string> Said { get; } = [];

    public UnpackedTwins() => Folders = ShippedTwins.Ensure(Cache, Said.Add, TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(Cache, recursive: true);
}

/// <summary>What is shipped trained is what the plan beside it trains, and it has learnt the language.</summary>
public sealed class ShippedTwinsTests(UnpackedTwins unpacked) : IClassFixture<UnpackedTwins>
{
    const long MostBytes = 8_000_000;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_plan_crosses_one_factor_over_one_language()
    {
        Assert.True(ShippedTwins.Plan.Cells.Count >= 2);
        Assert.All(ShippedTwins.Plan.Cells, cell => Assert.Single(cell.Levels));
        Assert.Single(ShippedTwins.Plan.Twins.Select(twin => (twin.Recipe.Language, twin.Recipe.Options.Tokens)).Distinct());
    }

    [Fact]
    public void Every_network_of_the_plan_is_shipped_under_its_hash_and_nothing_else_is()
    {
        string[] resources = [.. typeof(ShippedTwins).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("ShippedTwins/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(ShippedTwins.Names.Concat(["default", "weights"]).Select(name => $"ShippedTwins/{name}").Order(StringComparer.Ordinal), resources);
        long bytes = 0;
        foreach (var twin in ShippedTwins.All)
        {
            using var weights = ShippedTwins.Weights(twin);
            bytes += weights.Length;
            Assert.Equal(twin.Sha256, Convert.ToHexStringLower(SHA256.HashData(weights)));
        }
        Assert.InRange(bytes, 1, MostBytes);
    }

    [Fact]
    public void Each_is_the_network_that_its_recipe_trains() => Assert.All(ShippedTwins.All, (twin, i) =>
    {
        Assert.Equal(twin.Name, Path.GetFileName(unpacked.Folders[i]));
        using var checkpoint = Checkpoint.Open(unpacked.Folders[i]);
        var architecture = ArchitectureReader.Read(checkpoint);
        var expected = StoredTensors.Of(twin.Twin.Cell.Form.Architecture);
        Assert.Equal(expected.Select(entry => (entry.Name, DType.F32, string.Join(' ', entry.Shape))).Order(),
            checkpoint.Tensors.Values.Select(tensor => (tensor.Name, tensor.DType, string.Join(' ', tensor.Shape))).Order());
        Assert.Equal(twin.Twin.Cell.Form.Architecture.ExpectedParameters, architecture.ExpectedParameters);
        var recipe = JsonNode.Parse(File.ReadAllText(Path.Combine(unpacked.Folders[i], "recipe.json")))!["training"]!;
        Assert.Equal((twin.Twin.Recipe.Options.Steps, twin.Twin.Recipe.Options.WeightSeed), ((int)recipe["steps"]!, (ulong)recipe["weight_seed"]!));
        Assert.Equal(Recipes.Hash(twin.Twin, null), twin.Training.Recipe);
    });

    /// <summary>Kullback and Leibler's divergence from the language, estimated on texts that no training reads.</summary>
    [Fact]
    public void Each_has_learnt_the_language_to_a_twentieth_of_a_nat() => Assert.All(ShippedTwins.All, (twin, i) =>
    {
        const int Texts = 48;
        var language = new Language(twin.Twin.Recipe.Language);
        var texts = Enumerable.Range(0, Texts).Select(index => language.Text(0xFEED, index, twin.Twin.Recipe.Options.Tokens)).ToList();
        using var checkpoint = Checkpoint.Open(unpacked.Folders[i]);
        using var parameters = ParameterSet.Load(checkpoint, ArchitectureReader.Read(checkpoint));
        using var gradient = new ModelGradient(parameters, 2, Cancellation);
        double loss = gradient.Take([.. texts.Select(text => new TokenizedPrompt(new Prompt { Name = "t", Ids = text.Ids, Place = "t" }, text.Ids, 0, 0))], 0);
        double own = texts.Average(text => Enumerable.Range(1, text.Ids.Count - 1).Average(t => -Math.Log(text.After[t - 1].Probability(text.Ids[t]))));
        Assert.InRange(loss - own, 0, 0.05);
    });

    [Fact]
    public void Each_is_unpacked_with_one_message_and_the_second_time_nothing_is_written()
    {
        Assert.Equal(ShippedTwins.Names.Select(name => $"unpacking {name}"), unpacked.Said);
        List<string> said = [];
        Assert.Equal(unpacked.Folders, ShippedTwins.Ensure(unpacked.Cache, said.Add, Cancellation));
        Assert.Empty(said);
        Assert.Equal(unpacked.Folders.Order(), Directory.GetFileSystemEntries(unpacked.Cache).Order());
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    public void A_damaged_file_is_written_again(string file)
    {
        string path = Path.Combine(unpacked.Folders[0], file);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. whole[..^1], (byte)(whole[^1] ^ 1)]);
        List<string> said = [];
        ShippedTwins.Ensure(unpacked.Cache, said.Add, Cancellation);
        Assert.Equal([$"unpacking {ShippedTwins.Names[0]}"], said);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_cache_that_cannot_be_made_is_the_readers_to_mend()
    {
        string path = Path.Combine(unpacked.Folders[1], "config.json", "below-a-file");
        var e = Assert.Throws<InputException>(() => ShippedTwins.Ensure(path, null, Cancellation));
        Assert.Contains("XDG_CACHE_HOME", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_is_compared_prompt_by_prompt_within_each_kind_of_context()
    {
        var options = new RunOptions { Threads = 2, Bos = BosPolicy.Default, AllPositions = false, LogitLens = false, Seed = 1 };
        var run = ShippedMeasuring.Take(unpacked.Cache, options, _ => new Progress<Castalia.Forward.MeasureProgress>(), _ => { }, Cancellation);
        var read = ShippedMeasuring.Read(run, Cancellation);
        var pair = TwinPair.Of(read, 1, Cancellation)[0];
        Assert.Equal(["settled", "open", "long-range", null], pair.Differences.Select(d => d.Category));
        foreach (var difference in pair.Differences)
        {
            double[] first = Gains(pair.First, difference.Category), second = Gains(pair.Second, difference.Category);
            Assert.Equal(first.Average() - second.Average(), difference.Difference.Mean.Value!.Value, 1e-12);
            Assert.Equal(first.Average(), difference.First.Value!.Value, 1e-12);
            Assert.Equal(first.Length, difference.Difference.N);
        }
        Assert.All(read, twin => Assert.Equal(twin.Estimates.GainTrueEntropy!.Value.Value!.Value, twin.Relation.Value!.Value.Coefficient, 1e-12));
        Assert.False(UntrainedNetworks.Knows(read[0].Shipped.Sha256));
        Assert.All(run.Models.SelectMany(model => model.Measurement.Prompts), prompt => Assert.NotNull(prompt.Prompt.TrueEntropy));

        double[] Gains(ReadTwin twin, string? category) =>
            [.. twin.Model.Measurement.Prompts.Zip(twin.Gains).Where(prompt => category is null || prompt.First.Prompt.Category == category).Select(prompt => prompt.Second!.Value)];
    }
}
