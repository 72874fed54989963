using System.Runtime.InteropServices;
using Castalia.Prompts;
using Microsoft.Win32.SafeHandles;

namespace Castalia.Training;

/// <summary>A text as the token ids that are stored of it; read from any thread.</summary>
/// <remarks>Ids are stored as 32-bit little-endian whole numbers; what is trained on comes first, what is held out after it.</remarks>
sealed class Corpus : IDisposable
{
    const int LeastHeldOut = 2, MostPrompts = 120;

    readonly SafeFileHandle _ids;

    internal Corpus(string path, SafeFileHandle ids, CorpusDocument document, IReadOnlyDictionary<string, string> tokenizerFiles) =>
        (Path, _ids, Document, TokenizerFiles) = (path, ids, document, tokenizerFiles);

    /// <summary>The text's path, for messages.</summary>
    public string Path { get; }

    /// <summary>What it is.</summary>
    public CorpusDocument Document { get; }

    /// <summary>The tokenizer's files, to be laid beside checkpoints: names, and where they are.</summary>
    public IReadOnlyDictionary<string, string> TokenizerFiles { get; }

    /// <summary>Tokens that are held out.</summary>
    public long HeldOut => Document.Tokens - Document.TrainingTokens;

    /// <summary>Refuses texts that are too long for it.</summary>
    /// <param name="tokens">Tokens of a text.</param>
    /// <exception cref="InputException">Fewer than one text to train on, or two held out.</exception>
    public void CheckFor(int tokens)
    {
        if (Document.TrainingTokens < tokens || HeldOut < LeastHeldOut * (long)tokens) throw CorpusErrors.TooShort(Path, Document.TrainingTokens, HeldOut, tokens, LeastHeldOut);
    }

    /// <summary>Some of its tokens, from one on.</summary>
    public int[] Ids(long from, int count)
    {
        int[] ids = new int[count];
        var bytes = MemoryMarshal.AsBytes(ids.AsSpan());
        for (int read = 0, now; read < bytes.Length; read += now)
            if ((now = RandomAccess.Read(_ids, bytes[read..], from * sizeof(int) + read)) == 0) throw CorpusErrors.Damaged(Path);
        return ids;
    }

    /// <summary>What a network is measured on: up to 120 texts of what is held out, evenly from its beginning to its end, each read at its last token.</summary>
    /// <param name="tokens">Tokens of each.</param>
    public IReadOnlyList<Prompt> Prompts(int tokens)
    {
        long texts = HeldOut / tokens;
        int count = (int)Math.Min(texts, MostPrompts);
        return
        [
            .. from i in Enumerable.Range(0, count)
               let at = Document.TrainingTokens + i * texts / count * tokens
               select new Prompt { Name = FormattableString.Invariant($"held out {i + 1}"), Ids = Ids(at, tokens), Place = FormattableString.Invariant($"{Document.File}, token {at}") },
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _ids.Dispose();
}
