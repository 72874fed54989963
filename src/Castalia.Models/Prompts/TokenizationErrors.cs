using Castalia.Errors;

namespace Castalia.Prompts;

/// <summary>Why a prompt cannot be made into what a model is fed.</summary>
static class TokenizationErrors
{
    public static InputException NoTokenizer(string place, string model) => new(
        $"The prompt is a text, and {model} has no tokenizer.", place,
        "Give ids, or put the model's tokenizer.json beside its weights.");

    public static InputException NothingLeft(string place, int bytes, string tokenizer) => new(
        FormattableString.Invariant($"The vocabulary has nothing of the prompt's text: all {bytes} bytes would be left out ({tokenizer})."), place,
        "Give a text in the language that the model was trained on, or ids; castalia tokens shows what becomes of a text.");

    public static InputException NoBos(string tokenizer) => new(
        "The tokenizer names no beginning-of-sequence token.", tokenizer, "Use --bos none or --bos default.");
}
