using System.Text;
using Castalia.Errors;

namespace Castalia.Wording;

/// <summary>Prose broken at spaces.</summary>
static class Wrapped
{
    /// <summary>Columns that prose fills at most, however wide the terminal: from the end of a longer line the eye does not find the next one.</summary>
    public const int Widest = 120;

    /// <summary>
    /// The text in lines of at most <paramref name="width"/> characters, and of <see cref="Widest"/>, where its words allow it, each ended by LF.
    /// A number stays with its sign: no line begins with "%" or ends in "n =".
    /// </summary>
    /// <param name="text">Words separated by spaces.</param>
    /// <param name="width">Columns.</param>
    /// <param name="hang">Spaces by which lines after the first are indented further.</param>
    public static string Of(string text, int width, int hang = 0)
    {
        var result = new StringBuilder();
        const string indent = "  ";
        string line = indent;
        foreach (string word in Joined(Printable.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            bool isEmpty = string.IsNullOrWhiteSpace(line);
            if (!isEmpty && line.Length + 1 + word.Length > Math.Min(width, Widest))
            {
                result.Append(line).Append('\n');
                line = indent + new string(' ', hang) + word;
            }
            else
            {
                line += isEmpty ? word : " " + word;
            }
        }
        return result.Append(line).Append('\n').ToString();
    }

    /// <summary>
    /// Lines as they are, but for those longer than <paramref name="width"/>, which are broken at spaces, what follows standing two characters further
    /// in than the line began. A word longer than a line is left whole.
    /// </summary>
    public static string Lines(string text, int width) => string.Join('\n', text.Split('\n').Select(line => line.Length <= width ? line : Broken(line, width)));

    static string Broken(string line, int width)
    {
        string indent = new(' ', line.Length - line.TrimStart(' ').Length), further = indent + "  ";
        var result = new StringBuilder();
        string current = "";
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string begun = current == "" ? indent + word : $"{current} {word}";
            if (current == "" || begun.Length <= width)
            {
                current = begun;
                continue;
            }
            result.Append(current).Append('\n');
            current = further + word;
        }
        return result.Append(current).ToString();
    }

    /// <summary>The words, those between which no line may end as one.</summary>
    internal static IEnumerable<string> Joined(string[] words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            while (i + 1 < words.Length && AreJoined(words, i)) word += " " + words[++i];
            yield return word;
        }
    }

    /// <summary>Whether no line may end between a word and the next.</summary>
    static bool AreJoined(string[] words, int i) =>
        words[i + 1].StartsWith('%') || words[i] == "±" || words[i + 1] == "±"
        || (words[i] == "=" && IsNumber(words[i + 1]))
        || (words[i + 1] == "=" && i + 2 < words.Length && IsNumber(words[i + 2]));

    static bool IsNumber(string word) => (word.Length > 0 && char.IsAsciiDigit(word[0])) || (word.Length > 1 && word[0] is '−' or '+' && char.IsAsciiDigit(word[1]));
}
