#!/bin/sh
# DuckDB 1.5.6 (DuckDB.NET.Data.Full 1.5.6.1), Linux with glibc: closing a database returns freed memory of the whole process to the system, whoever freed it.
#
# An empty database in memory, opened and closed, calls malloc_trim(0) at its end: the C library goes through all of its arenas and gives back every page that is free
# in them, also pages of other libraries and of other databases that are in the middle of their work, which fault them in again. SET threads, given to an open database,
# does the same when it starts its threads anew; threads=… in the connection string does not. A program that opens a small database for each of many small tasks
# beside a large one pays for it in page faults of the large one: nothing in the small one's own profile tells.
# Needs the .NET 10 SDK and NuGet, and Linux with glibc. Ends with 1 if the behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
cat > try.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><AllowUnsafeBlocks>true</AllowUnsafeBlocks></PropertyGroup>
  <ItemGroup><PackageReference Include="DuckDB.NET.Data.Full" Version="[1.5.6.1]" /></ItemGroup>
</Project>
X
cat > Program.cs <<'X'
using System.Runtime.InteropServices;
using DuckDB.NET.Data;

const int Pieces = 4096, Bytes = 64 << 10; // 256 MiB, each piece below the size that malloc maps by itself

using var first = Open("DataSource=:memory:;threads=1"); // so that the library's own first use is behind us
Told("a database is opened, asked and still open", () => Open("DataSource=:memory:;threads=1"));
Told("an open one is given SET threads = 2", () => { Run(first, "SET threads = 2"); return null; });
Told("an open one is given SET default_order = 'desc'", () => { Run(first, "SET default_order = 'desc'"); return null; });
Told("a database is opened, asked and closed", () => { Open("DataSource=:memory:;threads=1").Dispose(); return null; });

// What stays resident of memory that is free in the C library, when something else is done.
void Told(string what, Func<IDisposable?> act)
{
    Thread.Sleep(500);
    var pieces = new nint[Pieces];
    for (int i = 0; i < Pieces; i++)
    {
        pieces[i] = C.malloc(Bytes);
        unsafe { new Span<byte>((void*)pieces[i], Bytes).Fill(1); }
    }
    for (int i = 0; i < Pieces - 1; i++) C.free(pieces[i]); // the last holds the end of the heap where it is
    double before = Resident();
    using (act())
        Console.WriteLine($"{what}: {(before - Resident() > 128 ? "the free memory goes" : "the free memory stays")}");
    C.free(pieces[^1]);
}

static DuckDBConnection Open(string how)
{
    var connection = new DuckDBConnection(how);
    connection.Open();
    Run(connection, "SELECT 1");
    return connection;
}

static void Run(DuckDBConnection connection, string sql)
{
    using var command = connection.CreateCommand();
    command.CommandText = sql;
    command.ExecuteNonQuery();
}

static double Resident() => double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

static class C
{
    [DllImport("libc")] public static extern nint malloc(nint bytes);
    [DllImport("libc")] public static extern void free(nint memory);
}
X
dotnet build -v q -o bin > build.log 2>&1 || { cat build.log; exit 1; }
dotnet bin/try.dll | tee seen.txt
cat > expected.txt <<'X'
a database is opened, asked and still open: the free memory stays
an open one is given SET threads = 2: the free memory goes
an open one is given SET default_order = 'desc': the free memory stays
a database is opened, asked and closed: the free memory goes
X
diff expected.txt seen.txt
