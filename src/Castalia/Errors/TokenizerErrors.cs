namespace Castalia.Errors;

/// <summary>Every message a tokenizer can fail with.</summary>
static class TokenizerErrors
{
    /// <summary>What there is to do about a tokenizer of a kind that is not read.</summary>
    public const string GiveIds = "Tokenise the prompts elsewhere and give their ids, or use a checkpoint with a byte-level BPE tokenizer.";

    public static InputException NotThere(string path) => new(
        $"There is no tokenizer file '{Path.GetFileName(path)}'.", path, "Give a tokenizer.json, a checkpoint folder that has one, or a .gguf file.");

    public static InputException NoTokenizer(string path) => new(
        "The checkpoint has no tokenizer: neither tokenizer.json nor a vocabulary inside a GGUF file.", path,
        "Give the prompts as token ids, {\"ids\": [...]} a line, or put the model's tokenizer.json beside its weights.");

    public static InputException Malformed(string path, string key, string cause) => new(
        cause, $"{path}, {key}", "The file is damaged or of another format: download it again.");

    public static InputException Unsupported(string path, string key, string what) => new(
        $"{what} is not supported.", $"{path}, {key}", GiveIds);

    public static InputException NoSuchId(string source, int id, int count) => new(
        $"Token id {id} is in no vocabulary entry; ids run from 0 to {count - 1}.", source, "Were these ids made with another tokenizer?");

    public static InputException LoneSurrogate(string text, int at) => new(
        $"Character {at} of the text is half a surrogate pair (U+{(int)text[at]:X4}), which is no character.",
        $"text '{(text.Length <= 40 ? text : text[..40] + "…")}'", "Correct the text's encoding.");
}
