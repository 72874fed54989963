using Castalia.Errors;
using Castalia.Hypotheses;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>Which hypotheses a command line names.</summary>
static class HypothesisIds
{
    /// <summary>Those that ids or their beginnings mean; all where there is none.</summary>
    /// <exception cref="InputException">One means none, or several that are not one family.</exception>
    public static IReadOnlyList<Hypothesis> Asked(IReadOnlyList<Hypothesis> all, string[] ids) =>
        ids.Length == 0 ? all : [.. ids.SelectMany(id => Named(all, id)).Distinct()];

    /// <summary>The one of that id; else those whose id begins with it up to a hyphen, as h15 of h15-running-text; else the one that begins so.</summary>
    static List<Hypothesis> Named(IReadOnlyList<Hypothesis> all, string id)
    {
        if (all.FirstOrDefault(h => h.Id == id) is { } one) return [one];
        var begun = all.Where(h => h.Id.StartsWith($"{id}-", StringComparison.OrdinalIgnoreCase)).ToList();
        if (begun.Count > 0) return begun;
        begun = [.. all.Where(h => h.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))];
        return begun.Count switch
        {
            0 => throw Unknown(id, all),
            1 => begun,
            _ => throw HypothesisErrors.SeveralIds(id, [.. begun.Select(h => h.Id)]),
        };
    }

    static InputException Unknown(string id, IReadOnlyList<Hypothesis> all)
    {
        var known = all.Select(h => h.Id).ToList();
        return HypothesisErrors.NoSuchId(id, Nearest.Of(id, known), known);
    }
}
