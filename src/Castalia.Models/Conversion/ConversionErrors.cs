using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Conversion;

/// <summary>Every message with which a conversion can fail.</summary>
static class ConversionErrors
{
    const string OtherForm = "Take the model in its Hugging Face form.";

    public static InputException OutTaken(string folder, string found) => new(
        $"'{folder}' {found}.", folder, "Name a folder that does not exist yet, or an empty one: nothing is overwritten.");

    public static InputException NoRoom(string folder, long needed, long free) => new(
        $"The folder will take {Bytes(needed)}; {Bytes(free)} are free there.", folder,
        "Make room, name a folder on another disk, or ask for a narrower type by --dtype.", new IOException("There is too little room."));

    public static InputException NotWritable(string folder, Exception why) => new(
        $"The folder cannot be written: {why.Message}", folder, "Name a folder in one that you may write to, with room in it.", why);

    public static InputException NoHubForm(Family family, string path) => new(
        $"It is not settled how models of {family.Title} are written as a Hugging Face folder.", path, OtherForm);

    public static InputException NotStated(Family family, string path, string property, string expected, string found) => new(
        $"A config.json of {family.Title} cannot say what the checkpoint is: {property} would be read back as {found}, not {expected}.",
        path, OtherForm);

    public static InputException SomeBiases(string absent, string file) => new(
        $"The file stores some biases and not '{absent}', where nothing is added; a config.json says for all of them that they are there or not.",
        file, OtherForm);

    public static InputException StoredDivisors(string path) => new(
        "The file stores divisors of the rotary frequencies that follow no rule which a config.json can state.",
        $"{path}, tensor 'rope_freqs.weight'", OtherForm);

    public static InputException NoTypeToKeep(Tensor tensor) => new(
        $"Tensor '{tensor.Name}' is stored as {tensor.DType}, which is not written; what it becomes has to be chosen.",
        $"{tensor.File}, tensor '{tensor.Name}'",
        tensor.DType == DType.F64
            ? "Add --dtype f32 (rounds), --dtype bf16 or --dtype f16 (round further)."
            : "Add --dtype f32 (exact), --dtype bf16 or --dtype f16 (round, and say what it cost).");

    public static InputException NotANumber(string tensor, long element, Tensor source) => new(
        $"Element {Number(element)} of '{tensor}' is not a number.", $"{source.File}, tensor '{source.Name}'",
        "The checkpoint is damaged, or training broke it: take another.");

    public static InputException Overflow(string tensor, long element, double value, DType type, Tensor source) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Element {element} of '{tensor}' is {value:R}; the largest {type} is {Largest(type):R}, so it would become infinite."),
        $"{source.File}, tensor '{source.Name}'",
        type == DType.F16 ? "Nothing was written. Use --dtype bf16 or --dtype f32." : "Nothing was written. Use --dtype f32.");

    public static InputException NotLessOne(string tensor, double stored, DType type) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"'{tensor}' is stored as 1 + weight, and there is no {type} that added to 1 gives the {stored:R} in it."),
        $"tensor '{tensor}'",
        type == DType.F32 ? OtherForm : "Use --dtype f32.");

    /// <summary>What was read back is not what was meant to be written.</summary>
    public static InputException NotAsWritten(string tensor, string folder) => new(
        $"Tensor '{tensor}' was read back with other values than were written; nothing was kept.", folder,
        "The disk, or the memory, of this machine is not to be trusted: check both, and convert again.");

    static double Largest(DType type)
    {
        (int exponent, int fraction) = Conversion.Rounding.Format(type);
        return (2 - Math.ScaleB(1, -fraction)) * Math.ScaleB(1, (1 << (exponent - 1)) - 1);
    }

    static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    static string Number(long n) => n.ToString(CultureInfo.InvariantCulture);
}
