using Castalia.Errors;

namespace Castalia.Training;

/// <summary>What can be wrong with a corpus.</summary>
static class CorpusErrors
{
    /// <summary>Nothing in it.</summary>
    public static InputException Empty(string file) => new("The corpus is empty.", file, "Name a file of text, UTF-8.");

    /// <summary>Bytes that are no text.</summary>
    public static InputException NotUtf8(string file, long at) => new(
        "The corpus is no valid UTF-8.", FormattableString.Invariant($"{file}, byte {at} (from 0)"), "Write the text in UTF-8, or remove what is no text.");

    /// <summary>Fewer tokens than are needed.</summary>
    public static InputException TooShort(string file, long training, long heldOut, int tokens, int least) => new(
        FormattableString.Invariant($"The corpus is too short for texts of {tokens} tokens: {training} tokens to train on, and {heldOut} held out of which at least {least} texts are made."), file,
        "Name a longer text, or write fewer tokens.");

    /// <summary>A tokenizer that cannot be laid beside checkpoints.</summary>
    public static InputException NotWritten(string tokenizer, string why) => new(
        $"The vocabulary cannot be laid beside the checkpoints as tokenizer.json: {why}", tokenizer, "Name the model's tokenizer.json, or tokenizer.model, instead.");

    /// <summary>Stored ids that are not those that were stored.</summary>
    public static InputException Damaged(string folder) => new(
        "The stored tokens of the corpus are damaged.", folder, "Remove the folder: the corpus is tokenised again.");

    /// <summary>The disk refuses them.</summary>
    public static InputException NotWritable(string folder, string why, Exception inner) => new(
        $"The tokens of the corpus cannot be stored: {why}", folder, "Make room, or name another folder by --out.", inner);
}
