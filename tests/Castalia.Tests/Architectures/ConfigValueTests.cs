using System.Diagnostics;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Errors;
using Castalia.Forward;
using Xunit;

namespace Castalia.Tests.Architectures;

/// <summary>Every key of every family's reference checkpoint with values that ask for nothing, for something else, or for too much.</summary>
public sealed class ConfigValueTests
{
    static readonly string Models = Path.Combine(Shared.Repository, "tests", "golden", "models");

    static readonly JsonObject Meant = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "configs", "values.json")))!.AsObject();

    public static TheoryData<string> Judged => [.. Meant.Select(pair => pair.Key)];

    public static TheoryData<string> All => [.. Directory.GetFiles(Models, "config.json", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Models, Path.GetDirectoryName(path)!).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    static Checkpoint Other(Checkpoint checkpoint, JsonObject config) =>
        new() { Path = checkpoint.Path, Format = checkpoint.Format, Files = [], Tensors = checkpoint.Tensors, Config = config };

    /// <summary>The description of the checkpoint with another config, every weight found; null where it is refused.</summary>
    static Architecture? Try(Checkpoint checkpoint, JsonObject config) => Try(checkpoint, config, out _);

    static Architecture? Try(Checkpoint checkpoint, JsonObject config, out bool isDescribed)
    {
        isDescribed = false;
        Checkpoint other = Other(checkpoint, config);
        Architecture a;
        try
        {
            a = ArchitectureReader.Read(other);
        }
        catch (InputException e)
        {
            Assert.DoesNotContain("malformed", e.Message, StringComparison.Ordinal); // foreseen, not caught by the net
            Assert.DoesNotContain("ownload", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(".cs", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Harmless", e.Message, StringComparison.Ordinal);
            return null;
        }
        isDescribed = true;
        try
        {
            _ = WeightMap.Bind(a, other).Parameters;
            return a;
        }
        catch (InputException)
        {
            return null;
        }
    }

    static JsonObject With(JsonObject config, string key, JsonNode? value)
    {
        var changed = config.DeepClone().AsObject();
        changed[key] = value;
        return changed;
    }

    /// <summary>But for how far positions and windows reach beyond the reference's twelve ids.</summary>
    static bool IsSame(Architecture? a, Architecture? b) => a is not null && b is not null && DescriptionCheck.Difference(Shown(a), Shown(b)) is null;

    static Architecture Shown(Architecture a) => a with { NCtx = 1, Windows = a.Windows?.Any(w => w < 12) == true ? a.Windows : null };

    static readonly (string Name, JsonNode? Value)[] Four =
        [("null", null), ("false", false), ("Infinity", JsonValue.Create(double.PositiveInfinity)), ("NaN", JsonValue.Create(double.NaN))];

    /// <summary>Where the reference reads a model, ours is that model or refused; where it reads none, ours is the one without the key or refused.</summary>
    [Theory, MemberData(nameof(Judged))]
    public void A_value_means_what_it_means_to_the_reference(string model)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, model));
        JsonObject config = checkpoint.Config!;
        Architecture whole = Try(checkpoint, config)!;
        var wrong = new List<string>();
        foreach ((string key, JsonNode? words) in Meant[model]!.AsObject())
        {
            string[] said = words!.GetValue<string>().Split(' ');
            var without = config.DeepClone().AsObject();
            without.Remove(key);
            Architecture? absent = Try(checkpoint, without);
            for (int i = 0; i < Four.Length; i++)
            {
                Architecture? ours = Try(checkpoint, With(config, key, Four[i].Value?.DeepClone()), out bool isDescribed);
                bool isRight = said[i + 1] switch
                {
                    "base" => ours is null || IsSame(ours, whole),
                    "absent" => ours is null || IsSame(ours, absent),
                    "other" => ours is null || !IsSame(ours, whole),
                    _ => ours is null || IsSame(ours, absent),
                };
                // null where the reference has a model must be read; weights that are left over are refused here, and passed over there.
                if (i == 0 && said[1] is "base" or "absent" && !isDescribed) isRight = false;
                // There the norms of parallel blocks have names that others have not, and are not found.
                if (model == "falcon/new-decoder" && key == "parallel_attn") continue;
                if (!isRight) wrong.Add($"{key}: {Four[i].Name} is {said[i + 1]} to the reference, {(ours is null ? "refused" : "another model")} here");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    static readonly Dictionary<string, string> Kinds = new()
    {
        ["null"] = "null",
        ["false"] = "false",
        ["true"] = "true",
        ["a list"] = "[]",
        ["a list of lists"] = "[[[1, 2], [3]], [[\"global\", \"local\"], 1000000000]]",
        ["kinds without end"] = "[[[\"global\", \"local\"], 1000000000000]]",
        ["no kinds without end"] = "[[[], 9000000000000000000]]",
        ["an object"] = "{}",
        ["a full object"] = "{\"type\": 3, \"rope_type\": [1], \"factor\": null}",
        ["text"] = "\"x\"",
        ["no text"] = "\"\"",
        ["1e999"] = "1e999",
        ["-1"] = "-1",
        ["0"] = "0",
        ["1"] = "1",
        ["0.5"] = "0.5",
        ["1e-320"] = "1e-320",
        ["-1e999"] = "-1e999",
        ["10^12"] = "1000000000000",
        ["2^31 - 1"] = "2147483647",
        ["2^63"] = "9223372036854775808",
        ["400 digits"] = new string('9', 400),
        ["1e300"] = "1e300",
        ["1e38"] = "1e38",
        ["deep"] = new string('[', 50) + new string(']', 50),
    };

    /// <summary>Whatever stands under a key of a family's config, or under one inside its objects, is read or refused in words of its own, at once.</summary>
    [Theory, MemberData(nameof(All))]
    public void Any_value_is_read_or_refused_in_words(string model)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Models, model));
        JsonObject config = checkpoint.Config!;
        Assert.NotNull(Try(checkpoint, config));
        foreach ((string kind, string json) in Kinds)
        {
            foreach ((string key, JsonNode? value) in config)
            {
                Bounded(checkpoint, With(config, key, JsonNode.Parse(json)), $"{key}: {kind}");
                foreach (string inner in (value as JsonObject)?.Select(pair => pair.Key) ?? [])
                    Bounded(checkpoint, With(config, key, With(value!.AsObject(), inner, JsonNode.Parse(json))), $"{key}.{inner}: {kind}");
            }
        }
    }

    static void Bounded(Checkpoint checkpoint, JsonObject config, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        Try(checkpoint, config);
        Assert.True(clock.Elapsed.TotalSeconds < 2, $"{what} took {clock.Elapsed.TotalSeconds} s");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 64 << 20, $"{what} took {allocated} bytes");
    }

    /// <summary>transformers 4.46.3: <c>if num_key_value_heads is None: num_key_value_heads = num_attention_heads</c> in these, and not in Gemma, StableLM, StarCoder 2.</summary>
    [Theory]
    [InlineData("llama", 32)]
    [InlineData("mistral", 32)]
    [InlineData("mixtral", 32)]
    [InlineData("qwen2", 32)]
    [InlineData("qwen3", 32)]
    [InlineData("phi", 32)]
    [InlineData("phi3", 32)]
    [InlineData("olmo", 32)]
    [InlineData("olmo2", 32)]
    [InlineData("granite", 32)]
    [InlineData("cohere", 64)]
    [InlineData("gemma", null)]
    [InlineData("gemma2", null)]
    [InlineData("gemma3_text", null)]
    [InlineData("stablelm", null)]
    [InlineData("starcoder2", null)]
    public void Null_key_value_heads_are_as_many_as_query_heads_where_the_reference_says_so(string family, int? heads)
    {
        var checkpoint = InMemory.Folder($$"""{"model_type": "{{family}}", "num_key_value_heads": null}""");
        if (heads is { } n) Assert.Equal(n, ArchitectureReader.Read(checkpoint).NKvHeads);
        else Assert.Contains("'num_key_value_heads' is 'null'", Assert.Throws<InputException>(() => ArchitectureReader.Read(checkpoint)).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama", int.MaxValue)]
    [InlineData("mistral", int.MaxValue)]
    [InlineData("gemma2", int.MaxValue)]
    [InlineData("falcon", int.MaxValue)]
    [InlineData("gpt2", null)] // as many learned positions as nothing
    [InlineData("gpt_neox", null)] // its reference makes a mask of the context's size
    [InlineData("mixtral", null)] // its reference makes a table of the context's size
    public void A_null_context_has_no_end_where_the_reference_does_not_ask_for_it(string family, int? nCtx)
    {
        var checkpoint = InMemory.Folder($$"""{"model_type": "{{family}}", "max_position_embeddings": null}""");
        if (nCtx is { } n) Assert.Equal(n, ArchitectureReader.Read(checkpoint).NCtx);
        else Assert.Contains("'max_position_embeddings' is 'null'", Assert.Throws<InputException>(() => ArchitectureReader.Read(checkpoint)).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_false_whatever_the_default()
    {
        Architecture a = ArchitectureReader.Read(InMemory.Folder("""{"model_type": "gpt_neox", "use_parallel_residual": null, "attention_bias": null}"""));
        Assert.Equal((Wiring.Sequential, false), (a.Wiring, a.QkvBias));
        Assert.Contains(new("attention_bias", "false (null)", "GPTNeoXConfig of transformers 4.46"), a.Defaults);
    }
}
