using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Runs;

/// <summary>Short names of checkpoints, unique in a run.</summary>
static class ModelNames
{
    const int LongestInFolder = 100; // time and number stand beside it, and a file's name has 255 bytes

    /// <summary>The last part of each path, without .gguf or the number of a part; where two are equal, as many parts before it as tell them apart.</summary>
    /// <param name="paths">Checkpoint paths.</param>
    /// <exception cref="InputException">One checkpoint is named twice.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths)
    {
        string[][] parts = [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)).Split(Path.DirectorySeparatorChar))];
        for (int depth = 1; depth <= parts.Max(p => p.Length); depth++)
        {
            string[] names = [.. parts.Select(p => WithoutExtension(string.Join('/', p.TakeLast(depth))))];
            if (names.Distinct().Count() == names.Length) return names;
        }
        string twice = parts.Select(p => string.Join('/', p)).GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key).FirstOrDefault(paths[0]);
        throw new InputException($"The checkpoint '{twice}' is named twice.", "arguments", "Name each checkpoint once.");
    }

    /// <summary>A name as a part of a folder's name: lower case, letters, digits, dots, underscores and hyphens, 100 at most.</summary>
    public static string ForFolder(string name) =>
        string.Concat(name.ToLowerInvariant().Take(LongestInFolder).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).Trim('.', '-') is { Length: > 0 } safe
            ? safe : "model";

    static string WithoutExtension(string name) => GgufPartName.Of(name) is { } part ? part.Model :
        name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && name.Length > ".gguf".Length ? name[..^".gguf".Length] : name;
}
