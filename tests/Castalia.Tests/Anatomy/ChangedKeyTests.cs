using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Anatomy;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tests.Architectures;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Anatomy;

/// <summary>One key of a config changed, and read back: the facts differ in what that key states, and in nothing else of their own.</summary>
public sealed class ChangedKeyTests
{
    static readonly string Goldens = Path.Combine(Shared.Repository, "tests", "golden");

    public static TheoryData<string> Configs =>
    [
        .. Golden.Cases.Select(@case => $"models/{@case}/config.json"),
        .. Directory.GetFiles(Path.Combine(Goldens, "configs"), "*.json").Select(path => $"configs/{Path.GetFileName(path)}").Where(name => name != "configs/values.json").Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Configs))]
    public void A_changed_key_is_the_one_difference(string name)
    {
        string path = Path.Combine(Goldens, name), folder = Path.GetDirectoryName(path)!;
        using var stored = name.StartsWith("models", StringComparison.Ordinal) ? Checkpoint.Open(folder) : null;
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        var before = Try(config, stored) ?? throw new InvalidOperationException(name);
        int changes = 0;
        foreach (var (key, value) in Leaves(config, ""))
        {
            foreach (var other in Others(key, value))
            {
                if (Try(With(config, key, other), stored) is not { } after) continue;
                var difference = AnatomyDifference.Of(Facts(before), Facts(after));
                string[] expected = Stated(before.Architecture, after.Architecture, key);
                if (expected.Length == 0)
                {
                    Assert.True(difference.Differing.Count == 0, $"{key} = {other?.ToJsonString()}: {Shown(difference)}");
                    continue;
                }
                if (Same(before, after))
                {
                    Assert.Empty(difference.Differing);
                    continue;
                }
                changes++;
                Assert.True(
                    difference.Primary.Select(d => d.Key).SequenceEqual(expected.Where(e => difference.Differing.Any(d => d.Key == e))) && difference.Primary.Any(),
                    $"{key} = {other?.ToJsonString()}: {Shown(difference)}; expected {string.Join(" ", expected)}");
            }
        }
        Assert.True(changes >= 8, $"only {changes} changes were tried");
    }

    static string Shown(AnatomyDifference difference) => string.Join(", ", difference.Differing.Select(d =>
        $"{d.Key} {d.Facts[0].Text} | {d.Facts[1].Text}{(d.IsPrimary ? "" : $" (from {string.Join(" ", d.FollowsFrom)})")}"));

    static AnatomyFacts Facts(ConfigOnly described) => AnatomyFacts.Of("m", described);

    static bool Same(ConfigOnly a, ConfigOnly b) =>
        Castalia.Conversion.DescriptionCheck.Difference(a.Architecture, b.Architecture) is null && a.Words == b.Words;

    static ConfigOnly? Try(JsonObject config, Checkpoint? stored)
    {
        var checkpoint = InMemory.Folder(config.ToJsonString(), stored?.Tensors.Values ?? []);
        try
        {
            return new(ArchitectureReader.Read(checkpoint), ConfigWords.Of(checkpoint));
        }
        catch (InputException)
        {
            return null;
        }
    }

    static IEnumerable<(string Key, JsonNode? Value)> Leaves(JsonObject config, string under) => config.SelectMany(pair =>
        pair.Value is JsonObject inner ? Leaves(inner, $"{under}{pair.Key}/") : [($"{under}{pair.Key}", pair.Value)]);

    static JsonObject With(JsonObject config, string key, JsonNode? value)
    {
        var changed = config.DeepClone().AsObject();
        string[] path = key.Split('/');
        JsonNode at = changed;
        foreach (string step in path[..^1]) at = at[step]!;
        at[path[^1]] = value?.DeepClone();
        return changed;
    }

    /// <summary>Other values that a key might have.</summary>
    static IEnumerable<JsonNode?> Others(string key, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => [JsonValue.Create(false)],
        JsonValueKind.False => [JsonValue.Create(true)],
        JsonValueKind.Number when value.AsValue().TryGetValue(out long n) => key.Contains("layer", StringComparison.Ordinal) && !key.Contains("eps", StringComparison.Ordinal)
            ? [JsonValue.Create(n + 1), JsonValue.Create(n * 2)]
            : [JsonValue.Create(n * 2), JsonValue.Create(n + 1), JsonValue.Create(n / 2), JsonValue.Create(n * 3)],
        JsonValueKind.Number => [JsonValue.Create(value.GetValue<double>() * 2), JsonValue.Create(value.GetValue<double>() / 2), JsonValue.Create(1.0)],
        JsonValueKind.String when ActivationNames.All.ContainsKey(value.GetValue<string>()) => [.. ActivationNames.All.Keys.Where(name => name != value.GetValue<string>()).Select(name => JsonValue.Create(name))],
        JsonValueKind.String when key.EndsWith("type", StringComparison.Ordinal) && key.StartsWith("rope", StringComparison.Ordinal) => [JsonValue.Create("linear"), JsonValue.Create("dynamic"), JsonValue.Create("default")],
        _ => [],
    };

    /// <summary>
    /// The facts that a key states, by the family's own data; none for a key that says nothing of the arithmetic. A key that the family asks for more
    /// than one thing states them all.
    /// </summary>
    static string[] Stated(Architecture a, Architecture after, string key)
    {
        Family f = a.Family;
        var found = new List<string>();
        void If(bool states, params string[] facts)
        {
            if (states) found.AddRange(facts);
        }
        bool Named(IReadOnlyList<string>? names) => names?.Contains(key) == true;
        bool InSize(SizeKey size) => Named(size.Names) || (size.OneWhen is { } one && Flagged(one));
        bool Flagged(Flag flag) => flag switch
        {
            Flag.ByKey by => by.Name == key,
            Flag.Unless unless => Flagged(unless.Other),
            Flag.All all => all.Each.Any(Flagged),
            _ => false,
        };
        bool Chosen<T>(Choice<T> choice) => choice is Choice<T>.By by && (Flagged(by.Flag) || Chosen(by.IfTrue) || Chosen(by.IfFalse));
        bool InWindow(WindowRule? rule) => rule is not null && (key == "layer_types" || rule switch
        {
            WindowRule.FromBlock from => Flagged(from.When) || Named(from.First.Names),
            WindowRule.AllButLastOf all => Named(all.Period.Names),
            WindowRule.ByKinds by => key == by.Key || key == by.PerBlock,
            _ => false,
        });

        If(InSize(f.Sizes.NLayers), "n_layers");
        If(InSize(f.Sizes.DModel), "d_model");
        If(InSize(f.Sizes.NHeads), "n_heads");
        If(InSize(f.Sizes.NKvHeads), "n_kv_heads");
        If(InSize(f.Sizes.HeadDim), "head_dim");
        If(InSize(f.Sizes.DFf), "d_ff");
        If(InSize(f.Sizes.NCtx) && !f.Sizes.NCtx.Unread.Contains(key), "n_ctx", "rotary_scaling_original_context");
        If(Chosen(f.Wiring), "wiring");
        If(Named(f.NormEpsilon.Names), "norm_epsilon");
        If(f.Alibi is { } alibi && Flagged(alibi.When), "positions");
        If(Named(f.Alibi?.MaxBias.Names), "alibi_max_bias");
        Rotary("rotary", f.Rotary, a.Rotary);
        Rotary("windowed_rotary", f.WindowedRotary, a.WindowedRotary);
        If(Named(f.AttentionScale.Factor?.Names) || Named(f.AttentionScale.InverseRootOf?.Names) || Flagged(f.AttentionScale.Unscaled), "attention_scale");
        If(Flagged(f.AttentionScale.ByBlock), "attention_scale_by_block");
        If(Chosen(f.QkNorm), "qk_norm");
        If(InWindow(f.Windows), "windows");
        If(Named(f.Windows?.Size.Names), a.Windows is null != after.Windows is null ? "windows" : "window");
        If(Named(f.AttentionSoftcap?.Names), "attention_softcap");
        If(Named(f.ClipQkv?.Names), "clip_qkv");
        If(Named(f.Mixture?.Experts.Names), "experts");
        If(Named(f.Mixture?.PerToken.Names), "experts_per_token");
        If(key is "hidden_activation" or "hidden_act" or "activation_function" or "activation", "activation_stated");
        If(Flagged(f.QkvBias), "bias_qkv");
        If(Flagged(f.AttnOutBias), "bias_attn_out");
        If(Flagged(f.MlpBias), "bias_mlp");
        If(Flagged(f.UnembeddingBias), "bias_unembedding");
        If(Flagged(f.TiedUnembedding), "tied");
        If(InSize(f.Sizes.DVocab), "d_vocab");
        If(key == "bos_token_id", "bos");
        If(key == "eos_token_id", "eos");
        If(Named(f.EmbeddingScale?.Stated?.Names), "embedding_scale");
        If(Named(f.ResidualScale?.Names), "residual_scale");
        If(Named(f.LogitScale?.Names) || Named(f.LogitDivisor?.Names), "logit_scale");
        If(Named(f.LogitSoftcap?.Names), "logit_softcap");
        return [.. found];

        void Rotary(string prefix, RotaryRule? rule, Castalia.Architectures.Rotary? rotary)
        {
            if (rule is null) return;
            If(Named(rule.Fraction.Names), $"{prefix}_fraction");
            If(Named(rule.Dims?.Names), $"{prefix}_dims");
            If(Named(rule.Base.Names), $"{prefix}_base");
            string last = key.Split('/')[^1];
            if (rule.Scaling?.Under.Any(under => key.StartsWith(under + '/', StringComparison.Ordinal)) != true || rotary is null) return;
            If(last is "type" or "rope_type", $"{prefix}_scaling");
            If(last is "mscale" or "mscale_all_dim" or "attention_factor", $"{prefix}_scaling_attention_factor");
            If(last is "beta_fast" or "beta_slow" or "factor", $"{prefix}_scaling_{last}");
            If(last is "low_freq_factor", $"{prefix}_scaling_low_frequency_factor");
            If(last is "high_freq_factor", $"{prefix}_scaling_high_frequency_factor");
            If(last is "original_max_position_embeddings", $"{prefix}_scaling_original_context");
            If(last is "truncate", $"{prefix}_scaling_truncate");
        }
    }
}
