using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.YamlFiles;

/// <summary>What can be wrong with a file as YAML, whatever it is to hold.</summary>
static class YamlErrors
{
    /// <summary>The file cannot be opened.</summary>
    public static InputException Unreadable(string file, Exception why) => new(
        $"The file cannot be read: {why.Message}", file, "Name a .yaml file that exists and that you may read.", why);

    /// <summary>No YAML.</summary>
    public static InputException NotYaml(YamlFormat format, string place, string why, Exception inner) => new(
        $"The file is not valid YAML: {why}.", place, $"Correct it there. {format.Pointer}", inner);

    /// <summary>A node that is named, or one that stands for another.</summary>
    public static InputException Anchor(YamlFormat format, string place) => new(
        "An anchor (&name) or an alias (*name) stands there.", place, $"Write the value itself: {format.Article} {format.What} is read without them. {format.Pointer}");

    /// <summary>More of something than a file of its kind can have.</summary>
    public static InputException TooLarge(YamlFormat format, string place, string what) => new(
        $"The file {what}; no {format.What} does.", place, $"Is it the file that was meant? {format.Pointer}");

    /// <summary>Not one mapping.</summary>
    public static InputException NotOneDocument(YamlFormat format, string file, int documents) => new(
        $"The file holds {documents} YAML documents.", file, $"Write one {format.What} in a file of its own. {format.Pointer}");

    /// <summary>A node of another kind.</summary>
    public static InputException WrongKind(YamlFormat format, string place, string what, string expected, string found) => new(
        $"{Capital(what)} is {found}; {expected} was expected.", place, format.Pointer);

    /// <summary>A key that is none of the format's.</summary>
    public static InputException UnknownKey(YamlFormat format, string place, string key, string what, IEnumerable<string> known) => new(
        $"'{key}' is no key of {what}.", place, $"{(Nearest.Of(key, known) is { } near ? $"Did you mean '{near}'? " : "")}Its keys are {string.Join(", ", known)}. {format.Pointer}");

    /// <summary>A key that must be there.</summary>
    public static InputException MissingKey(YamlFormat format, string place, string key, string what) => new(
        $"{Capital(what)} has no '{key}'.", place, $"Add it. {format.Pointer}");

    /// <summary>A value with nothing in it.</summary>
    public static InputException Empty(YamlFormat format, string place, string key) => new(
        $"'{key}' is empty.", place, $"Write it, or leave the key out where it is optional. {format.Pointer}");

    /// <summary>A word that is none of a closed list.</summary>
    public static InputException NotAmong(string place, string key, string word, IEnumerable<string> known) => new(
        $"'{key}' is '{word}'.", place, $"It is one of {string.Join(", ", known)}.");

    /// <summary>No number where one belongs.</summary>
    public static InputException NotANumber(string place, string key, string word, string expected) => new(
        $"'{key}' is '{word}'; {expected} was expected.", place, "Write digits, with a point before decimals.");

    static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
