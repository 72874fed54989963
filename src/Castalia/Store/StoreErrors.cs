using Castalia.Errors;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>What can be wrong with stored runs.</summary>
static class StoreErrors
{
    const string Mend = "Restore the folder as castalia wrote it, or move it elsewhere and measure again; 'castalia runs' lists all.";

    public static InputException NoFolder(string folder) => new(
        "There is no such folder of runs.", folder, "Name the folder by --runs, or make a run: castalia measure CHECKPOINT --out DIR.");

    public static InputException NoRuns(string folder) => new(
        "There are no runs in the folder.", folder, "Make one: castalia measure CHECKPOINT --out DIR; or name another folder by --runs.");

    public static InputException AllDamaged(InputException first, int runs) => new(
        runs == 1 ? $"The only run in the folder is damaged: {first.Cause}" : $"All {runs} runs in the folder are damaged; of the first: {first.Cause}",
        first.Place, first.Remedy, first);

    public static InputException MissingFile(string folder, string file) => new(
        $"The run is incomplete: there is no {file}.", folder, Mend);

    public static InputException Unreadable(string folder, string file, string why) => new(
        $"The run's {file} cannot be read: {OneLine(why)}", folder, Mend);

    public static InputException NotRead(string folder, Exception why) => new(
        $"Readings of the runs cannot be read: {OneLine(why.Message)}", folder, Mend, why);

    public static InputException NotJson(string folder, string file, string why) => new(
        $"The run's {file} is no JSON as castalia writes it: {OneLine(why)}", folder, Mend);

    public static InputException OtherFormat(string folder, string format, string known) => new(
        $"The run is of format '{format}'; this version reads '{known}'.", folder, "Read it with the version that its manifest names, or measure again.");

    public static InputException ManifestLacks(string folder, string key, string wanted) => new(
        $"manifest.json lacks {wanted} at '{key}'.", folder, Mend);

    public static InputException ModelTwice(string folder, string model) => new(
        $"manifest.json has two models called '{model}'.", folder, Mend);

    public static InputException OtherHash(string folder, string file) => new(
        $"{file} is not what was written: its SHA-256 differs from the one in manifest.json.", folder, Mend);

    public static InputException ManifestChanged(string folder) => new(
        "manifest.json is not what was written: its SHA-256 differs from the one that it states of itself.", folder, Mend);

    public static InputException Disagrees(string folder, string what) => new(
        $"readings.parquet does not agree with manifest.json: {what}", folder, Mend);

    public static InputException LacksColumn(string folder, RunTable table, RunColumn column) => new(
        $"{table.FileName} has no column {column.Name} of type {column.Type}.", folder, $"Make it again with this version: castalia {table.Verb}.");

    public static InputException TwoOfOneName(string name, string one, string other) => new(
        $"Two runs are both called '{name}'.", $"{one} and {other}", "Name one of them, or give one folder another name.");

    /// <summary>A run that was asked for and is not there.</summary>
    /// <param name="run">What was asked for.</param>
    /// <param name="folder">Where it was looked for.</param>
    /// <param name="near">Names that come near; of all, where none does.</param>
    public static InputException NoSuchRun(string run, string folder, IReadOnlyList<string> near) => new(
        $"There is no run '{run}'.", folder,
        near.Count == 0 ? "The folder has no runs; name another by --runs, or make one: castalia measure." :
            $"Name a run in it, the beginning of one name, a model, 'latest', or the path of a run, for instance {string.Join(", ", near)}; 'castalia runs' lists all.");

    /// <summary>A beginning that is not of one run only.</summary>
    /// <param name="word">The beginning.</param>
    /// <param name="folder">Where it was looked for.</param>
    /// <param name="count">How many begin so.</param>
    /// <param name="names">The latest of them.</param>
    public static InputException SeveralRuns(string word, string folder, int count, IReadOnlyList<string> names) => new(
        $"The names of {count} runs begin with '{word}'.", folder,
        $"Write more of the name: {string.Join(", ", names)}{(count > names.Count ? ", …" : "")}. 'latest' means the one that began last.");

    static string OneLine(string text) => text.Split('\n')[0].Trim();
}
