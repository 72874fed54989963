using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;

namespace Castalia.Anatomy;

/// <summary>What a config says in words that the arithmetic does not use, or uses under another name.</summary>
/// <param name="Activation">The activation, as it is spelt there; null where nothing is said.</param>
/// <param name="Bos">Id that begins a text; null for none.</param>
/// <param name="Eos">Id that ends one, or ids, by commas; null for none.</param>
/// <param name="DType">The type it says the weights are stored in; null where nothing is said.</param>
sealed record ConfigWords(string? Activation, long? Bos, string? Eos, string? DType)
{
    static readonly string[] ActivationKeys = ["hidden_activation", "hidden_act", "activation_function", "activation"];

    /// <summary>Of a checkpoint: of its config.json, or of its GGUF metadata.</summary>
    public static ConfigWords Of(Checkpoint checkpoint) => checkpoint switch
    {
        { Config: { } config } => Of(config),
        { Metadata: { } metadata } => new(
            null, Number(metadata, "tokenizer.ggml.bos_token_id"), Number(metadata, "tokenizer.ggml.eos_token_id")?.ToString(CultureInfo.InvariantCulture), null),
        _ => new(null, null, null, null),
    };

    /// <summary>Of a config.json.</summary>
    public static ConfigWords Of(JsonObject config) => new(
        ActivationKeys.Select(key => Word(config, key)).FirstOrDefault(word => word is not null),
        config["bos_token_id"] is JsonValue bos && bos.TryGetValue(out long id) ? id : null,
        Ids(config["eos_token_id"]),
        Word(config, "torch_dtype") ?? Word(config, "dtype"));

    /// <summary>The function that the word stands for; null for no word or an unknown one.</summary>
    public Activation? Meant => Activation is { } word && ActivationNames.All.TryGetValue(word, out var meant) ? meant : null;

    static string? Word(JsonObject config, string key) =>
        config[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    static string? Ids(JsonNode? node) => node switch
    {
        JsonArray list => string.Join(", ", list.Select(Ids)),
        JsonValue value when value.TryGetValue(out long id) => id.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    static long? Number(GgufMetadata metadata, string key) =>
        metadata.Values.TryGetValue(key, out object? value) && value is IConvertible number and not string and not bool
            ? number.ToInt64(CultureInfo.InvariantCulture)
            : null;
}
