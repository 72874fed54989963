using System.Text.Json.Nodes;
using Castalia.Tokens;

namespace Castalia.Twins;

/// <summary>A text to train on in place of the language, and what makes tokens of it.</summary>
/// <param name="File">The text.</param>
/// <param name="TokenizerPath">Where the tokenizer is.</param>
/// <param name="Tokenizer">The tokenizer there.</param>
sealed record CorpusSource(string File, string TokenizerPath, ITokenizer Tokenizer)
{
    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static CorpusSource Of(string file, string tokenizer) => new(file, tokenizer, TokenizerFile.Open(tokenizer));

    /// <summary>A config.json with the tokenizer's beginning of a text in place of the language's.</summary>
    public JsonObject Config(JsonObject ofLanguage)
    {
        var config = ofLanguage.DeepClone().AsObject();
        foreach (string key in new[] { "bos_token_id", "eos_token_id" })
        {
            config.Remove(key);
            if (Tokenizer.BosId is { } id) config[key] = id;
        }
        return config;
    }
}
