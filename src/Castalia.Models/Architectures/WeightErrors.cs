using System.Globalization;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>Every message with which a checkpoint's tensors can fail to be the weights its description asks for.</summary>
static class WeightErrors
{
    public static InputException Missing(string name, Family family, int nLayers, Checkpoint checkpoint) => new(
        $"Tensor '{name}' is not in the checkpoint, which holds {Number(checkpoint.Tensors.Count)} tensors.",
        checkpoint.Path,
        (checkpoint.Tensors.Count == 0 ? "" : $"Nearest names there: {string.Join(", ", Nearest(name, checkpoint.Tensors.Keys))}. ") +
        (InWrapper(name, [.. checkpoint.Tensors.Keys]) is { } prefix
            ? $"Most begin with '{prefix}', and not all: save the model alone, without what stands around it or beside it, by save_pretrained say."
            : $"The config describes {family.Title} with {Number(nLayers)} blocks; are the weights of the same model and revision, and all there?"));

    /// <summary>What stands before a name in most of those that are there; null where nothing does.</summary>
    static string? InWrapper(string name, string[] present)
    {
        if (present.FirstOrDefault(other => other.EndsWith("." + name, StringComparison.Ordinal)) is not { } wrapped) return null;
        string prefix = wrapped[..^name.Length];
        return present.Count(other => other.StartsWith(prefix, StringComparison.Ordinal)) > present.Length / 2 ? prefix : null;
    }

    public static InputException MissingEmbedding(string name, string head, Checkpoint checkpoint) => new(
        $"Tensor '{name}', the embedding, is not in the checkpoint, and the config does not say that it is the unembedding, '{head}', which is.",
        checkpoint.Path,
        "If the model ties the two, its config.json must say \"tie_word_embeddings\": true; else the weights are not whole.");

    public static InputException MissingUnembedding(string name, Checkpoint checkpoint) => new(
        $"Tensor '{name}', the unembedding, is not in the checkpoint, and the config says that it is not the embedding.",
        checkpoint.Path,
        "If the model ties the two, its config.json must say \"tie_word_embeddings\": true; " +
        "else the weights are not whole, or those of the model without its head.");

    public static InputException WrongShape(Tensor tensor, IReadOnlyList<long> expected, string why) => new(
        $"Tensor '{tensor.Name}' has shape {Shape(tensor.Shape)}; expected {Shape(expected)} ({why}).",
        $"{tensor.File}, tensor '{tensor.Name}'",
        "Config and weights must be of one revision of one model: compare both with the publisher's.");

    public static InputException VocabularyRows(Tensor tensor, int dVocab, int dModel) => new(
        $"Tensor '{tensor.Name}' has {Number(tensor.Shape[0])} rows, but the config's vocabulary has {Number(dVocab)}.",
        $"{tensor.File}, tensor '{tensor.Name}'",
        $"Expected {Shape([dVocab, dModel])}. Where tokens were added after training, the config must state the new size; " +
        "else config and weights are of different revisions.");

    public static InputException NotArithmetic(Tensor tensor, WeightRole role) => new(
        $"Tensor '{tensor.Name}' is stored as {tensor.DType}, which is no number format for a weight ({role}).",
        $"{tensor.File}, tensor '{tensor.Name}'",
        $"Use a version of the model in one of {DTypes.Names(type => type.IsArithmetic)}.");

    public static InputException Unused(IReadOnlyList<Tensor> unused, Architecture architecture) => unused.FirstOrDefault(ScalesAnother) is { } scale ? ScaledApart(scale) : new(
        $"Tensor '{unused[0].Name}' {Shape(unused[0].Shape)} belongs to no part of {architecture.Family.Title} with " +
        $"{Number(architecture.NLayers)} blocks" + (unused.Count == 1 ? "." : $", nor do {Number(unused.Count - 1)} more."),
        $"{unused[0].File}, tensor '{unused[0].Name}'",
        "Either the config understates the model, or it is another model than it says; a weight left out gives wrong numbers.");

    /// <summary>GGUF files made from NVFP4 checkpoints hold beside X.weight a number, X.scale, that its products are multiplied by.</summary>
    static bool ScalesAnother(Tensor tensor) =>
        tensor.Count == 1 && (tensor.Name.EndsWith(".scale", StringComparison.Ordinal) || tensor.Name.EndsWith(".input_scale", StringComparison.Ordinal));

    static InputException ScaledApart(Tensor scale) => new(
        $"'{scale.Name}' is a scale for a whole tensor, stored apart from it as NVFP4 files do: such scales are not applied.",
        $"{scale.File}, tensor '{scale.Name}'",
        "Take a file of the model in another type (Q8_0, BF16), whose tensors stand for themselves, or the model as its publisher trained it.");

    public static InputException TiedButDifferent(Tensor head, Tensor embedding) => new(
        $"The config ties the unembedding to the embedding, but '{head.Name}' is stored too and differs from '{embedding.Name}'.",
        $"{head.File}, tensor '{head.Name}'",
        "Ask the publisher which is meant; if the stored one, config.json must say \"tie_word_embeddings\": false.");

    public static InputException DivisorsUnreadable(Tensor tensor, int expected) => new(
        $"Tensor '{tensor.Name}' is {tensor.DType} of shape {Shape(tensor.Shape)}; " +
        $"rotary divisors are F32 of shape {Shape([expected])}.",
        $"{tensor.File}, tensor '{tensor.Name}'",
        "Convert the model again with a current converter.");

    public static InputException BadDivisor(Tensor tensor, int index, float value) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Element {index} of '{tensor.Name}' is {value}; a rotary divisor is a finite number above 0."),
        $"{tensor.File}, tensor '{tensor.Name}'",
        "The file is damaged or was written wrongly: compare length and hash with the publisher's, and download it again if they differ.");

    public static InputException TooFast(Tensor tensor, double largest) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Divided by '{tensor.Name}' some dimensions of a head would turn by {largest:G3} radians a position; " +
            $"angles up to {Rotary.LargestAngle:G6} are computed."),
        $"{tensor.File}, tensor '{tensor.Name}'",
        "Convert the model again with a current converter.");

    /// <summary>A shape as messages and tables show it.</summary>
    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(" × ", shape.Select(Number))}]";

    static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);

    /// <summary>Names that begin and end most like the one wanted.</summary>
    static IEnumerable<string> Nearest(string wanted, IEnumerable<string> present) =>
        present.OrderByDescending(name => Alike(name, wanted)).ThenBy(name => name, StringComparer.Ordinal).Take(3);

    static int Alike(string a, string b)
    {
        int shorter = Math.Min(a.Length, b.Length), start = 0, end = 0;
        while (start < shorter && a[start] == b[start]) start++;
        while (end < shorter - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        return start + end;
    }
}
