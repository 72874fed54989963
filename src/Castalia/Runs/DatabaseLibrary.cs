using Castalia.Errors;
using DuckDB.NET.Data;

namespace Castalia.Runs;

/// <summary>DuckDB, which reads and writes readings and answers queries: a native library, a file of its own beside the command.</summary>
static class DatabaseLibrary
{
    /// <summary>What the library's file is called on this system.</summary>
    public static string FileName { get; } = OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    // Given at the opening: a database that is told afterwards ends the threads that it has begun, and returns the memory of the whole process to the system.
    const string OneThread = "DataSource=:memory:;threads=1";

    /// <summary>An open database in memory, of one thread, so that sums have the same bits and rows the same order every time; whoever has it disposes of it.</summary>
    /// <exception cref="InputException">The library is missing, or is not one for this system.</exception>
    public static DuckDBConnection Open() => Named(() =>
    {
        var connection = new DuckDBConnection(OneThread);
        connection.Open();
        return connection;
    });

    /// <summary>Makes sure, before long work, that the library is there; loads it only where its file is not in a place where it is looked for first.</summary>
    /// <exception cref="InputException">It is missing, or is not one for this system.</exception>
    public static void Check()
    {
        if (!Folders().Any(folder => File.Exists(Path.Combine(folder, FileName)))) Open().Dispose();
    }

    /// <summary>Runs what needs the library.</summary>
    /// <exception cref="InputException">The library is missing, or is not one for this system.</exception>
    internal static T Named<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (IsMissing(e))
        {
            throw Missing(e);
        }
    }

    static bool IsMissing(Exception? e) => e switch
    {
        null => false,
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => e.Message.Contains("duckdb", StringComparison.OrdinalIgnoreCase),
        TypeInitializationException => IsMissing(e.InnerException),
        _ => false,
    };

    static InputException Missing(Exception e) => new(
        e.GetBaseException() is DllNotFoundException
            ? $"A part of castalia is missing: {FileName}, DuckDB, by which readings are written and stored runs are read, cannot be loaded."
            : $"{FileName}, DuckDB, by which readings are written and stored runs are read, is not of this system or not of the version castalia was built with.",
        AppContext.BaseDirectory,
        $"Put {FileName} of the build or of the folder of dotnet publish beside the command: the two are copied together.", e);

    static IEnumerable<string> Folders()
    {
        yield return AppContext.BaseDirectory;
        // Where the host of a command with a runtime of its own looks: the folders of the packages' native files.
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string searched)
            foreach (string folder in searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) yield return folder;
    }
}
