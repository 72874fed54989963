using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Adapters: the few weights that a fine-tuning added to a model (LoRA and its relatives), which are no model by themselves.</summary>
/// <remarks>Names of files and tensors: huggingface/peft, and MLX, whose adapter files are called otherwise.</remarks>
static class Adapters
{
    /// <summary>The description of an adapter.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>Kinds that add vectors to the prompt or beside attention, of which nothing can be added to a weight.</summary>
    static readonly string[] Unmergeable = ["PROMPT_TUNING", "MULTITASK_PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING", "CPT", "ADAPTION_PROMPT"];

    /// <summary>What a part of a tensor's name begins with if the tensor is an adapter's.</summary>
    static readonly string[] Parts = [".lora_", ".hada_", ".lokr_", ".vera_", ".ia3_", ".oft_", ".boft_", ".vblora_", ".randlora_", ".fourierft_", ".adaption_"];

    /// <summary>Parts of a name where an adapter was put around a layer whose own weight stands beside it.</summary>
    static readonly string[] Wrapped = [".base_layer.", ".modules_to_save.", ".original_module."];

    static readonly string[] FileStarts = ["adapter_model", "adapters.", "pytorch_adapter.", "pytorch_lora_weights."];

    /// <summary>Whether a file holds an adapter's weights, by its name.</summary>
    public static bool IsWeights(string fileName) =>
        Array.Exists(FileStarts, start => fileName.StartsWith(start, StringComparison.Ordinal)) || fileName.EndsWith("_adapters.safetensors", StringComparison.Ordinal);

    /// <summary>Whether an adapter lies in a folder.</summary>
    public static bool AreIn(string folder) =>
        File.Exists(Path.Combine(folder, ConfigName)) || Directory.EnumerateFiles(folder).Any(file => IsWeights(Path.GetFileName(file)));

    /// <summary>Whether a tensor belongs to an adapter, or to a layer that has one around it.</summary>
    public static bool Mark(string tensor) => Array.Exists(Parts, part => Holds(tensor, part)) || Array.Exists(Wrapped, part => tensor.Contains(part, StringComparison.Ordinal));

    /// <summary>The error of a folder that holds an adapter and no model.</summary>
    public static InputException Alone(string folder)
    {
        string path = Path.Combine(folder, ConfigName);
        if (!File.Exists(path)) return CheckpointErrors.AdapterAlone(folder, "an adapter", null, isMergeable: true);
        JsonObject config = JsonFile.ReadObject(path);
        // MLX says "fine_tune_type" and "model".
        string? kind = Text(config, "peft_type") ?? Text(config, "fine_tune_type"), model = Text(config, "base_model_name_or_path") ?? Text(config, "model");
        string named = kind is null ? "an adapter" : kind.Equals("lora", StringComparison.OrdinalIgnoreCase) ? "a LoRA adapter" : $"an adapter ({kind})";
        return CheckpointErrors.AdapterAlone(path, named, model, !Unmergeable.Contains(kind, StringComparer.OrdinalIgnoreCase));
    }

    static string? Text(JsonObject config, string key) =>
        config[key] is { } value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null;

    static bool Holds(string tensor, string part) =>
        tensor.Contains(part, StringComparison.Ordinal) || tensor.AsSpan().StartsWith(part.AsSpan(1), StringComparison.Ordinal);
}
