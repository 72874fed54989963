using System.Text;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>What a tokenizer of huggingface/tokenizers' kind is made of, whichever file it came in.</summary>
sealed record PipelineParts
{
    /// <summary>Where it was read from.</summary>
    public required string Source { get; init; }

    /// <summary>Tokens cut out of the text first.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Changes to the text, in order.</summary>
    public IReadOnlyList<Func<string, string>> Normalizers { get; init; } = [];

    /// <summary>Cuts the text, each on what the one before left.</summary>
    public IReadOnlyList<PieceCutter> Cutters { get; init; } = [];

    /// <summary>Pieces to ids.</summary>
    public required BpeParts Model { get; init; }

    /// <summary>Tokens to text; null for tokens with spaces between.</summary>
    public required DecodeStep? Decoder { get; init; }

    /// <summary>See <see cref="ITokenizer.BosId"/>.</summary>
    public required int? BosId { get; init; }

    /// <summary>See <see cref="ITokenizer.DefaultPrefix"/>.</summary>
    public IReadOnlyList<int> Prefix { get; init; } = [];

    /// <summary>See <see cref="ITokenizer.DefaultSuffix"/>.</summary>
    public IReadOnlyList<int> Suffix { get; init; } = [];

    /// <summary>See <see cref="ITokenizer.Notes"/>; what follows from the vocabulary is added.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>huggingface/tokenizers' way: added tokens out, normalise, cut into pieces, byte-pair merge.</summary>
sealed class PipelineTokenizer : ITokenizer
{
    readonly BpeModel _model;
    readonly AddedTokens _rawTokens, _normalizedTokens;
    readonly Lazy<Dictionary<int, string>> _pieces;

    public PipelineTokenizer(PipelineParts parts)
    {
        Parts = parts;
        _model = new BpeModel(parts.Model);
        _rawTokens = new AddedTokens(parts.AddedTokens.Where(t => !t.Normalized));
        _normalizedTokens = new AddedTokens(parts.AddedTokens.Where(t => t.Normalized).Select(t => t with { Content = Normalize(t.Content) }));
        _pieces = new(() => Pieces(parts));
        IdCount = HighestId(parts) + 1;
        Notes = [.. parts.Notes, .. Losses(parts.Model)];
    }

    /// <summary>What it is made of.</summary>
    public PipelineParts Parts { get; }

    public string Source => Parts.Source;

    public int IdCount { get; }

    public int? BosId => Parts.BosId;

    public IReadOnlyList<int> DefaultPrefix => Parts.Prefix;

    public IReadOnlyList<int> DefaultSuffix => Parts.Suffix;

    public IReadOnlyList<string> Notes { get; }

    public IReadOnlyList<int> Encode(string text, out int droppedBytes)
    {
        droppedBytes = 0;
        WellFormed.Check(text);
        var ids = new List<int>();
        foreach (var (stretch, token) in _rawTokens.Cut(new Piece(text, IsFirst: true)))
        {
            if (token is { } raw)
            {
                ids.Add(raw);
                continue;
            }
            foreach (var (part, normalized) in _normalizedTokens.Cut(stretch with { Text = Normalize(stretch.Text) }))
            {
                if (normalized is { } id) ids.Add(id);
                else droppedBytes += EncodeStretch(part, ids);
            }
        }
        return ids;
    }

    int EncodeStretch(Piece stretch, List<int> ids)
    {
        List<Piece> pieces = [stretch];
        foreach (var cutter in Parts.Cutters)
        {
            var next = new List<Piece>(pieces.Count);
            foreach (var piece in pieces) cutter(piece, next);
            pieces = next;
        }
        int dropped = 0;
        foreach (var piece in pieces) dropped += _model.Encode(piece.Text, ids);
        return dropped;
    }

    string Normalize(string text) => Parts.Normalizers.Aggregate(text, (t, normalize) => normalize(t));

    public string Decode(IReadOnlyList<int> ids)
    {
        List<string> tokens = [.. ids.Select(Piece)];
        return Parts.Decoder is { } decode ? string.Concat(decode(tokens)) : string.Join(' ', tokens);
    }

    public string Piece(int id) => _pieces.Value.TryGetValue(id, out string? piece) ? piece : throw TokenizerErrors.NoSuchId(Source, id, IdCount);

    static Dictionary<int, string> Pieces(PipelineParts parts)
    {
        var vocabulary = parts.Model.Vocabulary;
        var pieces = new Dictionary<int, string>(vocabulary.Count);
        for (int place = 0; place < vocabulary.Count; place++) pieces.Add(vocabulary.IdAt(place), vocabulary.PieceAt(place));
        foreach (var token in parts.AddedTokens) pieces[token.Id] = token.Content;
        return pieces;
    }

    static int HighestId(PipelineParts parts)
    {
        int highest = 0;
        for (int place = 0; place < parts.Model.Vocabulary.Count; place++) highest = Math.Max(highest, parts.Model.Vocabulary.IdAt(place));
        foreach (var token in parts.AddedTokens) highest = Math.Max(highest, token.Id);
        return highest;
    }

    static IEnumerable<string> Losses(BpeParts model)
    {
        if (model.UnknownId is not null) yield break;
        int missing = Enumerable.Range(0, 256).Count(b => OccursInUtf8(b) &&
            !model.Vocabulary.ContainsKey(model.SpeltInBytes ? $"{ByteAlphabet.Of((byte)b)}" : ByteToken.Of((byte)b)));
        if (model.SpeltInBytes && missing > 0)
        {
            yield return $"The vocabulary has no token for {missing} of the bytes that texts are made of; a text that holds one loses it, as in the " +
                "reference, and the run says how many.";
        }
        else if (!model.SpeltInBytes && (!model.ByteFallback || missing > 0))
        {
            yield return "The tokenizer has no token for what its vocabulary lacks; a text that holds such a character loses it, as in the reference, and " +
                "the run says how many bytes.";
        }
    }

    static bool OccursInUtf8(int b) => b is not (0xC0 or 0xC1 or >= 0xF5);
}

/// <summary>Texts that are texts.</summary>
static class WellFormed
{
    /// <summary>Refuses half a surrogate pair.</summary>
    /// <exception cref="InputException">There is one.</exception>
    public static void Check(string text)
    {
        int at = 0;
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune)) at += rune.Utf16SequenceLength;
        if (at < text.Length) throw TokenizerErrors.LoneSurrogate(text, at);
    }
}
