using System.Security.Cryptography;
using System.Text;
using Castalia.Runs;

namespace Castalia.Sweeps;

/// <summary>Names of cells: hashes of what decides their results.</summary>
/// <remarks>
/// A cell has two. The provisional one is of the task and of where the checkpoint is to be had, and is known when the plan is read. The final one is of
/// the task and of the checkpoint's tensors, description and tokenizer, and names the run: two sources of equal content have one result.
/// </remarks>
static class CellKey
{
    /// <summary>Hexadecimal digits of a name.</summary>
    public const int Digits = 16;

    /// <summary>Version of the arithmetic: raised where the same cell would have another figure than before.</summary>
    public const int Arithmetic = 1;

    /// <summary>SHA-256 of everything of a task that decides a figure.</summary>
    public static string Of(SweepTask task)
    {
        var key = new StringBuilder();
        key.Append(Line($"castalia sweep {Arithmetic}"));
        key.Append(Line($"verb {task.Verb}, bos {task.Bos}, all positions {task.AllPositions}, activation {task.Activation}, logit lens {task.LogitLens}, seed {task.Seed}"));
        key.Append(Line($"blocks {task.Blocks}, all parts {task.AllParts}, weights {task.Weights}"));
        key.Append(Line($"prompts {task.PromptSet} {task.Given.Hash}"));
        if (task.Reference is { } reference) key.Append(Line($"reference {reference.Name} {reference.Hash}"));
        foreach (var file in task.Do) key.Append(Line($"do {file.Name} {file.Sha256}"));
        return Sha256(key.ToString());
    }

    /// <summary>The provisional name. A path's files count by name, length and time of the last change; a revision by its name.</summary>
    public static string Provisional(SweepCheckpoint checkpoint, string files, string task) => Hash($"{task}\n{(checkpoint.IsHub ? "hub" : "path")} {checkpoint.Named}\n{files}");

    /// <summary>The final name.</summary>
    /// <param name="identity">Of the checkpoint.</param>
    /// <param name="task">Key of the task.</param>
    public static string Final(CheckpointIdentity identity, string task) => Hash($"{task}\nweights {identity.Hashes.Weights}\narithmetic {identity.Arithmetic}\ntokenizer {identity.Tokenizer}\n");

    /// <summary>Names, lengths and times of the files at a path; empty where there is nothing.</summary>
    public static string Files(string path)
    {
        try
        {
            var place = new DirectoryInfo(path);
            IEnumerable<FileInfo> files = place.Exists ? place.EnumerateFiles() : new FileInfo(path) is { Exists: true } file ? [file] : [];
            return string.Concat(files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => Line($"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // who opens it says what is wrong
        }
    }

    static string Line(FormattableString text) => FormattableString.Invariant(text) + "\n";

    static string Hash(string text) => Sha256(text)[..Digits];

    static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
