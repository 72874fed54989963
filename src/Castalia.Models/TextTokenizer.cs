using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia;

/// <summary>What is put before a text.</summary>
public enum BeginningOfSequence
{
    /// <summary>What the tokenizer's own rules put before and after: what Hugging Face tools feed.</summary>
    AsTokenizer,
    /// <summary>Nothing.</summary>
    None,
    /// <summary>The beginning-of-sequence token, once, whether or not the rules add it.</summary>
    Always,
}

/// <summary>Text to token ids and back, as the model's own tokenizer does it.</summary>
/// <example>
/// <code>
/// TextTokenizer tokenizer = model.Tokenizer;
/// Show(tokenizer.Source, tokenizer.Notes);
/// </code>
/// </example>
public sealed class TextTokenizer
{
    readonly ITokenizer _tokenizer;

    internal TextTokenizer(ITokenizer tokenizer) => _tokenizer = tokenizer;

    /// <summary>Opens a tokenizer without a model: tokenizer.json, tokenizer.model, vocab.json with its merges, a folder with one of them, or a GGUF file.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="InputException">None is there, or it is of a kind that is not read.</exception>
    /// <example><code>Show(TextTokenizer.Open(model.Path).IdCount);</code></example>
    public static TextTokenizer Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(TokenizerFile.Open(path));
    }

    /// <summary>Where it was read from.</summary>
    public string Source => _tokenizer.Source;

    /// <summary>One more than the largest id it can produce; rows of the vocabulary from here on are padding.</summary>
    /// <example><code>Show(model.Tokenizer.IdCount &lt;= model.Architecture.DVocab);</code></example>
    public int IdCount => _tokenizer.IdCount;

    /// <summary>The beginning-of-sequence token; null where there is none.</summary>
    /// <example><code>Show(model.Tokenizer.BosId);</code></example>
    public int? BosId => _tokenizer.BosId;

    /// <summary>What is to be said of it, as that it drops bytes which its vocabulary lacks.</summary>
    public IReadOnlyList<string> Notes => _tokenizer.Notes;

    /// <summary>The ids of a text; special tokens that are typed in it are recognised.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bos">What is put before it.</param>
    /// <exception cref="InputException">Beginning of sequence is asked for and there is none; the vocabulary has nothing of the text, or nothing is left to feed.</exception>
    /// <example><code>Show(model.Tokenizer.Encode("the cat", BeginningOfSequence.None).Ids);</code></example>
    public TokenSequence Encode(string text, BeginningOfSequence bos = BeginningOfSequence.AsTokenizer)
    {
        ArgumentNullException.ThrowIfNull(text);
        var policy = bos switch
        {
            BeginningOfSequence.AsTokenizer => BosPolicy.Default,
            BeginningOfSequence.None => BosPolicy.None,
            BeginningOfSequence.Always => BosPolicy.Always,
            _ => throw new ArgumentOutOfRangeException(nameof(bos), bos, null),
        };
        var tokenized = Tokenization.UntilCancelled([new() { Name = "1", Text = text, Place = "text" }], _tokenizer, policy, Source, CancellationToken.None)[0];
        return tokenized.Ids.Count == 0 ? throw Forward.MeasurementErrors.Empty(tokenized.Prompt) : new(tokenized.Ids, text, tokenized.Added, tokenized.DroppedBytes);
    }

    /// <summary>The text of ids, special tokens kept.</summary>
    /// <exception cref="InputException">An id that stands for no token.</exception>
    /// <example><code>Show(model.Tokenizer.Decode(model.Tokenizer.Encode("the cat", BeginningOfSequence.None).Ids));</code></example>
    public string Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _tokenizer.Decode(ids);
    }

    /// <summary>A token as the vocabulary spells it, byte-level alphabet and all.</summary>
    /// <exception cref="InputException">The id stands for none.</exception>
    /// <example><code>Show(model.Tokenizer.Piece(0));</code></example>
    public string Piece(int id) => _tokenizer.Piece(id);

    internal ITokenizer Inner => _tokenizer;
}
