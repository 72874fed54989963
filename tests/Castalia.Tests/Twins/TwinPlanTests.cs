using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Training;
using Castalia.Twins;
using Castalia.YamlFiles;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>A plan is read as it is written, or refused where it is wrong.</summary>
public sealed class TwinPlanTests
{
    static TwinPlan Read(string text) => TwinPlanReader.Of(new("p.yaml", text, TwinPlanReader.Format));

    [Fact]
    public void Levels_are_crossed_and_every_cell_has_every_seed()
    {
        var plan = Read("""
            name: a question
            base: { blocks: 2, width: 64, heads: 2, steps: 40, warm_up: 4, vocabulary: 128, tokens: 32 }
            cross:
              wiring: [sequential, parallel]
              learning_rate: [1e-3, 3e-3]
            seeds: 3
            every: 100
            keep: last
            """);
        Assert.Equal("a question", plan.Name);
        Assert.Equal(["wiring=sequential,learning_rate=1e-3", "wiring=sequential,learning_rate=3e-3", "wiring=parallel,learning_rate=1e-3", "wiring=parallel,learning_rate=3e-3"], plan.Cells.Select(cell => cell.Name));
        Assert.Equal(12, plan.Twins.Count);
        var twin = plan.Twins[5];
        Assert.Equal(("wiring=sequential,learning_rate=3e-3 seed 3", 3UL, 3UL), (twin.Name, twin.Recipe.Options.WeightSeed, twin.Recipe.Options.DataSeed));
        Assert.Equal(Path.Combine("wiring=sequential,learning_rate=3e-3", "seed3"), twin.Folder);
        Assert.Equal((40, 4, 3e-3, 100, true), (twin.Recipe.Options.Steps, twin.Recipe.Options.Rate.WarmUp, twin.Recipe.Options.Rate.Peak, twin.Recipe.Options.Every, twin.Recipe.Options.KeepsLastOnly));
        Assert.Equal(40, twin.Recipe.Options.Rate.Steps);
        Assert.Equal((Wiring.Sequential, 128, 32), (twin.Cell.Form.Architecture.Wiring, twin.Cell.Form.Architecture.DVocab, twin.Cell.Form.Architecture.NCtx));
        Assert.Equal(12, plan.Twins.Select(t => Recipes.Hash(t, null)).Distinct().Count());
    }

    [Fact]
    public void Seeds_of_weights_and_texts_can_be_apart()
    {
        var plan = Read("base: { width: 64, data_seed: 7 }\nseeds: [4, 9]\n");
        Assert.Equal([(4UL, 7UL), (9UL, 7UL)], plan.Twins.Select(twin => (twin.Recipe.Options.WeightSeed, twin.Recipe.Options.DataSeed)));
        var crossed = Read("cross: { weight_seed: [1, 2], data_seed: [1, 2] }\n");
        Assert.Equal(4, crossed.Twins.Count);
    }

    /// <summary>What a value of each factor changes, and nothing else: two recipes differ.</summary>
    public static TheoryData<string, string> EveryFactor => new()
    {
        { "family", "llama" }, { "blocks", "3" }, { "width", "256" }, { "heads", "8" }, { "key_value_heads", "4" }, { "inner_width", "96" }, { "wiring", "sequential" }, { "norm", "layernorm" },
        { "positions", "1" }, { "mlp", "plain" }, { "activation", "relu" }, { "biases", "none" }, { "attention_biases", "false" }, { "unembedding_bias", "false" }, { "tied", "true" },
        { "vocabulary", "300" }, { "settled", "0.3" }, { "language_seed", "2" }, { "initialisation", "gpt-j" }, { "initial_scale", "2" }, { "embedding_scale", "2" }, { "input_scale", "2" },
        { "output_scale", "2" }, { "unembedding_scale", "2" }, { "steps", "700" }, { "batch", "8" }, { "tokens", "64" }, { "distinct_texts", "100" }, { "learning_rate", "1e-2" }, { "warm_up", "9" },
        { "floor", "0" }, { "aim", "0" }, { "beta1", "0.8" }, { "beta2", "0.999" }, { "epsilon", "1e-6" }, { "decay", "0" }, { "decay_peak", "1" }, { "clip", "none" }, { "z_term", "1e-4" }, { "bias_multiplicity", "4" },
        { "hold_final_norm", "true" }, { "weight_seed", "2" }, { "data_seed", "2" },
    };

