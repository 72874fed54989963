using System.Runtime.InteropServices;
using Castalia.Errors;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Extraction = DuckDB.NET.Native.NativeMethods.ExtractStatements;

namespace Castalia.Store;

/// <summary>Whether a text is one statement that only reads, as the database's own parser has it.</summary>
static partial class SelectOnly
{
    /// <summary>Throws unless it is; nothing is executed.</summary>
    /// <exception cref="InputException">It is none or several, not a SELECT, or does not fit the views.</exception>
    public static void Check(DuckDBConnection connection, string sql)
    {
        int statements = Extraction.DuckDBExtractStatements(connection.NativeConnection, sql, out var extracted);
        using (extracted)
        {
            if (statements == 0)
            {
                string? why = Extraction.DuckDBExtractStatementsError(extracted);
                throw string.IsNullOrEmpty(why) ? QueryErrors.Empty() : QueryErrors.Refused(sql, why);
            }
            if (statements > 1) throw QueryErrors.Several(sql, statements);
            var state = Extraction.DuckDBPrepareExtractedStatement(connection.NativeConnection, extracted, 0, out var prepared);
            using (prepared)
            {
                if (state != DuckDBState.Success) throw QueryErrors.Refused(sql, NativeMethods.PreparedStatements.DuckDBPrepareError(prepared));
                var type = (DuckDBStatementType)StatementType(prepared.DangerousGetHandle());
                if (type != DuckDBStatementType.Select) throw QueryErrors.NoSelect(sql, type.ToString());
            }
        }
    }

    // The binding leaves this one out. Of a statement that could not be prepared it must not be asked.
    [LibraryImport("duckdb", EntryPoint = "duckdb_prepared_statement_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int StatementType(nint prepared);
}
