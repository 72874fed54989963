using System.Globalization;
using System.Text.RegularExpressions;
using Castalia.Errors;
using Castalia.Hypotheses.Reading;
using Castalia.YamlFiles;

namespace Castalia.Hypotheses;

/// <summary>The hypotheses that Castalia carries with it, and the user's own.</summary>
static partial class HypothesisFiles
{
    const string Extension = ".yaml";

    /// <summary>Those of the assembly, by id: the study's first.</summary>
    public static IReadOnlyList<Hypothesis> BuiltIn() => [.. Ordered(Names().Select(Embedded).Select(HypothesisReader.Read))];

    /// <summary>Those of the assembly and of files.</summary>
    /// <param name="paths">The files.</param>
    /// <exception cref="InputException">A file that is no hypothesis, or an id that is taken.</exception>
    public static IReadOnlyList<Hypothesis> With(IReadOnlyList<string> paths)
    {
        var all = new List<Hypothesis>(BuiltIn());
        foreach (var hypothesis in paths.Select(path => HypothesisReader.Read(SourceText.Read(path, HypothesisReader.Format))))
        {
            if (all.Find(other => other.Id == hypothesis.Id) is { } other) throw HypothesisErrors.IdTwice(hypothesis.Place, hypothesis.Id, other.Place);
            all.Add(hypothesis);
        }
        return all;
    }

    /// <summary>Names of the embedded files.</summary>
    internal static IEnumerable<string> Names() => typeof(HypothesisFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    static SourceText Embedded(string name)
    {
        using var stream = typeof(HypothesisFiles).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return new(name, reader.ReadToEnd(), HypothesisReader.Format);
    }

    /// <summary>The study's before others, each by the number in its id.</summary>
    static IOrderedEnumerable<Hypothesis> Ordered(IEnumerable<Hypothesis> hypotheses) => hypotheses
        .OrderBy(h => h.Id.StartsWith("study-", StringComparison.Ordinal) ? 0 : 1)
        .ThenBy(h => FirstNumber().Match(h.Id) is { Success: true } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : int.MaxValue)
        .ThenBy(h => h.Id, StringComparer.Ordinal);

    [GeneratedRegex("[0-9]{1,8}")]
    private static partial Regex FirstNumber();
}
