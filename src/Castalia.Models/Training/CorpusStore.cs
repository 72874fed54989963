using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Errors;
using Castalia.Tokens;

namespace Castalia.Training;

/// <summary>Tokenises a text once, and keeps its ids beside the networks that are trained on it.</summary>
/// <remarks>A folder for each pair of text and tokenizer, which appears when it is complete: <c>ids.bin</c>, <c>corpus.json</c>, the tokenizer's files.</remarks>
static class CorpusStore
{
    const int Version = 1;

    const string Folder = "corpus", Ids = "ids.bin", Description = "corpus.json";

    /// <summary>The corpus, tokenised now if it was not before.</summary>
    /// <param name="path">The text.</param>
    /// <param name="tokenizerPath">What TokenizerFile.Open takes.</param>
    /// <param name="tokenizer">The tokenizer there.</param>
    /// <param name="study">The folder of the study.</param>
    /// <param name="say">Told what is being done.</param>
    /// <param name="cancellation">Stops between pieces; nothing stays behind.</param>
    /// <exception cref="InputException">The text is empty or no UTF-8; the tokenizer cannot be laid beside checkpoints; what is stored is damaged; the disk is full.</exception>
    public static Corpus Open(string path, string tokenizerPath, ITokenizer tokenizer, string study, Action<string> say, CancellationToken cancellation)
    {
        InputFile.Open(path).Dispose();
        string sha256 = Sha256.OfFile(path, cancellation), corpora = Path.Combine(Path.GetFullPath(study), Folder);
        try
        {
            Unfinished.Sweep(corpora);
            using var laid = Unfinished.Beside(Path.Combine(corpora, "tokenizer"));
            Directory.CreateDirectory(laid.Path);
            var names = CorpusTokenizer.Lay(tokenizerPath, laid.Path);
            var hashes = new SortedDictionary<string, string>(names.ToDictionary(name => name, name => Sha256.OfFile(Path.Combine(laid.Path, name), cancellation)), StringComparer.Ordinal);
            string folder = Path.Combine(corpora, Key(sha256, hashes));
            try
            {
                if (!Directory.Exists(folder)) Tokenise(path, sha256, tokenizer, laid.Path, hashes, folder, say, cancellation);
            }
            catch (InputException) when (Directory.Exists(folder))
            {
                // Another process has put the same there meanwhile.
            }
            return Stored(path, folder, cancellation);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw CorpusErrors.NotWritable(corpora, e.Message, e);
        }
    }

    static string Key(string sha256, IReadOnlyDictionary<string, string> tokenizer) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version}\n{sha256}\n{string.Join('\n', tokenizer.Select(file => $"{file.Key} {file.Value}"))}")))[..16];

    static void Tokenise(
        string path, string sha256, ITokenizer tokenizer, string laid, IReadOnlyDictionary<string, string> hashes, string folder, Action<string> say, CancellationToken cancellation)
    {
        say($"tokenising {path}");
        using var output = OutputFolder.Begin(folder, new FileInfo(path).Length);
        foreach (string name in hashes.Keys) File.Move(Path.Combine(laid, name), Path.Combine(output.Partial, name));
        long tokens = 0, training = 0, dropped = 0;
        string ids = Path.Combine(output.Partial, Ids);
        using (var file = File.Create(ids))
            foreach (var (text, isHeldOut) in CorpusPieces.Read(path))
            {
                cancellation.ThrowIfCancellationRequested();
                var encoded = tokenizer.Encode(text, out int droppedBytes);
                Append(file, encoded);
                (tokens, dropped) = (tokens + encoded.Count, dropped + droppedBytes);
                if (!isHeldOut) training += encoded.Count;
            }
        var document = new CorpusDocument(Version, Path.GetFileName(path), sha256, hashes, tokens, training, dropped, Sha256.OfFile(ids, cancellation));
        File.WriteAllText(Path.Combine(output.Partial, Description), JsonText.Of(JsonText.Node(document, CorpusJson.Default)));
        output.Publish();
        string lost = dropped == 0 ? "" : FormattableString.Invariant($"; {dropped:#,0} bytes have no token and are left out");
        say(FormattableString.Invariant($"{tokens:#,0} tokens, {tokens - training:#,0} of them held out{lost}"));
    }

    static void Append(FileStream file, IReadOnlyList<int> ids)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(sizeof(int) * ids.Count);
        for (int i = 0; i < ids.Count; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int) * i), ids[i]);
        file.Write(bytes, 0, sizeof(int) * ids.Count);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    static Corpus Stored(string path, string folder, CancellationToken cancellation)
    {
        string ids = Path.Combine(folder, Ids);
        try
        {
            var document = JsonFile.ReadObject(Path.Combine(folder, Description)).Deserialize(CorpusJson.Default.CorpusDocument);
            if (document is not { Tokenizer: not null, File: not null } || Sha256.OfFile(ids, cancellation) != document.IdsSha256 || document.Tokenizer.Any(file => Sha256.OfFile(Path.Combine(folder, file.Key), cancellation) != file.Value))
                throw CorpusErrors.Damaged(folder);
            return new(path, File.OpenHandle(ids), document, document.Tokenizer.Keys.ToDictionary(name => name, name => Path.Combine(folder, name)));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InputException)
        {
            throw CorpusErrors.Damaged(folder);
        }
    }
}
