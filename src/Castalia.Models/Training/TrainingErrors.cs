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
}
