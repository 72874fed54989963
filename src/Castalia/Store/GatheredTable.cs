using System.Text.Json;
using System.Text.Json.Serialization;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>Where the rows of a run are.</summary>
/// <param name="File">A file of gathered rows.</param>
/// <param name="Number">The run's number in it.</param>
/// <param name="Runs">How many runs it has rows of.</param>
readonly record struct GatheredPlace(string File, int Number, int Runs);

/// <summary>A run whose rows were gathered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">SHA-256 of the file that they are of.</param>
sealed record GatheredRun(string Name, string Sha256);

/// <summary>A file of gathered rows.</summary>
/// <param name="Sha256">Its SHA-256, by which it is named.</param>
/// <param name="Runs">The runs by their numbers in it; null where a run's files changed meanwhile.</param>
sealed record GatheredFile(string Sha256, IReadOnlyList<GatheredRun?> Runs);

/// <summary>What is gathered of one table of one folder of runs, as it is written.</summary>
/// <param name="Format">Which build wrote it, and in which layout.</param>
/// <param name="Folder">The folder of the runs, absolute.</param>
/// <param name="Table">The table.</param>
/// <param name="Files">The files.</param>
sealed record GatheredIndex(string Format, string Folder, string Table, IReadOnlyList<GatheredFile> Files)
{
    /// <summary>The layout of this build.</summary>
    public static string OfThisBuild { get; } = $"castalia gathered rows 1; {KeptFolder.OfThisBuild}";
}

/// <summary>How it is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GatheredIndex))]
sealed partial class GatheredJson : JsonSerializerContext;

/// <summary>Rows of one table of the runs of one folder that were gathered in few files: every column, of readings the rows of last blocks alone.</summary>
/// <remarks>
/// A run's rows follow from the bytes of its file, whose SHA-256 stands beside them: those of a file that changed are not found here. Files are named by
/// their own SHA-256 and never changed; one that is cut short, or not there, holds nothing.
/// </remarks>
sealed class GatheredTable
{
    readonly Dictionary<GatheredRun, GatheredPlace> _places = [];

    GatheredTable(string cache, string folder, RunTable table) => (Cache, Folder, Table, Files) = (cache, folder, table, []);

    /// <summary>Where the files are.</summary>
    public string Cache { get; }

    /// <summary>The folder of the runs.</summary>
    public string Folder { get; }

    /// <summary>The table.</summary>
    public RunTable Table { get; }

    /// <summary>The files that are there and whole.</summary>
    public IReadOnlyList<GatheredFile> Files { get; private set; }

    /// <summary>Runs that have rows here, also of those that are gone.</summary>
    public int Runs => _places.Count;

    /// <summary>Nothing.</summary>
    public static GatheredTable Empty(string cache, string folder, RunTable table) => new(cache, folder, table);

    /// <summary>What is there; nothing where the index is damaged, of another folder or of another build.</summary>
    /// <param name="cache">Where it is.</param>
    /// <param name="folder">The folder of the runs, absolute.</param>
    /// <param name="table">The table.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    public static GatheredTable Read(string cache, string folder, RunTable table, CancellationToken cancellation)
    {
        var gathered = new GatheredTable(cache, folder, table);
        try
        {
            if (DigestedFile.Read(gathered.Index) is { } json && JsonSerializer.Deserialize(json, GatheredJson.Default.GatheredIndex) is { } index &&
                index.Format == GatheredIndex.OfThisBuild && index.Folder == folder && index.Table == table.Name)
                gathered.Fill([.. index.Files.Where(file => File.Exists(gathered.PathOf(file)) && Sha256.OfFile(gathered.PathOf(file), cancellation) == file.Sha256)]);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException or JsonException or ArgumentException or InvalidOperationException)
        {
            return Empty(cache, folder, table);
        }
        return gathered;
    }

    /// <summary>Where a run's rows are; null where they are not here.</summary>
    public GatheredPlace? Find(StoredRun run) => Of(run) is { } key && _places.TryGetValue(key, out var place) && Path.GetDirectoryName(run.Path) == Folder ? place : null;

    /// <summary>A run with the hash of its file; null where its manifest states none.</summary>
    public GatheredRun? Of(StoredRun run) => run.Tables.GetValueOrDefault(Table) is { } sha256 ? new(run.Name, sha256) : null;

    /// <summary>Writes the index of other files, and removes those that are of no index and no process' any more.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public GatheredTable Write(IReadOnlyList<GatheredFile> files, DateTime olderThan)
    {
        DigestedFile.Write(Index, JsonSerializer.SerializeToUtf8Bytes(new GatheredIndex(GatheredIndex.OfThisBuild, Folder, Table.Name, files), GatheredJson.Default.GatheredIndex));
        var written = new GatheredTable(Cache, Folder, Table);
        written.Fill(files);
        var ours = files.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(Cache, $"{Table.Name}-*.parquet").Where(file => !ours.Contains(file) && File.GetLastWriteTimeUtc(file) < olderThan)) File.Delete(file);
        return written;
    }

    /// <summary>Path of a file.</summary>
    public string PathOf(GatheredFile file) => Path.Combine(Cache, $"{Table.Name}-{file.Sha256}.parquet");

    string Index => Path.Combine(Cache, $"{Table.Name}.json");

    void Fill(IReadOnlyList<GatheredFile> files)
    {
        Files = files;
        foreach (var file in files)
            for (int i = 0; i < file.Runs.Count; i++)
                if (file.Runs[i] is { } run) _places[run] = new(PathOf(file), i, file.Runs.Count);
    }
}
