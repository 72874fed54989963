namespace Castalia.YamlFiles;

/// <summary>What a YAML file is meant to hold, in the words of its messages.</summary>
/// <param name="What">One of them: "hypothesis".</param>
/// <param name="Article">The article before it: "a" or "an".</param>
/// <param name="Page">The page that describes the format: "docs/hypotheses.md".</param>
sealed record YamlFormat(string What, string Article, string Page)
{
    /// <summary>Where to read on.</summary>
    public string Pointer => $"The format is described in {Page}.";
}
