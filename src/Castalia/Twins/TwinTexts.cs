using Castalia.Prompts;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>What a network reads.</summary>
/// <param name="Training">What it is trained on.</param>
/// <param name="Prompts">What it is measured on, as ids, and was not trained on.</param>
/// <param name="PromptSet">What a run calls those.</param>
/// <param name="Files">The tokenizer's files beside its checkpoints.</param>
sealed record TwinTexts(ITrainingTexts Training, IReadOnlyList<Prompt> Prompts, string PromptSet, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Of a network.</summary>
    public static TwinTexts Of(Twin twin)
    {
        var options = twin.Recipe.Options;
        var language = new Language(twin.Recipe.Language);
        return new(
            new LanguageTexts(language, options.DataSeed, options.Tokens, options.Distinct), TwinPrompts.Of(language, options.Tokens), TwinPrompts.Name(language.Options),
            LanguageTokenizer.Files(language.Options.Vocabulary));
    }
}
