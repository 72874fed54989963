using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Machine;
using Castalia.Runs;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>The policy for repeats.</summary>
public sealed class CountedModelsTests
{
    static StoredModel Model(string name, string weights = "w", string arithmetic = "a", string fed = "f", string activation = "Silu", long padded = 0) => new()
    {
        Name = name,
        Path = $"/models/{name}",
        Format = "safetensors",
        Hub = null,
        Parameters = 1,
        Sha256 = null,
        FilesSha256 = null,
        Identity = new(weights, arithmetic, IdentityBasis.Tensors),
        Untrained = false,
        PaddedVocabularyRows = padded,
        FedSha256 = fed,
        PromptsSha256 = "p",
        Architecture = new JsonObject { ["activation"] = activation },
        Prompts = [new("p", null, "text", [1])],
    };

    static StoredRun Run(string name, int day, string positions, params StoredModel[] models) => new()
    {
        Name = name,
        Path = $"/runs/{name}",
        StartedUtc = new(2026, 1, day, 0, 0, 0, DateTimeKind.Utc),
        FinishedUtc = new(2026, 1, day, 0, 0, 0, DateTimeKind.Utc),
        Software = "castalia 0",
        PromptSet = "set",
        Bos = "default",
        Positions = positions,
        Activation = "config",
        Seed = 1,
        Threads = 1,
        Models = models,
        Tables = new Dictionary<RunTable, string?> { [RunTables.Readings] = null },
        SummarySha256 = null,
        ManifestSha256 = null,
    };

    static string[] Counted(params StoredRun[] runs) => [.. CountedModels.Of(runs).Models.Select(m => $"{m.Run.Name}/{m.Model.Name}")];

    [Fact]
    public void Of_repeats_the_run_with_every_position_counts_then_the_latest_then_the_first_name()
    {
        Assert.Equal(["r1/b"], Counted(Run("r1", 1, "last", Model("b"), Model("a"))));
        Assert.Equal(["r2/a"], Counted(Run("r1", 1, "last", Model("a")), Run("r2", 2, "last", Model("a"))));
        Assert.Equal(["r1/a"], Counted(Run("r1", 1, "all", Model("a")), Run("r2", 2, "last", Model("a"))));
    }

    [Fact]
    public void Other_weights_arithmetic_tokens_or_padding_are_no_repeat() => Assert.Equal(5, Counted(
        Run("r", 1, "last", Model("a"), Model("b", weights: "v"), Model("c", arithmetic: "b"), Model("d", fed: "g"), Model("e", padded: 1))).Length);

    [Fact]
    public void Names_that_two_models_share_are_shown_with_a_hash_and_others_are_not()
    {
        StoredModel one = Model("a", "0123456789"), other = Model("a", "abcdefghij"), alone = Model("b", "fedcba9876");
        StoredRun first = Run("r1", 1, "last", one, alone), second = Run("r2", 2, "last", other);
        var counted = CountedModels.Of([first, second]);
        Assert.Equal(("a#01234567", "a#abcdefgh", "b"), (counted.Label(first, one), counted.Label(second, other), counted.Label(first, alone)));
    }

    [Fact]
    public void One_name_over_two_configs_is_told_apart_and_over_two_choices_of_GELU_is_not()
    {
        StoredModel one = Model("a", arithmetic: "0123456789"), rope = Model("a", arithmetic: "abcdefghij"), gelu = Model("a", arithmetic: "fedcba9876", activation: "GeluErf");
        StoredRun first = Run("r1", 1, "last", one), second = Run("r2", 2, "last", rope), third = Run("r3", 3, "last", gelu);
        Assert.Equal("a~abcdefgh", CountedModels.Of([first, second]).Label(second, rope));
        Assert.Equal("a", CountedModels.Of([first, third]).Label(third, gelu));
    }
}
