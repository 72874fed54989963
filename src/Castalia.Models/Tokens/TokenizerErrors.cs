using System.Globalization;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Every message a tokenizer can fail with.</summary>
static class TokenizerErrors
{
    /// <summary>What there is to do about a tokenizer of a kind that is not read.</summary>
    public const string GiveIds =
        "Tokenise the prompts with the model's own tools and give their ids, {\"ids\": [...]} a line; docs/tokenizers.md says what is read.";

    const string AnotherCopy = "Compare the file with the one on the model's page, or as it was before it was edited.";

    const string OrGiveIds = "or give the prompts' ids.";

    /// <summary>Whether the tokenizer is of a kind that is not read: prompts that are ids can do without it.</summary>
    public static bool IdsWouldDo(InputException error) =>
        error.Remedy == GiveIds || error.Remedy.EndsWith(OrGiveIds, StringComparison.Ordinal);

    /// <summary>A damaged tokenizer, where every prompt is ids and one might think that it is not read.</summary>
    public static InputException AlsoForIds(InputException damage) => new(
        damage.Cause, damage.Place,
        $"{damage.Remedy} Prompts of ids need it too: it says which rows of the vocabulary are padding, and entropies leave those out. Without a tokenizer beside the weights no row counts as padding.",
        damage);

    public static InputException NotThere(string path) => new(
        $"There is no tokenizer file '{Path.GetFileName(path)}'.", path,
        "Give a tokenizer.json, a tokenizer.model, a vocab.json, a folder that has one of them, or a .gguf file.");

    public static InputException NoTokenizer(string path) => new(
        "The checkpoint has no tokenizer: no tokenizer.json, no vocab.json with merges.txt, no tokenizer.model and no vocabulary inside a GGUF file.", path,
        "Give the prompts as token ids, {\"ids\": [...]} a line, or put the model's tokenizer.json beside its weights.");

    public static InputException Malformed(string path, string key, string cause) => new(
        cause, $"{path}, {key}", AnotherCopy);

    public static InputException Unsupported(string path, string key, string what) => new(
        $"{what} is not supported.", $"{path}, {key}", GiveIds);

    public static InputException NoSuchId(string source, int id, int count) => new(
        $"Token id {id} is in no vocabulary entry; ids run from 0 to {count - 1}.", source, "Were these ids made with another tokenizer?");

    public static InputException LoneSurrogate(string text, int at) => new(
        $"Character {at} of the text is half a surrogate pair (U+{(int)text[at]:X4}), which is no character.",
        $"text '{Printable.Of(text, 40)}'", "Correct the text's encoding.");

    public static InputException UnknownKey(string path, string key) => new(
        $"The key '{key}' is not known, so what it asks for cannot be done.", $"{path}, {key}", GiveIds);

    public static InputException BadPattern(string path, string key, string pattern, string what) => new(
        $"The pattern '{Printable.Of(pattern, 200)}' is not supported: {what}.", $"{path}, {key}", GiveIds);

    public static InputException PatternWithoutEnd(string pattern, long steps) => new(
        string.Create(CultureInfo.InvariantCulture, $"The tokenizer's pattern '{Printable.Of(pattern, 200)}' found no end in this text: {steps:N0} steps were taken."),
        "pre_tokenizer, normalizer or decoder",
        "Divide the text, or give its ids.");

    public static InputException UnknownPre(string path, string pre) => new(
        $"Pre-tokenizer '{pre}' is not one whose rule is known (docs/tokenizers.md lists those).", $"{path}, tokenizer.ggml.pre",
        $"To cut texts, put the model's own tokenizer.json into a folder with the file and name the folder, {OrGiveIds}");

    public static InputException OtherTokens(string source, string file, int id, string found, string expected) => new(
        $"Token {id} is '{found}' in the tokenizer beside the file and '{expected}' in the file: they are of different models.",
        $"{source}, beside {file}", "Put the tokenizer.json of the same model into the folder, " + OrGiveIds);

    public static InputException UnnamedToken(string path, string key, string what, int id, string token) => new(
        $"A {what} is to be put around texts and none is named; llama.cpp takes token {id} then, here '{token}', which is no control token.",
        $"{path}, {key}", GiveIds);

    public static InputException TextGrows(long characters, long most) => new(
        $"The tokenizer's rules make the text grow beyond measure: to {characters} characters, where {most} are allowed.", "normalizer or decoder",
        "Tokenizers of models leave a text about as long as it is: compare the rules with those of the file on the model's page.");

    public static InputException NamedOutside(string path, string name, string token) => new(
        $"{(name == "bos_token" ? "BOS" : "EOS")} token '{token}' is not in the vocabulary.", $"{path}, {name}",
        $"Name a piece of the vocabulary as {name}, or put the model's tokenizer.json, which lists what was added to it, in the folder.");

    public static InputException OtherFile(string path) => new(
        $"'{Path.GetFileName(path)}' is no tokenizer file.", path,
        "Give a tokenizer.json, a tokenizer.model, a vocab.json with merges.txt beside it, a folder that has one of them, or a .gguf file.");

    public static InputException NoMerges(string path) => new(
        "There is no merges.txt beside the vocabulary.", path, "Download merges.txt too, or the model's tokenizer.json.");

    public static InputException BosWithoutToken(string path, string flag, string token) => new(
        $"{flag} is true, and there is no {token}.", path, $"Set {flag} to false, or name the {token}.");
}
