using System.Globalization;
using Castalia.Errors;

namespace Castalia.Training;

/// <summary>What can be wrong with a training run.</summary>
static class TrainingErrors
{
    /// <summary>A number that the range does not hold.</summary>
    public static InputException OutOfRange(string place, string what, double value, double least, double most) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{what}' is {value}."), place,
        string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}."));

    /// <summary>A width that the heads do not divide.</summary>
    public static InputException NotInHeads(string place, int dModel, int nHeads) => new(
        FormattableString.Invariant($"A width of {dModel} is no multiple of {nHeads} heads."), place, "Write a number of heads that divides the width.");

    /// <summary>Traits that no family has together.</summary>
    public static InputException NoFamily(string place, string nearest, IEnumerable<string> missed) => new(
        "No family of models has these traits together.", place, $"Nearest is {nearest}, with {string.Join(", ", missed.Where(what => what.Length > 0))}. Give up one of them.");
}
