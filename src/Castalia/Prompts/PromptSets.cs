using Castalia.Errors;

namespace Castalia.Prompts;

/// <summary>The sets of prompts that Castalia carries with it.</summary>
public static class PromptSets
{
    /// <summary>Five open-ended sentences in each of five categories: factual, syntactic, cliché, novel, nonsense.</summary>
    public const string Standard25 = "standard-25";

    /// <summary>Names of the sets.</summary>
    public static IReadOnlyList<string> Names { get; } = [Standard25];

    /// <summary>The prompts of a set.</summary>
    /// <exception cref="InputException">There is no such set.</exception>
    public static IReadOnlyList<Prompt> BuiltIn(string name)
    {
        if (!Names.Contains(name)) throw PromptErrors.UnknownSet(name, Names);
        using var stream = typeof(PromptSets).Assembly.GetManifestResourceStream($"{name}.jsonl")
            ?? throw new InvalidOperationException($"The resource {name}.jsonl is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return PromptFile.FromJsonLines(name, reader.ReadToEnd());
    }
}
