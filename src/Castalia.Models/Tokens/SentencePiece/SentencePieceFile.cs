using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Reads a <c>tokenizer.model</c>, with <c>tokenizer_config.json</c> beside it where there is one.</summary>
static class SentencePieceFile
{
    const string Note = "Read as the sentencepiece library reads a tokenizer.model: a special token typed in a text, such as <s>, is text like any other " +
        "(Hugging Face tools, which read a tokenizer.json, cut it out).";

    /// <summary>The parts of the tokenizer.</summary>
    /// <exception cref="InputException">Damaged, or a model that is not supported.</exception>
    public static SentencePieceParts Read(string path)
    {
        var model = SentencePieceModel.Read(path);
        var pieces = new SentencePieceVocabulary(model.Pieces, path);
        if (model.ByteFallback && pieces.ByteIds.Any(id => id < 0))
            throw TokenizerErrors.Malformed(path, "pieces", "The model falls back to bytes, and has no piece for some of them.");
        var config = TokenizerConfig.Beside(path);
        int? Find(string token) => pieces.IdOf(token) is var id && (id != pieces.UnknownId || pieces.Pieces[id].Text == token) ? id : null;
        int? Control(string token) => Find(token) is { } id && pieces.Pieces[id].Kind == SentencePieceKind.Control ? id : null;
        int? bos = config.BosId(Find) ?? Control(model.BosPiece), eos = config.EosId(Find) ?? Control(model.EosPiece);
        bool addBos = config.AddBos ?? bos is not null, addEos = config.AddEos ?? false;
        return new SentencePieceParts
        {
            Source = path,
            Pieces = pieces,
            Normalizer = new SentencePieceNormalizer
            {
                AddDummyPrefix = model.AddDummyPrefix,
                RemoveExtraWhitespaces = model.RemoveExtraWhitespaces,
                EscapeWhitespaces = model.EscapeWhitespaces,
                SpaceAsSuffix = model.SpaceAsSuffix,
                Charsmap = model.CharsmapBlob.IsEmpty ? null : new Charsmap(model.CharsmapBlob.Span, path),
            },
            ByteFallback = model.ByteFallback,
            CutTokens = [],
            UnknownSurface = model.UnknownSurface,
            BosId = bos,
            Prefix = addBos ? [bos ?? throw TokenizerErrors.BosWithoutToken(path, "add_bos_token", "bos_token")] : [],
            Suffix = addEos ? [eos ?? throw TokenizerErrors.BosWithoutToken(path, "add_eos_token", "eos_token")] : [],
            Notes = [Note],
        };
    }
}
