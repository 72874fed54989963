using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>Names of files as a server gives them: which can be taken for a place below a folder.</summary>
static class HubFileNames
{
    /// <summary>What is wrong with a name, as the end of a sentence that begins with it; null for a name that stays in its folder on every system.</summary>
    public static string? WhyUnsafe(string name) =>
        name == "" ? "is empty"
        : name.Any(char.IsControl) ? "has a control character in it"
        : name.Contains('\\') ? "has a backslash in it"
        : name.Contains(':') ? "has a colon in it, which begins a drive"
        : name.StartsWith('/') ? "begins at the root of the disk"
        : name.Split('/').Any(part => part is "" or "." or "..") ? "leaves its folder"
        : null;

    /// <summary>A server's words or names, made fit to print: no control characters, not endless.</summary>
    public static string Printable(string text)
    {
        string plain = string.Concat(text.Select(c => char.IsControl(c) ? '�' : c));
        return plain.Length <= 200 ? plain : plain[..200] + "…";
    }
}
