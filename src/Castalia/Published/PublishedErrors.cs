using Castalia.Errors;

namespace Castalia.Published;

/// <summary>What can be wrong with the result files of the published study.</summary>
static class PublishedErrors
{
    const string Original = "Use the study's own result file, unchanged; docs/published-study.md says where it is.";

    public static InputException NoFolder(string folder) => new(
        $"There is no folder '{folder}'.", "--import", "Name the folder with the study's result files; docs/published-study.md lists them.");

    public static InputException NoFile(string folder, string file) => new(
        $"The folder does not hold '{file}'.", folder, "Put all result files listed in docs/published-study.md there.");

    public static InputException Unreadable(string file, Exception why) => new(
        $"The file cannot be read: {why.Message}", file, "Check that it is a file and that you may read it.", why);

    public static InputException NotJson(string file, Exception why) => new(
        $"The file is not JSON: {why.Message}", file, Original, why);

    public static InputException AnotherStudy(string file, string field, string found, string wanted) => new(
        $"'{field}' is '{found}', not '{wanted}': this is a result of another experiment.", $"{file}, {field}", Original);

    public static InputException Missing(string file, string path, string name) => new(
        $"The field '{name}' is missing.", $"{file}, {path}", Original);

    public static InputException WrongKind(string file, string path, string found, string wanted) => new(
        $"The value is {found}, not {wanted}.", $"{file}, {path}", Original);

    public static InputException NotFinite(string file, string path, string found) => new(
        $"'{found}' is not a finite number.", $"{file}, {path}", Original);

    public static InputException OtherPrompt(string file, string path, int index) => new(
        $"Prompt {index} is not the prompt that the first model was fed there.", $"{file}, {path}", Original);

    public static InputException Count(string file, string path, int found, int wanted, string what) => new(
        $"There are {found} {what} where {wanted} are wanted.", $"{file}, {path}", Original);

    public static InputException Contradiction(string file, string path, string what) => new(
        $"{what}.", $"{file}, {path}", Original);

    public static InputException CannotWrite(string file, Exception why) => new(
        $"The data set cannot be written: {why.Message}", file, "Name a file in a folder that exists and that you may write.", why);

    public static InputException Exists(string file) => new(
        "The file already exists and is left as it is.", file, "Name another, or remove it.");
}
