using System.Globalization;

namespace Castalia.Statistics;

/// <summary>Why a sample cannot be computed with: the reason behind an undefined figure, or null.</summary>
static class SampleFlaw
{
    /// <summary>Names the first value that is NaN or infinite; null where all are finite.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="name">What it is called in the reason: "x", "group 2".</param>
    public static string? Of(IReadOnlyList<double> values, string name)
    {
        for (int i = 0; i < values.Count; i++)
            if (!double.IsFinite(values[i]))
                return string.Create(CultureInfo.InvariantCulture,
                    $"value {i + 1} of {name} is {(double.IsNaN(values[i]) ? "not a number" : "infinite")}");
        return null;
    }

    /// <summary>Names the first flaw of several groups; every group is to hold a value, and there are to be two.</summary>
    public static string? OfGroups(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        if (groups.Count < 2) return groups.Count == 0 ? "there are no groups" : "there is only one group";
        for (int g = 0; g < groups.Count; g++)
        {
            if (groups[g].Count == 0) return $"group {g + 1} is empty";
            if (Of(groups[g], $"group {g + 1}") is { } flaw) return flaw;
        }
        return null;
    }
}
