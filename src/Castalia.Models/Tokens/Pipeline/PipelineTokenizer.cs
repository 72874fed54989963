using System.Text;
using Castalia.Checkpoints;
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
    public IReadOnlyList<TextChange> Normalizers { get; init; } = [];

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
        _normalizedTokens = new AddedTokens(PatternBudget.Over(parts.AddedTokens.Sum(t => t.Content.Length), () => NormalizedTokens(parts)));
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

    /// <summary>The added tokens that are looked for in normalised texts, themselves normalised.</summary>
    /// <exception cref="InputException">Nothing is left of one.</exception>
    static List<AddedToken> NormalizedTokens(PipelineParts parts)
    {
        var tokens = new List<AddedToken>();
        int room = NormalText.MostOf(parts.AddedTokens.Sum(t => t.Content.Length));
        foreach (var token in parts.AddedTokens)
        {
            if (!token.Normalized) continue;
            string content = Normalized(parts, new Piece(token.Content), ref room).Text;
            if (content.Length == 0)
                throw TokenizerErrors.Malformed(parts.Source, "added_tokens", $"Nothing is left of the added token '{token.Content}' once it is normalised.");
            tokens.Add(token with { Content = content });
        }
        return tokens;
    }

    public IReadOnlyList<int> Encode(string text, out int droppedBytes)
    {
        WellFormed.Check(text);
        (var ids, droppedBytes) = Malformed.Unless(Source, () => PatternBudget.Over(text.Length, () => Encode(text)));
        return ids;
    }

    (List<int> Ids, int DroppedBytes) Encode(string text)
    {
        int droppedBytes = 0, room = NormalText.MostOf(text.Length);
        var ids = new List<int>();
        foreach (var (stretch, token) in _rawTokens.Cut(new Piece(text)))
        {
            if (token is { } raw)
            {
                ids.Add(raw);
                continue;
            }
            foreach (var (part, normalized) in _normalizedTokens.Cut(Normalized(Parts, stretch, ref room)))
            {
                if (normalized is { } id) ids.Add(id);
                else droppedBytes += EncodeStretch(part, ids);
            }
        }
        return (ids, droppedBytes);
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

    /// <summary>A stretch, normalised.</summary>
    /// <param name="parts">The tokenizer's parts.</param>
    /// <param name="stretch">The stretch.</param>
    /// <param name="room">How many characters may yet come of the text; less this stretch's afterwards.</param>
    static Piece Normalized(PipelineParts parts, Piece stretch, ref int room)
    {
        if (parts.Normalizers.Count == 0) return stretch;
        var text = new NormalText(stretch.Text, stretch.AtStart, room);
        foreach (var change in parts.Normalizers) text = change(text);
        room -= text.Text.Length;
        return room >= 0 ? new Piece(text.Text, text.AtStart) : throw TokenizerErrors.TextGrows(text.Text.Length, text.Most);
    }

    public string Decode(IReadOnlyList<int> ids)
    {
        List<string> tokens = [.. ids.Select(id => Piece(id))];
        if (Parts.Decoder is not { } decode) return string.Join(' ', tokens);
        return string.Concat(Malformed.Unless(Source, () => PatternBudget.Over(tokens.Sum(t => t.Length), () => decode(tokens))));
    }

    public string? FindPiece(int id) => _pieces.Value.GetValueOrDefault(id);

    public string Piece(int id) => FindPiece(id) ?? throw TokenizerErrors.NoSuchId(Source, id, IdCount);

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
