using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Castalia.Tokens;

/// <summary>A byte-pair model: a piece of text to ids.</summary>
/// <remarks>Short pieces are remembered: natural text repeats its words. Threads may share one model.</remarks>
sealed class BpeModel
{
    const int MostRemembered = 1 << 16, LongestRemembered = 64;
    const int NoToken = -1;

    [ThreadStatic] static PairMerging? s_merging;
    [ThreadStatic] static List<int>? s_symbols;

    readonly BpeParts _parts;
    readonly MergeTable _merges;
    readonly int[] _characters; // id of each character below U+10000, without prefix or suffix
    readonly int[]? _bytes;     // ids of the byte tokens
    readonly ConcurrentDictionary<string, (int[] Ids, int Dropped)> _remembered = new(StringComparer.Ordinal);

    public BpeModel(BpeParts parts)
    {
        _parts = parts;
        _merges = new MergeTable(parts.Merges);
        _characters = new int[char.MaxValue + 1];
        Array.Fill(_characters, NoToken);
        for (int place = 0; place < parts.Vocabulary.Count; place++)
            if (parts.Vocabulary.PieceAt(place) is [var character]) _characters[character] = parts.Vocabulary.IdAt(place);
        if (parts.ByteFallback)
            _bytes = [.. Enumerable.Range(0, 256).Select(b => parts.Vocabulary.TryGetValue(ByteToken.Of((byte)b), out int id) ? id : NoToken)];
    }

    /// <summary>Adds the ids of a piece.</summary>
    /// <returns>Bytes of the text that no token stands for and that are left out.</returns>
    public int Encode(string piece, List<int> ids)
    {
        if (_parts.IgnoreMerges && _parts.Vocabulary.TryGetValue(piece, out int whole))
        {
            ids.Add(whole);
            return 0;
        }
        int dropped;
        if (piece.Length > LongestRemembered)
        {
            ids.AddRange(Merged(piece, out dropped));
            return dropped;
        }
        if (!_remembered.TryGetValue(piece, out var tokens))
        {
            tokens = (Merged(piece, out dropped).ToArray(), dropped);
            if (_remembered.Count < MostRemembered) _remembered.TryAdd(piece, tokens);
        }
        ids.AddRange(tokens.Ids);
        return tokens.Dropped;
    }

    /// <summary>The piece's symbols, joined; valid until the thread asks again.</summary>
    ReadOnlySpan<int> Merged(string piece, out int dropped)
    {
        var symbols = s_symbols ??= [];
        symbols.Clear();
        dropped = Split(piece, symbols);
        var span = CollectionsMarshal.AsSpan(symbols);
        return span[..(s_merging ??= new PairMerging()).Merge(span, _merges)];
    }

    /// <summary>One symbol for each character, or what stands for it.</summary>
    int Split(string piece, List<int> symbols)
    {
        int dropped = 0;
        bool unknown = false; // one waits: it may yet be fused with the next
        for (int at = 0, next; at < piece.Length; at = next)
        {
            next = at + (char.IsHighSurrogate(piece[at]) ? 2 : 1);
            if (Find(piece, at, next) is var id and not NoToken)
            {
                if (unknown) symbols.Add(_parts.UnknownId!.Value);
                unknown = false;
                symbols.Add(id);
            }
            else if (AddBytes(piece, at, next, symbols))
            {
                // As in the reference, an unknown that waits goes on waiting.
            }
            else if (_parts.UnknownId is { } unknownId)
            {
                if (unknown && !_parts.FuseUnknown) symbols.Add(unknownId);
                unknown = true;
            }
            else
            {
                dropped += _parts.SpeltInBytes ? 1 : Encoding.UTF8.GetByteCount(piece.AsSpan(at, next - at));
            }
        }
        if (unknown) symbols.Add(_parts.UnknownId!.Value);
        return dropped;
    }

    int Find(string piece, int at, int next)
    {
        bool prefixed = at > 0 && _parts.SubwordPrefix.Length > 0, suffixed = next == piece.Length && _parts.WordSuffix.Length > 0;
        if (next - at == 1 && !prefixed && !suffixed) return _characters[piece[at]];
        string symbol = $"{(prefixed ? _parts.SubwordPrefix : "")}{piece.AsSpan(at, next - at)}{(suffixed ? _parts.WordSuffix : "")}";
        return _parts.Vocabulary.TryGetValue(symbol, out int id) ? id : NoToken;
    }

    bool AddBytes(string piece, int at, int next, List<int> symbols)
    {
        if (_bytes is null) return false;
        // The bytes are those of the symbol, prefix and suffix and all.
        string before = at > 0 ? _parts.SubwordPrefix : "", behind = next == piece.Length ? _parts.WordSuffix : "";
        byte[] utf8 = Encoding.UTF8.GetBytes($"{before}{piece.AsSpan(at, next - at)}{behind}");
        if (Array.Exists(utf8, b => _bytes[b] == NoToken)) return false;
        foreach (byte b in utf8) symbols.Add(_bytes[b]);
        return true;
    }
}
