using System.Buffers.Binary;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Readers;

/// <summary>The repository's own correct files, from which seeds are made.</summary>
static class Golden
{
    static readonly string s_repository = FindUp(AppContext.BaseDirectory, "Castalia.slnx");

    public static string Folder(params string[] parts) => Path.Combine([s_repository, "tests", "golden", .. parts]);

    public static byte[] Bytes(params string[] parts) => File.ReadAllBytes(Folder(parts));

    /// <summary>A run folder, kept for this.</summary>
    public static byte[] Run(string name) => File.ReadAllBytes(Path.Combine(s_repository, "bench", "Castalia.Fuzzing", "Seeds", "run", name));

    /// <summary>A hypothesis that castalia carries with it.</summary>
    public static IEnumerable<string> Hypotheses() => Directory.EnumerateFiles(Path.Combine(s_repository, "src", "Castalia", "Hypotheses", "Files"), "*.yaml").Order(StringComparer.Ordinal);

    /// <summary>A list of interventions that castalia carries with it.</summary>
    public static IEnumerable<string> DoFiles() => Directory.EnumerateFiles(Path.Combine(s_repository, "src", "Castalia", "DoFiles", "Files"), "*.yaml").Order(StringComparer.Ordinal);

    /// <summary>Header of a safetensors file, and how many bytes of data follow.</summary>
    public static (byte[] Json, long Data) Header(params string[] parts)
    {
        byte[] bytes = Bytes(parts);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return (bytes[8..(8 + length)], bytes.Length - 8 - length);
    }

    static string FindUp(string folder, string file)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, file))) return at.FullName;
        throw new InvalidOperationException($"No {file} above {folder}: the fuzzer is run in the repository, whose files it begins from.");
    }
}
