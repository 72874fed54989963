using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.PromptFiles;

/// <summary>The sets of prompts that Castalia carries with it; docs/prompts.md says how they were written.</summary>
static class PromptSets
{
    /// <summary>Five open-ended sentences in each of five categories: factual, syntactic, cliché, novel, nonsense.</summary>
    public const string Standard25 = "standard-25";

    /// <summary>Forty in each of the same categories, those of standard-25 first; equally many tokens in each.</summary>
    public const string Standard200 = "standard-200";

    /// <summary>Three texts of running prose of each of eight kinds, to be measured at every position.</summary>
    public const string Running24 = "running-24";

    /// <summary>Names of the sets.</summary>
    public static IReadOnlyList<string> Names { get; } = [Standard25, Standard200, Running24];

    /// <summary>The names, for messages: "standard-25, …".</summary>
    internal static string Listed => string.Join(", ", Names);

    /// <summary>The prompts of a file; or, by a name without an extension of which there is no file, of a set.</summary>
    /// <exception cref="InputException">The file cannot be read, or there is no such set.</exception>
    public static IReadOnlyList<Prompt> Named(string name) => File.Exists(name) || Path.HasExtension(name) ? PromptFile.Read(name) : BuiltIn(name);

    /// <summary>The prompts of a set.</summary>
    /// <exception cref="InputException">There is no such set.</exception>
    public static IReadOnlyList<Prompt> BuiltIn(string name)
    {
        if (!Names.Contains(name)) throw PromptErrors.UnknownSet(name);
        using var stream = typeof(PromptSets).Assembly.GetManifestResourceStream($"{name}.jsonl")
            ?? throw new InvalidOperationException($"The resource {name}.jsonl is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return PromptFile.FromJsonLines(name, reader.ReadToEnd());
    }
}
