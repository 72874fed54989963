using Castalia.Anatomy;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class AnatomyFactsTests
{
    static readonly string Models = Path.Combine(Shared.Repository, "tests", "golden", "models");

    static readonly string Configs = Path.Combine(Shared.Repository, "tests", "golden", "configs");

    public static TheoryData<string> Cases => [.. Golden.Cases];

    /// <summary>Properties of a description that are no facts of the model: names, and how the config came to say what it does.</summary>
    static readonly string[] NoFacts = [nameof(Architecture.Tensors), nameof(Architecture.NamePrefix), nameof(Architecture.Defaults), nameof(Architecture.PassedOver)];

    [Theory, MemberData(nameof(Cases))]
    public void Keys_are_the_same_for_every_model_and_none_is_there_twice(string @case)
    {
        var facts = Of(@case).Facts;
        Assert.Distinct(facts.Select(fact => fact.Key));
        Assert.Equal(StudyConfigs.Of("pythia-6.9b").Facts().Facts.Select(fact => fact.Key), facts.Select(fact => fact.Key));
        Assert.All(facts, fact => Assert.True(fact.Value is null or string or long or double or bool, fact.Key));
        var keys = facts.Select(fact => fact.Key).ToHashSet();
        Assert.All(facts, fact => Assert.Empty((fact.Follows?.Sources ?? []).Append(fact.Within ?? "family").Except(keys)));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Parameters_by_part_are_those_of_the_tensors(string @case)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, @case));
        var weights = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        var facts = AnatomyFacts.Of(@case, weights, checkpoint);
        Assert.Equal(weights.Parameters, facts.Find("parameters")!.Value);
        Assert.Equal(weights.Parameters, facts.Facts.Where(fact => fact.Key.StartsWith("parameters_", StringComparison.Ordinal)).Sum(fact => (long)fact.Value!));
        Assert.Equal(weights.Find(WeightRole.Embedding)!.Tensor.Count, facts.Find("parameters_embedding")!.Value);
        Assert.Equal($"{weights.Find(WeightRole.MlpDown, 0)!.Tensor.DType}", facts.Find("dtype_mlp")!.Value);
    }

    /// <summary>The judge knows the parts by the tensors' names in the file alone.</summary>
    [Fact]
    public void The_parts_of_a_Pythia_are_told_apart()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, "gpt_neox", "pythia"));
        var facts = AnatomyFacts.Of("m", WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);
        long Named(params string[] words) => checkpoint.Tensors.Values.Where(t => t.DType.IsArithmetic() && words.All(word => t.Name.Contains(word, StringComparison.Ordinal))).Sum(t => t.Count);
        Assert.Equal(Named("embed_out"), facts.Find("parameters_unembedding")!.Value);
        Assert.Equal(Named("layernorm") + Named("layer_norm"), facts.Find("parameters_norms")!.Value);
        Assert.Equal(Named("query_key_value.weight") + Named("attention.dense.weight"), facts.Find("parameters_attention")!.Value);
        Assert.Equal(Named("mlp", ".weight"), facts.Find("parameters_mlp")!.Value);
        Assert.Equal(Named("mlp", ".bias") + Named("attention.dense.bias") + Named("query_key_value.bias"), facts.Find("parameters_biases")!.Value);
    }

    [Fact]
    public void What_a_block_of_the_study_s_models_is_like()
    {
        (string Model, string Wiring, long Norms, string Reads)[] expected =
        [
            ("pythia-6.9b", "parallel, two norms", 2, "before attention: resid_pre; before the MLP: resid_pre"),
            ("gpt-j-6b", "parallel, one norm", 1, "before attention and MLP: resid_pre"),
            ("gpt2-xl", "sequential", 2, "before attention: resid_pre; before the MLP: resid_mid"),
        ];
        foreach (var (model, wiring, norms, reads) in expected)
        {
            var facts = StudyConfigs.Of(model).Facts();
            Assert.Equal((wiring, norms, reads), (facts.Find("wiring")!.Value, facts.Find("norms_per_block")!.Value, facts.Find("norm_reads")!.Value));
        }
        Assert.Equal("after attention: its output; after the MLP: its output", Of("olmo2/olmo2").Find("norm_reads")!.Value);
        Assert.Equal(4L, Of("gemma2/gemma2").Find("norms_per_block")!.Value);
        Assert.Equal(
            ("gelu", "GELU (erf)", "halves", 0.25, 32L),
            Five(StudyConfigs.Of("pythia-6.9b").Facts(), "activation_stated", "activation", "rotary_pairing", "rotary_fraction", "rotary_dims"));
        Assert.Equal(
            ("gelu_new", "GELU (tanh)", "interleaved", 0.25, 64L),
            Five(StudyConfigs.Of("gpt-j-6b").Facts(), "activation_stated", "activation", "rotary_pairing", "rotary_fraction", "rotary_dims"));

        static (object?, object?, object?, object?, object?) Five(AnatomyFacts f, params string[] k) =>
            (f.Find(k[0])!.Value, f.Find(k[1])!.Value, f.Find(k[2])!.Value, f.Find(k[3])!.Value, f.Find(k[4])!.Value);
    }

    [Fact]
    public void Where_tensors_decide_a_config_alone_is_refused()
    {
        var e = Assert.Throws<InputException>(() => ConfigOnly.Read(Path.Combine(Models, "falcon", "new-decoder", "config.json")));
        Assert.Equal("How a Falcon model is wired is told by which tensors it stores, not by its config alone.", e.Cause);
    }

    [Fact]
    public void A_folder_with_a_config_and_no_weights_is_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", File.ReadAllText(Path.Combine(Configs, "llama-gqa.json")));
        Assert.Equal(2L, AnatomyFacts.Of("m", ConfigOnly.Read(folder.Path)).Find("n_kv_heads")!.Value);
        Assert.False(AnatomyFacts.Of("m", ConfigOnly.Read(folder.Path)).Find("dtype_mlp")!.IsKnown);
    }

    /// <summary>A chosen GELU is not what the config states, and no consequence of it.</summary>
    [Fact]
    public void The_activation_as_run_stands_beside_the_one_stated()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, "gpt_neox", "pythia"));
        var architecture = ArchitectureReader.Read(checkpoint);
        var stated = AnatomyFacts.Of("stated", WeightMap.Bind(architecture, checkpoint), checkpoint);
        var chosen = AnatomyFacts.Of("chosen", WeightMap.Bind(architecture.With(GeluChoice.Tanh, "m"), checkpoint), checkpoint);
        Assert.Equal(["activation"], AnatomyDifference.Of(stated, chosen).Primary.Select(d => d.Key));
    }

    /// <summary>Every property that a description stores is in some fact: any change of one shows.</summary>
    [Fact]
    public void Nothing_that_a_description_stores_is_left_out()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, "gpt_neox", "pythia"));
        var a = ArchitectureReader.Read(checkpoint);
        var before = AnatomyFacts.Of("a", new ConfigOnly(a, ConfigWords.Of(checkpoint)));
        foreach (var property in typeof(Architecture).GetProperties().Where(p => p.CanWrite && !NoFacts.Contains(p.Name) && p.Name != nameof(Architecture.StatedActivation)))
        {
            var changed = a with { };
            property.SetValue(changed, Another(property.PropertyType, property.GetValue(a)));
            var after = AnatomyFacts.Of("b", new ConfigOnly(changed, ConfigWords.Of(checkpoint)));
            Assert.True(AnatomyDifference.Of(before, after).Primary.Any(), property.Name);
        }
    }

    static object Another(Type type, object? value) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) => (int)value! + 1,
        var t when t == typeof(bool) => !(bool)value!,
        var t when t == typeof(double) => ((double?)value ?? 0) + 0.5,
        var t when t.IsEnum => Enum.GetValues(t).Cast<object>().First(other => !other.Equals(value)),
        var t when t == typeof(Rotary) => ((Rotary?)value ?? new() { Dims = 2, Pairing = default, Base = 2 }) with { Base = 7 },
        var t when t == typeof(Alibi) => new Alibi(8),
        var t when t == typeof(LearnedPositions) => new LearnedPositions(2),
        var t when t == typeof(Mixture) => new Mixture(4, 2),
        var t when t == typeof(Family) => Families.Llama,
        var t when t == typeof(IReadOnlyList<int?>) => new int?[] { 3, null, null, 3 },
        var t => throw new InvalidOperationException($"No other value of {t}."),
    };

    static AnatomyFacts Of(string @case)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, @case));
        return AnatomyFacts.Of(@case, WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);
    }

    [Fact]
    public void Every_kind_of_stretching_has_its_numbers()
    {
        var kinds = typeof(RotaryScaling).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(RotaryScaling)));
        Assert.Equal(kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal), PositionFacts.ScalingNumbers.Select(number => number.DeclaringType!.Name).Distinct().Order(StringComparer.Ordinal));
    }
}
