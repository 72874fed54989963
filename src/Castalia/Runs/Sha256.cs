using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>SHA-256 of what a run was made from, lower-case hexadecimal.</summary>
public static class Sha256
{
    const int Chunk = 1 << 20;

    /// <summary>Of a file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    public static string OfFile(string path, CancellationToken cancellation) => OfFile(path, read: null, cancellation, out _);

    /// <summary>Of a file's bytes, and how many they are; of a link, those it leads to. Tells each mebibyte's length when it is hashed.</summary>
    internal static string OfFile(string path, Action<int>? read, CancellationToken cancellation, out long bytes)
    {
        bytes = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (InputFile.KindOf(path) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(path, kind);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        byte[] buffer = new byte[Chunk];
        for (int length; (length = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, length);
            bytes += length;
            read?.Invoke(length);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of a set of prompts, whatever file they came in: of one line {"name", "category", "text", "ids"} each, absent ones null,
    /// JSON with every character outside ASCII escaped, lines ended by LF.</summary>
    public static string OfPrompts(IEnumerable<Prompt> prompts)
    {
        var lines = prompts.Select(p => new JsonObject
        {
            ["name"] = p.Name,
            ["category"] = p.Category,
            ["text"] = p.Text,
            ["ids"] = p.Ids is { } ids ? new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) : null,
        }.ToJsonString() + "\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