    static readonly string[] s_usual = ["norm", "mlp", "unembedding_bias"]; // the value is the usual one

    [Theory]
    [MemberData(nameof(EveryFactor))]
    public void Every_factor_changes_the_recipe(string factor, string value)
    {
        string usual = Recipes.Hash(Read("seeds: 1\n").Twins[0], null);
        string fixedHeads = factor == "key_value_heads" ? ", family: llama, heads: 8" : "";
        string other = Recipes.Hash(Read($"base: {{ {factor}: {value}{fixedHeads} }}\n").Twins[0], null);
        Assert.Equal(s_usual.Contains(factor), usual == other);
        Assert.Equal(Factors.Names.Order(StringComparer.Ordinal), EveryFactor.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("base: { wirings: parallel }", "'wirings' is no key of 'base'.", "p.yaml, line 1, column 9")]
    [InlineData("cross:\n  wiring: [parallel, serial]", "'wiring' is 'serial'.", "p.yaml, line 2, column 22")]
    [InlineData("base: { steps: 0 }", "'steps' is '0'; a whole number from 1 to 10000000 was expected.", "p.yaml, line 1, column 16")]
    [InlineData("base: { decay: nan }", "'decay' is 'nan'; a number from 0 to 100 was expected.", "p.yaml, line 1, column 16")]
    [InlineData("base: { decay: 0.1 }\ncross: { decay: [0, 1] }", "'decay' is crossed, and set in 'base' too.", "p.yaml, line 2, column 10")]
    [InlineData("cross: { decay: [0, 0] }", "'decay' has the level '0' twice.", "p.yaml, line 1, column 21")]
    [InlineData("base: { width: 48, heads: 4 }", "No GPT-NeoX (Pythia) has these sizes: Key 'rotary_pct' = 0.25 makes 3 of 12 dimensions of a head rotary; it must be an even number from 2 to the width of a head.", "p.yaml, line 1, column 1")]
    [InlineData("cross:\n  width: [48]", "No GPT-NeoX (Pythia) has these sizes: Key 'rotary_pct' = 0.25 makes 3 of 12 dimensions of a head rotary; it must be an even number from 2 to the width of a head.", "p.yaml, line 2, column 11: width 48")]
    [InlineData("cross:\n  wiring: [parallel]\n  norm: [layernorm, rmsnorm]", "No family of models has these traits together.", "p.yaml, line 3, column 21: wiring parallel, norm rmsnorm")]
    [InlineData("base: { width: 100, heads: 3 }", "A width of 100 is no multiple of 3 heads.", "p.yaml, line 1, column 1")]
    [InlineData("base: { warm_up: 601 }", "A warm-up of 601 steps does not end within 600.", "p.yaml, line 1, column 1")]
    [InlineData("seeds: many", "'seeds' is 'many'; a whole number from 1 to 1000, or a list of seeds was expected.", "p.yaml, line 1, column 8")]
    [InlineData("base: { weight_seed: 1, data_seed: 1 }\nseeds: 2", "'seeds' has nothing to set: weight_seed and data_seed are set by themselves.", "p.yaml, line 2, column 1")]
    [InlineData("- a", "A plan is a list; a mapping (key: value) was expected.", "p.yaml, line 1, column 1")]
    public void What_is_wrong_is_said_with_its_place(string text, string cause, string place)
    {
        var thrown = Assert.Throws<InputException>(() => Read(text));
        Assert.Equal((cause, place), (thrown.Cause, thrown.Place));
    }

    [Fact]
    public void A_plan_of_too_many_networks_is_refused()
    {
        string levels(string name) => $"{name}: [{string.Join(", ", Enumerable.Range(1, 30))}]";
        Assert.StartsWith("The plan has 27000 networks", Assert.Throws<InputException>(() => Read($"cross:\n  {levels("batch")}\n  {levels("steps")}\n  {levels("bias_multiplicity")}\n")).Cause);
    }
}
