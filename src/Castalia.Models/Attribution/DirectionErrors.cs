using Castalia.Errors;
using static System.FormattableString;

namespace Castalia.Attribution;

/// <summary>What can be wrong with a file of directions.</summary>
static class DirectionErrors
{
    public static InputException NoSuchFile(string file) => new(
        "There is no such file of directions.", file, "Name a .safetensors file whose tensors are sets of directions, [k × d_model] or [d_model].");

    public static InputException NoTensors(string file) => new(
        "The file of directions holds no tensor.", file, "Write at least one set of directions into it, [k × d_model] or [d_model].");

    public static InputException TakenName(string file, string tensor) => new(
        $"A set of directions is called '{tensor}', as one that is made of the reference texts.", Place(file, tensor), "Give the tensor another name.");

    public static InputException NoMatrix(string file, string tensor, IReadOnlyList<long> shape) => new(
        Invariant($"Tensor '{tensor}' has {shape.Count} axes: [{string.Join(" × ", shape)}]."), Place(file, tensor), "A set of directions is [k × d_model], one direction may be [d_model].");

    public static InputException OtherWidth(string file, string tensor, long width, int dModel) => new(
        Invariant($"The directions of tensor '{tensor}' are {width} wide; the model's stream, d_model, is {dModel}."), Place(file, tensor),
        Invariant($"Give directions of this model's stream: the last axis is to be {dModel}."));

    public static InputException NoRows(string file, string tensor) => new(
        $"Tensor '{tensor}' has no rows.", Place(file, tensor), "Leave it out, or give it a direction.");

    public static InputException TooMany(string file, string tensor, long rows, int dModel) => new(
        Invariant($"Tensor '{tensor}' has {rows} rows; of {dModel} dimensions no more than {dModel} can be orthonormal."), Place(file, tensor), "Give fewer directions.");

    public static InputException NotFinite(string file, string tensor) => new(
        $"Tensor '{tensor}' holds a value that is not a number, or infinite.", Place(file, tensor), "Make the directions anew.");

    public static InputException NotOrthonormal(string file, string tensor, double departure) => new(
        Invariant($"The rows of tensor '{tensor}' are not orthonormal: the largest |⟨b, b′⟩ − δ| is {departure:0.0##E+0}, at most {DirectionSet.MostDeparture:0E+0} is allowed."),
        Place(file, tensor), "Make them orthonormal, or give --orthonormalise: then each row is taken without what the rows before it have of it.");

    public static InputException Depends(string file, string tensor, int row) => new(
        Invariant($"Row {row} (from 0) of tensor '{tensor}' is 0, or a combination of the rows before it: it is no direction of its own."), Place(file, tensor), "Leave the row out.");

    static string Place(string file, string tensor) => $"{file}, tensor '{tensor}'";
}
