using System.Globalization;
using System.Text.RegularExpressions;

namespace Castalia.Checkpoints;

/// <summary>The file name of one part of a split GGUF file: <c>NAME-00002-of-00003.gguf</c>.</summary>
/// <remarks>llama.cpp finds the other parts by this form (llama_split_path), so every splitter writes it.</remarks>
/// <param name="Model">Path without the part's ending: the same for all parts.</param>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">Parts there are.</param>
/// <param name="Extension">.gguf, as it is written.</param>
sealed partial record GgufPartName(string Model, int Number, int Count, string Extension)
{
    /// <summary>Reads a path; null where its file name is not of that form.</summary>
    public static GgufPartName? Of(string path)
    {
        var match = Form().Match(path);
        return match.Success
            ? new(match.Groups[1].Value, Digits(match.Groups[2]), Digits(match.Groups[3]), match.Groups[4].Value)
            : null;
        static int Digits(Group group) => int.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Paths of all parts, in order.</summary>
    public IReadOnlyList<string> Paths => [.. Enumerable.Range(1, Count).Select(PathOf)];

    /// <summary>Path of a part, counted from 1.</summary>
    public string PathOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Model}-{number:D5}-of-{Count:D5}{Extension}");

    [GeneratedRegex(@"^(.*[^/\\])-([0-9]{5})-of-([0-9]{5})(\.gguf)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
