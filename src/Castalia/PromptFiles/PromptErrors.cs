using Castalia.Errors;

namespace Castalia.PromptFiles;

/// <summary>What can be wrong with a file of prompts.</summary>
static class PromptErrors
{
    const string Keys = "text, ids, name, category, true_entropy";

    public static InputException NotFound(string file) => new(
        $"There is no file '{file}'.", "--prompts", $"Name a .jsonl, .csv or .txt file, or a built-in set: {PromptSets.Listed}.");

    public static InputException Unreadable(string file, Exception why) => new(
        $"The file cannot be read: {why.Message}", file, "Check that it is a file and that you may read it.", why);

    public static InputException UnknownSet(string name) => new(
        $"There is no built-in set of prompts named '{name}'.", "--prompts",
        $"Built in: {PromptSets.Listed}. A file of your own is named with its extension: .jsonl, .csv or .txt.");

    public static InputException Extension(string file, string extension) => new(
        extension == "" ? "The file's name has no extension, so its format is not known."
            : $"The extension '{extension}' is not one of a prompt file.",
        file,
        "Use .jsonl or .ndjson (one JSON object a line), .csv (with a header) or .txt (one prompt a line).");

    public static InputException Utf16(string file, string kind) => new(
        $"The file is {kind}, by its byte order mark.", $"{file}, byte 0", "Save it as UTF-8.");

    public static InputException NotUtf8(string file, int line, int offset, byte value) => new(
        $"Byte 0x{value:X2} does not belong to any UTF-8 character.", $"{file}, line {line}, byte {offset} of the file",
        "Save the file as UTF-8.");

    public static InputException NoPrompts(string file) => new(
        "The file holds no prompts.", file, "Write at least one prompt into it.");

    public static InputException BlankLine(string place) => new(
        "The line is blank; whether a prompt is missing cannot be known.", place,
        "Remove the line, or give the prompt as {\"text\": …} in a .jsonl file.");

    public static InputException NotAnObject(string place, string found) => new(
        $"The line is not one JSON object: {found}", place, "Write {\"text\": \"…\"} or {\"ids\": [1, 2, 3]} on a line of its own.");

    public static InputException UnknownKey(string place, string key) => new(
        $"The key '{key}' is not one of a prompt.", place,
        key.ToLowerInvariant() switch
        {
            "prompt" or "input" or "content" or "sentence" or "question" or "string" or "txt" => $"Call it \"text\", if it is what the model reads. Keys are {Keys}.",
            "tokens" or "token_ids" or "input_ids" => $"Call it \"ids\", if it is what the model is fed. Keys are {Keys}.",
            "id" or "title" or "label" => $"Call it \"name\", if it tells prompts apart, or \"category\". Keys are {Keys}.",
            _ => $"Keys are {Keys}.",
        });

    public static InputException BothTextAndIds(string place) => new(
        "The prompt has both a text and ids.", place, "Keep one; to feed special tokens with a text, use --bos.");

    public static InputException NeitherTextNorIds(string place) => new(
        "The prompt has neither a text nor ids.", place, "Give one of them.");

    public static InputException EmptyText(string place) => new(
        "The text is empty.", place, "Give at least one character, or ids.");

    public static InputException EmptyIds(string place) => new(
        "The list of ids is empty.", place, "Give at least one id, or a text.");

    public static InputException NotAString(string place, string key, string found) => new(
        $"The value of '{key}' is {found}, not a string.", place, $"Write \"{key}\": \"…\".");

    public static InputException NotUnicode(string place, string key) => new(
        $"The value of '{key}' holds half a surrogate pair, which is no character.", place, "Correct the \\u escape.");

    public static InputException EmptyValue(string place, string key) => new(
        $"The value of '{key}' is empty.", place, $"Give a {key}, or leave the key out.");

    public static InputException IdsNotAnArray(string place, string found) => new(
        $"The value of 'ids' is {found}, not an array.", place, "Write \"ids\": [1, 2, 3].");

    public static InputException NotAnId(string place, string found) => new(
        $"'{found}' is not a token id.", place, "An id is a whole number from 0 to 2147483647.");

    public static InputException NotAnEntropy(string place, string found) => new(
        $"'{found}' is no entropy.", place, "true_entropy is that of the true distribution of the next token, in nats: a number of at least 0.");

    public static InputException DuplicateName(string place, string name, string firstPlace, bool isDefault) => new(
        $"The name '{name}' {(isDefault ? "(this prompt's number, as it has none of its own) " : "")}is already taken by {firstPlace}.",
        place, "Names tell prompts apart in the results: give each its own.");

    public static InputException CsvHeader(string place, string cause) => new(
        cause, place, $"The first line names the columns: {Keys}; text or ids must be among them.");

    public static InputException CsvFields(string place, int found, int wanted) => new(
        $"The row has {found} fields where the header has {wanted}.", place,
        "Put a text that holds commas, quotes or line breaks in double quotes.");

    public static InputException CsvQuotes(string place) => new(
        "A double quote is out of place or never closed.", place,
        "Put the whole field in double quotes and write each quote inside it twice.");
}
