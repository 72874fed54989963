namespace Castalia.YamlFiles;

/// <summary>Sentences of a file.</summary>
static class Prose
{
    /// <summary>A text as one line, its white space single spaces.</summary>
    public static string Line(ScalarText text) => string.Join(' ', text.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
