using Castalia.Prompts;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>What a network reads.</summary>
/// <param name="Training">What it is trained on.</param>
/// <param name="Prompts">What it is measured on, as ids, and was not trained on.</param>
/// <param name="PromptSet">What a run calls those.</param>
/// <param name="Files">The tokenizer's files beside its checkpoints, where it is the language's.</param>
/// <param name="Corpus">The corpus; null for the language.</param>
sealed record TwinTexts(ITrainingTexts Training, IReadOnlyList<Prompt> Prompts, string PromptSet, IReadOnlyDictionary<string, string> Files, Corpus? Corpus)
{
    /// <summary>Of a network.</summary>
    /// <param name="twin">Which.</param>
    /// <param name="corpus">The plan's corpus; null for the language.</param>
    public static TwinTexts Of(Twin twin, Corpus? corpus)
    {
        var options = twin.Recipe.Options;
        if (corpus is not null)
        {
            return new(
                new CorpusTexts(corpus, options.DataSeed, options.Tokens, options.Distinct), corpus.Prompts(options.Tokens), $"held out of {corpus.Document.File}", new Dictionary<string, string>(), corpus);
        }
        var language = new Language(twin.Recipe.Language);
        return new(
            new LanguageTexts(language, options.DataSeed, options.Tokens, options.Distinct), TwinPrompts.Of(language, options.Tokens), TwinPrompts.Name(language.Options),
            LanguageTokenizer.Files(language.Options.Vocabulary), null);
    }
}
