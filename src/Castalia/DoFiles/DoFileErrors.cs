using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.DoFiles;

/// <summary>What can be wrong with interventions as they are written down.</summary>
static class DoFileErrors
{
    /// <summary>A name that is neither a file nor one that ships.</summary>
    public static InputException NoSuchName(string name, string? nearest, IEnumerable<string> known) => new(
        $"There is no do-file '{name}'.", "--do", nearest is null ? $"Name a .yaml file, or one that ships: {string.Join(", ", known)}." : $"Did you mean '{nearest}'? A file's name has an extension.");

    /// <summary>A key that the others leave no meaning.</summary>
    public static InputException NotWith(string place, string key, string other) => new(
        $"'{key}' means nothing with {other}.", place, $"Leave one of them out. {DoFile.Format.Pointer}");

    /// <summary>A key that another needs.</summary>
    public static InputException Needs(string place, string what, string key) => new(
        $"{what} needs '{key}'.", place, $"Add it. {DoFile.Format.Pointer}");

    /// <summary>A unit at a site that has none of its kind.</summary>
    public static InputException NoUnitThere(string place, string unit, string site, string sites) => new(
        $"A {unit} is no part of {site}.", place, $"Leave 'site' out, or name {sites}.");

    /// <summary>A number that stands for nothing.</summary>
    public static InputException NoSuchNumber(string place, string what, string text, int least, int most) => new(
        FormattableString.Invariant($"There is no {what} {text}."), place, FormattableString.Invariant($"Write a whole number from {least} to {most}."));

    /// <summary>A word that is no direction.</summary>
    public static InputException NoSuchDirection(string place, string word, IReadOnlyList<string> known) => new(
        $"There is no direction '{word}'.", place, $"Write one of {string.Join(", ", known)}. {DoFile.Format.Pointer}");

    /// <summary>No block or position.</summary>
    public static InputException NotIndices(string place, string key, string word) => new(
        $"'{key}' is '{word}'; last, all, or whole numbers from 0 were expected.", place, $"Write {key}: last, {key}: all, or {key}: [0, 3].");

    /// <summary>A vector that cannot be read.</summary>
    public static InputException NoVector(string place, string text) => new(
        $"'{text}' names no tensor.", place, "Write vector: FILE.safetensors#TENSOR.");

    /// <summary>A tensor that is not in its file.</summary>
    public static InputException NoSuchTensor(string place, string file, string tensor, IReadOnlyCollection<string> present) => new(
        $"There is no tensor '{tensor}' in {file}.", place, $"It holds {string.Join(", ", present.Take(8))}{(present.Count > 8 ? ", …" : "")}.");

    /// <summary>A tensor that is no vector.</summary>
    public static InputException NotAVector(string place, string tensor, IEnumerable<long> shape) => new(
        $"'{tensor}' has the shape [{string.Join(", ", shape)}]; a vector has one axis.", place, "Name a tensor of one axis.");

    /// <summary>A vector with a value that is not finite.</summary>
    public static InputException NotFinite(string place, string tensor) => new(
        $"'{tensor}' holds a NaN or infinity.", place, "Name a tensor of finite values.");
}
