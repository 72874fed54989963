using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>From which prompt each prompt of a run is patched.</summary>
/// <remarks>
/// Matched prompts have equally many tokens. Of those, settled ones are ranked by entropy, the most settled first, open ones the most open first: the i-th takes from
/// the i-th of the other kind, where there are fewer of them from the (i mod count)-th; or, alike, from the next of its own kind, the last from the first. Equal entropies are ranked by the
/// ids, then by name, so that the order of the prompts does not matter.
/// </remarks>
sealed class PatchSources
{
    readonly Dictionary<string, int> _byName;
    readonly Dictionary<Matching, (int? Source, string? Missing)[]> _matched = [];

    /// <param name="prompts">All prompts of the run.</param>
    /// <param name="entropies">Entropy of the clean prediction at each prompt's last position; nats.</param>
    /// <param name="changes">What is done.</param>
    /// <exception cref="InputException">No prompt has a source.</exception>
    public PatchSources(IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<double> entropies, IEnumerable<Change> changes)
    {
        _byName = prompts.Select((prompt, p) => (prompt.Prompt.Name, p)).ToDictionary(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.Deed is not Deed.PatchMatched { By: var by } || _matched.ContainsKey(by)) continue;
            _matched[by] = Matched(prompts, entropies, by);
            if (_matched[by].All(one => one.Source is null)) throw InterventionErrors.NoSource(change.Place, by, prompts.Count, entropies.Count(h => h < by.SettledNats), entropies.Count(h => h > by.OpenNats));
        }
    }

    /// <summary>The prompt that a deed takes from; null where it takes from none.</summary>
    public int? Of(Deed deed, int prompt) => deed switch
    {
        Deed.Patch { Prompt: var name } => _byName[name],
        Deed.PatchMatched { By: var by } => _matched[by][prompt].Source,
        _ => null,
    };

    /// <summary>Why an intervention cannot be made on a prompt; null where it can.</summary>
    public string? Missing(Intervention intervention, int prompt) =>
        intervention.Changes.Select(change => change.Deed is Deed.PatchMatched { By: var by } ? _matched[by][prompt].Missing : null).FirstOrDefault(missing => missing is not null);

    static (int? Source, string? Missing)[] Matched(IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<double> entropies, Matching by)
    {
        var found = new (int? Source, string? Missing)[prompts.Count];
        foreach (var equal in Enumerable.Range(0, prompts.Count).GroupBy(p => prompts[p].Ids.Count))
        {
            int[] ranked = [.. equal.OrderBy(p => entropies[p]).ThenBy(p => prompts[p].Ids, ById).ThenBy(p => prompts[p].Prompt.Name, StringComparer.Ordinal)];
            int[] settled = [.. ranked.Where(p => entropies[p] < by.SettledNats)], open = [.. ranked.Where(p => entropies[p] > by.OpenNats).Reverse()];
            foreach (int p in ranked) found[p] = (null, "neither settled nor open");
            Pair(settled, open, "settled", "open");
            Pair(open, settled, "open", "settled");

            void Pair(int[] own, int[] others, string ownWord, string otherWord)
            {
                for (int i = 0; i < own.Length; i++)
                {
                    found[own[i]] = by.Alike
                        ? own.Length > 1 ? (own[(i + 1) % own.Length], null) : (null, FormattableString.Invariant($"no other prompt of {equal.Key} tokens is {ownWord}"))
                        : others.Length > 0 ? (others[i % others.Length], null) : (null, FormattableString.Invariant($"no prompt of {equal.Key} tokens is {otherWord}"));
                }
            }
        }
        return found;
    }

    static readonly Comparer<IReadOnlyList<int>> ById = Comparer<IReadOnlyList<int>>.Create((x, y) => x.Zip(y, (a, b) => a.CompareTo(b)).FirstOrDefault(order => order != 0));
}
