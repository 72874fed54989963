using System.Text;

namespace Castalia.Reports;

/// <summary>Prose broken at spaces.</summary>
public static class Wrapped
{
    /// <summary>The text in lines of at most <paramref name="width"/> characters, where its words allow it, each ended by LF.</summary>
    /// <param name="text">Words separated by spaces.</param>
    /// <param name="width">Columns.</param>
    /// <param name="hang">Spaces by which lines after the first are indented further.</param>
    public static string Of(string text, int width, int hang = 0)
    {
        var result = new StringBuilder();
        const string indent = "  ";
        string line = indent;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isEmpty = string.IsNullOrWhiteSpace(line);
            if (!isEmpty && line.Length + 1 + word.Length > width)
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
}
