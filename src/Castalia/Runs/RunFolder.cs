using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Castalia.Runs;

/// <summary>A run folder that was written.</summary>
/// <param name="Folder">Its path.</param>
/// <param name="Weights">Hashes of the models' weights, by name.</param>
readonly record struct WrittenRun(string Folder, IReadOnlyDictionary<string, string> Weights);

/// <summary>A run on disk: manifest.json, readings.parquet, summary.json. The folder appears when it is complete, or not at all.</summary>
static class RunFolder
{
    /// <summary>Makes sure, before long work, that results can be written: that the library that writes them is there, and makes and removes a file in the nearest folder that exists.</summary>
    /// <exception cref="InputException">They cannot.</exception>
    public static void CheckWritable(string parent)
    {
        DatabaseLibrary.Check();
        string? folder = Path.GetFullPath(parent);
        while (folder is not null && !Path.Exists(folder)) folder = Path.GetDirectoryName(folder);
        try
        {
            Unfinished.Sweep(folder!);
            using var probe = Unfinished.Beside(Path.Combine(folder!, "castalia"));
            File.WriteAllBytes(probe.Path, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(parent, e);
        }
    }

    /// <summary>Checks the readings, hashes the checkpoints and writes the folder.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parent">Where the folder goes; made if it does not exist.</param>
    /// <param name="cancellation">Stops between pieces; nothing stays behind.</param>
    /// <param name="hashing">Told how far the hashing has come, from any thread; may be null.</param>
    /// <returns>The folder's path: time and model, with a number where that name is taken.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static string Write(Run run, string parent, CancellationToken cancellation, IProgress<HashProgress>? hashing = null) =>
        WriteAndTell(run, parent, cancellation, hashing).Folder;

    /// <summary>The same, and what was found of the models' weights meanwhile.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static WrittenRun WriteAndTell(Run run, string parent, CancellationToken cancellation, IProgress<HashProgress>? hashing = null) =>
        WriteAndTell(run, [], parent, cancellation, hashing);

    /// <summary>The same with results of other kinds beside the readings.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    internal static WrittenRun WriteAndTell(Run run, IReadOnlyList<RunResult> further, string parent, CancellationToken cancellation, IProgress<HashProgress>? hashing = null) =>
        Written(run, further, parent, Name(run), isOwn: false, known: null, cancellation, hashing)!.Value;

    /// <summary>The same under a name that is the caller's own; null, and nothing is written, where a run of that name is there.</summary>
    /// <param name="run">The run.</param>
    /// <param name="further">Results of other kinds beside the readings.</param>
    /// <param name="parent">Where the folder goes; made if it does not exist.</param>
    /// <param name="name">The folder's name.</param>
    /// <param name="known">Hashes of the checkpoint, so that it is not read again for them; null for none.</param>
    /// <param name="cancellation">Stops between pieces; nothing stays behind.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    internal static WrittenRun? WriteAs(Run run, IReadOnlyList<RunResult> further, string parent, string name, CheckpointHashes? known, CancellationToken cancellation) =>
        Written(run, further, parent, name, isOwn: true, known, cancellation, hashing: null);

    static WrittenRun? Written(
        Run run, IReadOnlyList<RunResult> further, string parent, string name, bool isOwn, CheckpointHashes? known, CancellationToken cancellation, IProgress<HashProgress>? hashing)
    {
        IReadOnlyList<RunResult> results =
            [RunResult.Of(RunTables.Readings, run.Models.SelectMany(model => ReadingRow.Of(model, run.Options.AllPositions))), .. further];
        foreach (var model in run.Models) ClosureCheck.Verify(model);
        var finished = DateTime.UtcNow;
        var hashes = RunHashes.Of(run, known, hashing, cancellation);
        var manifest = Manifest.Of(run, finished, hashes);
        if (further.Count > 0) manifest["tables"] = Manifest.Tables(further.Select(result => result.Table));
        if (run.DoFiles.Count > 0) manifest["do_files"] = Manifest.DoFiles(run.DoFiles);
        if (run.Derived is { } derived) manifest["derived"] = derived.DeepClone();
        var summary = Summary.Of(run, cancellation);
        string wanted = Path.Combine(Path.GetFullPath(parent), name);
        try
        {
            using var unfinished = Unfinished.Beside(wanted);
            string partial = unfinished.Path;
            Directory.CreateDirectory(partial);
            foreach (var result in results)
            {
                string file = Path.Combine(partial, result.Table.FileName);
                result.Write(file, cancellation);
                manifest[result.Table.HashKey] = Sha256.OfFile(file, cancellation);
            }
            WriteJson(Path.Combine(partial, "summary.json"), summary);
            manifest["summary_sha256"] = Sha256.OfFile(Path.Combine(partial, "summary.json"), cancellation);
            File.WriteAllText(Path.Combine(partial, "manifest.json"), ManifestDigest.Stamped(manifest));
            cancellation.ThrowIfCancellationRequested();
            return Publish(partial, wanted, isOwn) is { } folder ? new(folder, hashes.Weights) : null;
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e) || e is DuckDBException { ErrorType: DuckDBErrorType.Io })
        {
            throw NotWritable(parent, e);
        }
    }

    /// <summary>Time of the start and model, e.g. 20260101T120000Z-smollm2-135m; with several models the first and how many more.</summary>
    static string Name(Run run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.StartedUtc:yyyyMMdd'T'HHmmss'Z'}-{ModelNames.ForFolder(run.Models[0].Name)}{(run.Models.Count > 1 ? $"-and-{run.Models.Count - 1}-more" : "")}");

    static string? Publish(string partial, string wanted, bool isOwn)
    {
        string target = wanted;
        for (int i = 2; ; i++)
        {
            try
            {
                Directory.Move(partial, target);
                return target;
            }
            catch (IOException) when (Path.Exists(target) && Directory.Exists(partial))
            {
                if (isOwn) return null;
                target = FormattableString.Invariant($"{wanted}-{i}");
            }
        }
    }

    /// <summary>Into the file as it is made: as a text it would be there twice, and a summary of many prompts is large.</summary>
    static void WriteJson(string path, JsonObject document)
    {
        using var file = File.Create(path);
        using (var writer = new Utf8JsonWriter(file, new() { Indented = JsonFile.Readable.WriteIndented, Encoder = JsonFile.Readable.Encoder })) document.WriteTo(writer, JsonFile.Readable);
        file.WriteByte((byte)'\n');
    }

    static InputException NotWritable(string parent, Exception e) => new(
        $"The run folder cannot be written: {Unfinished.Why(e)}", parent, "Name a folder you may write to, with room in it, by --out.", e);
}
