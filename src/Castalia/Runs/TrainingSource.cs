using System.Globalization;
using System.Text.RegularExpressions;

namespace Castalia.Runs;

/// <summary>Of which training a checkpoint is, and of which step of it, as far as its source says: the one place that decides it.</summary>
/// <remarks>
/// A model of the hub says it by its revision, <c>step143000</c> or <c>step1000-tokens4B</c>; a path by the last of its folders or its file, as <c>stepN</c> of twins,
/// whose <c>recipe.json</c> is the training's and does not change with the step. Revisions such as <c>main</c> say none.
/// </remarks>
/// <param name="Training">The repository, or the folder that the steps lie in with what their names share; of checkpoints without a step what they are called.</param>
/// <param name="Step">Training step; null where the source says none.</param>
sealed partial record TrainingSource(string Training, long? Step)
{
    const string GgufExtension = ".gguf";

    /// <summary>Of a checkpoint.</summary>
    /// <param name="hub">Repository and revision on the hub; null where a path was named.</param>
    /// <param name="path">Its path.</param>
    public static TrainingSource Of((string Repository, string Revision)? hub, string path)
    {
        if (hub is var (repository, revision))
            return Split(revision) is { } named ? new(named.Before == "" ? repository : $"{repository}@{named.Before}", named.Step) : new(repository, null);
        string whole = System.IO.Path.TrimEndingDirectorySeparator(path), last = System.IO.Path.GetFileName(whole);
        string folder = System.IO.Path.GetDirectoryName(whole) ?? "";
        return Split(last) is { } part ? new(part.Before == "" ? folder : System.IO.Path.Combine(folder, part.Before), part.Step) : new(whole, null);
    }

    /// <summary>The step that a name ends with: 143000 of <c>step143000</c>, <c>pythia-6.9b@step143000</c> or <c>pythia-step143000.gguf</c>; null for none.</summary>
    public static long? StepOf(string name) => Split(name)?.Step;

    static (string Before, long Step)? Split(string name)
    {
        string stem = name.EndsWith(GgufExtension, StringComparison.OrdinalIgnoreCase) ? name[..^GgufExtension.Length] : name;
        return Ending().Match(stem) is { Success: true } match
            ? (stem[..match.Index].TrimEnd('-', '_', '.', '@'), long.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)) : null;
    }

    [GeneratedRegex(@"(?<![a-z])step([0-9]{1,18})(?:-tokens[0-9]+[bt])?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ending();
}
