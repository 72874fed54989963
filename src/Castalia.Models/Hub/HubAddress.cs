using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>A model on the hub, as a person names it: <c>owner/name</c>, <c>owner/name@revision</c> or
/// <c>owner/name/file.gguf@revision</c>; the oldest models have a name alone, <c>gpt2</c>.</summary>
/// <param name="Repository">"owner/name", or "name"; spelt as given, because the cache spells it so.</param>
/// <param name="File">The GGUF file that is meant, with "/" between folders; null for the repository's own choice.</param>
/// <param name="Revision">A branch, a tag, a commit or "refs/pr/1"; "main" where none was named.</param>
sealed partial record HubAddress(string Repository, string? File, string Revision)
{
    /// <summary>The revision taken where none is named.</summary>
    public const string DefaultRevision = "main";

    /// <summary>Reads an address.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static HubAddress Parse(string text) => Read(text, out string? why) ?? throw HubErrors.NotAnAddress(text, why!);

    /// <summary>Reads an address, if the text can be one; that nothing of the name exists is no obstacle.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubAddress? address) => (address = Read(text, out _)) is not null;

    /// <summary>As a person would write it: without the revision where it is main.</summary>
    public override string ToString() =>
        Repository + (File is null ? "" : $"/{File}") + (Revision == DefaultRevision ? "" : $"@{Revision}");

    static HubAddress? Read(string text, out string? why)
    {
        int at = text.IndexOf('@');
        string name = at < 0 ? text : text[..at], revision = at < 0 ? DefaultRevision : text[(at + 1)..];
        string[] parts = name.Split('/');
        string repository = string.Join('/', parts.Take(2));
        string? file = parts.Length > 2 ? string.Join('/', parts.Skip(2)) : null;
        why = WhyNot(parts, repository, file, revision);
        return why is null ? new(repository, file, revision) : null;
    }

    static string? WhyNot(string[] parts, string repository, string? file, string revision)
    {
        if (parts is ["https:" or "http:", ..]) return "it is the address of a page";
        if (parts is ["datasets" or "spaces", _, ..]) return "data sets and spaces hold no checkpoint";
        if (parts.Length == 1 && IsGguf(repository)) return "a GGUF file lies in a repository";
        if (repository.Length > 96) return "a repository's name has at most 96 characters";
        if (!RepositoryPattern().IsMatch(repository) || repository.Contains("--") || repository.Contains("..") || repository.EndsWith(".git", StringComparison.Ordinal))
            return $"'{repository}' is not the name of a repository";
        if (file is not null && !IsGguf(file)) return "of the files of a repository only a .gguf file can be named";
        if (file is not null && HubFileNames.WhyUnsafe(file) is { } unsafely) return $"the file's name {unsafely}";
        if (!IsRevision(revision)) return $"'{revision}' is not the name of a revision";
        return null;
    }

    static bool IsGguf(string name) => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    /// <summary>What git allows of a reference's name (git-check-ref-format), as far as a cache could be led astray by the rest.</summary>
    static bool IsRevision(string revision) =>
        revision.Length <= 200 && HubFileNames.WhyUnsafe(revision) is null
        && !revision.Contains("..") && !revision.Any(" ~^?*[@".Contains) && !revision.EndsWith(".lock", StringComparison.Ordinal);

    /// <summary>Letters, digits, '-', '_' and '.', of which '-' and '.' neither begin nor end a part: the hub's own rule.</summary>
    [GeneratedRegex(@"^([A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9_])?\z")]
    private static partial Regex RepositoryPattern();
}
