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

    /// <summary>Sizes that the family's config cannot state.</summary>
    public static InputException NoSuchNetwork(string place, string family, InputException inner) => new(
        $"No {family} has these sizes: {inner.Cause}", place, "Change width, heads or positions.", inner);

    /// <summary>Traits that no family has together.</summary>
    public static InputException NoFamily(string place, string nearest, IEnumerable<string> missed) => new(
        "No family of models has these traits together.", place, $"Nearest is {nearest}, with {string.Join(", ", missed.Where(what => what.Length > 0))}. Give up one of them.");

    /// <summary>A run whose numbers leave the range of float32.</summary>
    /// <remarks>Its detail is a <see cref="Divergence"/>.</remarks>
    public static InputException Diverged(string place, int step, string what, string tensor, float value, Exception? inner) => new(
        string.Create(CultureInfo.InvariantCulture, $"Training diverged at step {step}: the {what}, in {tensor}, is {value}."), place,
        "Lower the learning rate or the initial scale, or lengthen the warm-up. Checkpoints up to there are kept.", inner)
    {
        Detail = new Divergence(step, tensor, value),
    };

    /// <summary>The disk refuses a checkpoint.</summary>
    public static InputException NotWritable(string folder, string why, Exception inner) => new(
        $"A checkpoint cannot be written: {why}", folder, "Make room, and give the same command again: it goes on from the last complete checkpoint, which is kept.", inner);

    /// <summary>What is needed to go on is missing.</summary>
    public static InputException NoState(string file) => new(
        "What is needed to go on with this training is missing or damaged.", file, "Remove the network's folder and train it anew, or name another folder by --out.");

    /// <summary>A folder with another training in it.</summary>
    public static InputException OtherRecipe(string folder) => new(
        "The folder holds checkpoints of another recipe than the plan's.", folder, "Name another folder by --out, or remove this one: nothing is overwritten.");
}
