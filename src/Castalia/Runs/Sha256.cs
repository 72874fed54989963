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
    public static string OfFile(string path, CancellationToken cancellation) => OfFile(path, read: null, slices: null, inParallel: false, cancellation, out _);

    /// <summary>Of a file's bytes, and how many they are; of a link, those it leads to. Tells each mebibyte's length when it is hashed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Told each length; may be null.</param>
    /// <param name="slices">Given the same bytes in order; may be null.</param>
    /// <param name="inParallel">Whether those are hashed by another thread meanwhile.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <param name="bytes">How many there were.</param>
    internal static string OfFile(string path, Action<int>? read, SliceHashes? slices, bool inParallel, CancellationToken cancellation, out long bytes)
    {
        bytes = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (InputFile.KindOf(path) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(path, kind);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        byte[] buffer = new byte[Chunk];
        for (int length; (length = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            int now = length;
            var ofSlices = slices is not null && inParallel ? Task.Run(() => slices.Add(buffer.AsSpan(0, now)), CancellationToken.None) : null;
            hash.AppendData(buffer, 0, length);
            if (ofSlices is null) slices?.Add(buffer.AsSpan(0, length));
            ofSlices?.GetAwaiter().GetResult();
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
