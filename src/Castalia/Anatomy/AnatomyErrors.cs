using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Anatomy;

/// <summary>Every message with which an anatomy can fail.</summary>
static class AnatomyErrors
{
    public static InputException WeightsDecide(Family family, string file) => new(
        $"How a {family.Title} model is wired is told by which tensors it stores, not by its config alone.", file,
        "Name a folder with the weights in it: only their headers are read.");

    public static InputException UnknownModel(string named, IEnumerable<string> known) => new(
        $"'{named}' is none of the models whose facts come with castalia.", "models of the published study",
        $"Known are {string.Join(", ", known)}; or name a checkpoint, or a folder with a config.json.");

    public static InputException Misspelt(string named, string nearest) => new(
        $"'{named}' is no path, is not in the hub's cache, and is none of the models whose facts come with castalia.", "MODEL", $"Did you mean '{nearest}'?");

    public static InputException NotFinite(Tensor tensor, int layer, long row) => new(
        $"Tensor '{tensor.Name}' holds a value that is not a number, or infinite, in its row {Text(row)}{(layer < 0 ? "" : $", block {Text(layer)}")}.",
        $"{tensor.File}, tensor '{tensor.Name}'", "The checkpoint is damaged, or training broke it: take another.");

    public static InputException OtherShape(string first, string second, string property, string ours, string theirs) => new(
        $"The two revisions are not one model: {property} is {ours} in one and {theirs} in the other.", $"{first} and {second}",
        "Compare weights of two revisions of the same model; descriptions of different ones are compared fact by fact.");

    public static InputException TooNarrowForBands(string model, int dModel, int bands) => new(
        $"The stream is {Text(dModel)} wide: {Text(bands)} bands of the unembedding need as many directions.", model, "Leave out --bands.");

    static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
