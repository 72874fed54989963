using System.Security.Cryptography;
using System.Text;
using Castalia.Runs;
using Castalia.Training;
using Castalia.Twins;

namespace Castalia.Sweeps;

/// <summary>Names of cells: hashes of what decides their results.</summary>
/// <remarks>
/// A cell has two. The provisional one is of the task and of where the checkpoint is to be had, and is known when the plan is read. The final one is of
/// the task and of the checkpoint's tensors, description and tokenizer, and names the run: two sources of equal content have one result. An audit's is of
/// all its revisions, in their order and by their names, which its result has in it; a network's of its recipe, with the corpus, and of its place in the study.
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

    /// <summary>The provisional name of an audit.</summary>
    /// <param name="revisions">The checkpoints, with <see cref="Files"/> of paths.</param>
    public static string Provisional(IEnumerable<(SweepCheckpoint Checkpoint, string Files)> revisions) =>
        Hash(Audit + string.Concat(revisions.Select(one => $"{(one.Checkpoint.IsHub ? "hub" : "path")} {one.Checkpoint.Named}\n{one.Files}")));

    /// <summary>The final name of an audit.</summary>
    public static string Final(IEnumerable<(SweepCheckpoint Checkpoint, CheckpointIdentity Identity)> revisions) =>
        Hash(Audit + string.Concat(revisions.Select(one =>
            $"revision {one.Checkpoint.Named}\n{string.Concat(one.Identity.Files.Select(file => $"file {file}\n"))}arithmetic {one.Identity.Arithmetic}\n")));

    /// <summary>The name of a network: the final one, or without its corpus a part of the provisional one.</summary>
    /// <param name="study">Its study.</param>
    /// <param name="twin">The network.</param>
    /// <param name="corpus">What it is trained on; null for the language.</param>
    public static string Of(SweepStudy study, Twin twin, Corpus? corpus) =>
        Hash(Line($"castalia sweep {Arithmetic}") + Line($"twins, seed {study.Seed}") + Line($"{study.Place} {twin.Folder}") + Recipes.Hash(twin, corpus));

    /// <summary>The provisional name of a network: a corpus counts as a path does.</summary>
    public static string Provisional(SweepStudy study, Twin twin, string corpus) => corpus.Length == 0 ? Of(study, twin, null) : Hash($"{Of(study, twin, null)}\n{corpus}");

    /// <summary>A corpus and its tokenizer as files.</summary>
    public static string OfCorpus(CorpusSource corpus) => $"corpus {Path.GetFullPath(corpus.File)}\n{Files(corpus.File)}tokenizer {Path.GetFullPath(corpus.TokenizerPath)}\n{Files(corpus.TokenizerPath)}";

    /// <summary>The name of a study's tables: provisional by its networks' provisional names, final by their final ones.</summary>
    public static string OfTables(SweepStudy study, IEnumerable<string> networks) =>
        Hash(Line($"castalia sweep {Arithmetic}") + Line($"tables, seed {study.Seed}, interpolate {study.Plan.Interpolate}") + Line($"{study.Place} {study.Plan.Name}") + string.Join('\n', networks));

    /// <summary>What is claimed of a folder that several cells might be written in.</summary>
    public static string OfPlace(string place) => Hash($"place {place}");

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

    static string Audit => Line($"castalia sweep {Arithmetic}") + Line($"audit");

    static string Line(FormattableString text) => FormattableString.Invariant(text) + "\n";

    static string Hash(string text) => Sha256(text)[..Digits];

    static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
