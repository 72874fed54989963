using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>What many runs of one folder hold, gathered in few files, so that not every run's file is opened at each call.</summary>
/// <remarks>Everything in it follows from the runs and is made again where it is not there. Of files that are large by themselves nothing is gathered.</remarks>
/// <param name="known">Runs that were found whole, beside which it is kept.</param>
/// <param name="folder">The folder of the runs, absolute.</param>
/// <param name="runs">The runs that are asked for.</param>
/// <param name="isWhole">Whether they are all that the folder holds: else nothing is gathered, and what was is read.</param>
sealed class GatheredRuns(CheckedRuns known, string folder, IReadOnlyList<StoredRun> runs, bool isWhole)
{
    /// <summary>As few runs are read where they are rather than gathered anew.</summary>
    const int Few = StoreTables.FewRuns;

    const int RunsInFile = 1024, RowsInGroup = 20_480, MostFolders = 16;

    /// <summary>Bytes of a run's file of which rows are gathered; of readings for each block.</summary>
    const long MostBytes = 1 << 20;

    static readonly TimeSpan Grace = TimeSpan.FromMinutes(10); // in which another process writes its index

    readonly Dictionary<RunTable, GatheredTable> _tables = [];

    string Root => Path.Combine(known.Folder, "gathered");

    string Cache => Path.Combine(Root, DigestedFile.NameOf(folder));

    /// <summary>A table, of which what was missing is gathered where it is much.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public GatheredTable Of(RunTable table, CancellationToken cancellation)
    {
        if (_tables.TryGetValue(table, out var read)) return read;
        var gathered = GatheredTable.Read(Cache, folder, table, cancellation);
        if (isWhole)
        {
            try
            {
                gathered = UpToDate(gathered, cancellation);
            }
            catch (Exception e) when (e is DuckDBException or InputException || Unfinished.IsOfDisk(e))
            {
                gathered = GatheredTable.Empty(Cache, folder, table); // what is wrong with a run is said by whoever reads it
            }
        }
        return _tables[table] = gathered;
    }

    GatheredTable UpToDate(GatheredTable gathered, CancellationToken cancellation)
    {
        var table = gathered.Table;
        List<StoredRun> there = [.. runs.Where(run => gathered.Find(run) is not null)];
        List<StoredRun> wanted = [.. runs.Where(run => gathered.Of(run) is not null && Path.GetDirectoryName(run.Path) == folder && (gathered.Find(run) is not null || IsSmall(run, table)))];
        if (wanted.Count - there.Count < Few && gathered.Runs - there.Count < Few) return gathered;
        var chunks = wanted.Chunk(RunsInFile).ToList();
        var files = new GatheredFile?[chunks.Count];
        MakeRoom();
        Parallel.For(0, chunks.Count, new() { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, i =>
        {
            List<GatheredRun?> of = [.. chunks[i].Select(gathered.Of)];
            files[i] = gathered.Files.FirstOrDefault(file => file.Runs.SequenceEqual(of)) ?? new(Write(gathered, chunks[i], cancellation), of);
        });
        // A file that changed while it was read is another now than when the run was found whole.
        var whole = known.Of(folder);
        bool[][] still = [.. chunks.Select(chunk => chunk.Select(run => whole.Find(run.Path)?.Tables.GetValueOrDefault(table) == run.Tables[table]).ToArray())];
        return gathered.Write([.. files.Select((file, i) => file! with { Runs = [.. file.Runs.Select((run, j) => still[i][j] ? run : null)] })], known.Now - Grace);
    }

    static bool IsSmall(StoredRun run, RunTable table)
    {
        var file = new FileInfo(run.PathOf(table));
        return file.Exists && file.Length <= MostBytes * (table == RunTables.Readings ? run.Models.Min(model => model.NLayers) : 1);
    }

    /// <summary>Writes a file of gathered rows; its SHA-256.</summary>
    static string Write(GatheredTable gathered, StoredRun[] of, CancellationToken cancellation)
    {
        using var unfinished = Unfinished.Beside(Path.Combine(gathered.Cache, $"{gathered.Table.Name}.parquet"));
        using (var database = new Database())
        {
            database.Execute(
                $"COPY ({TableRows.ToGather(gathered.Table, of, gathered)}) TO {Database.Literal(unfinished.Path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {RowsInGroup}, USE_TMP_FILE false)",
                cancellation);
        }
        string sha256 = Sha256.OfFile(unfinished.Path, cancellation);
        File.Move(unfinished.Path, gathered.PathOf(new(sha256, [])), overwrite: true);
        return sha256;
    }

    /// <summary>Makes the folder, for the user's eyes alone, without what ended processes left; of many folders of runs, those that were written longest ago are forgotten.</summary>
    void MakeRoom()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Cache);
        else Directory.CreateDirectory(Cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Unfinished.Sweep(Cache);
        foreach (var old in new DirectoryInfo(Root).GetDirectories().Where(other => other.FullName != Cache).OrderByDescending(other => other.LastWriteTimeUtc).Skip(MostFolders - 1))
            old.Delete(recursive: true);
    }
}
