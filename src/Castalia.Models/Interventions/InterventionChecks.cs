using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>What an intervention must satisfy before a model can be run under it.</summary>
static class InterventionChecks
{
    /// <summary>Refuses sites, blocks, units, positions, prompts and sets that are not there, or that do not fit.</summary>
    /// <exception cref="InputException">Naming the file and line of the change.</exception>
    public static void Verify(
        IEnumerable<Change> changes, Architecture a, WeightMap weights, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>> sets)
    {
        foreach (var change in changes)
        {
            Blocks(change, a);
            Site(change, a);
            Units(change, a, weights);
            Positions(change, prompts);
            Sources(change, prompts, sets);
        }
    }

    static void Blocks(Change change, Architecture a)
    {
        if (change.Blocks.Missing(a.NLayers) is { } missing) throw InterventionErrors.NoSuchBlock(change.Place, missing, a.NLayers);
    }

    static void Site(Change change, Architecture a)
    {
        if (change.Site is not { } site) return;
        if (BlockActivations.WidthOf(a, site) == 0)
            throw InterventionErrors.NoSuchSite(change.Place, site.Name(), a.Family.Title, Change.Places.Where(other => BlockActivations.WidthOf(a, other) > 0).Select(other => other.Name()));
        bool isAttention = site is ResidualSite.Z or ResidualSite.AttnOut, isMlp = site is ResidualSite.MlpPost or ResidualSite.MlpOut;
        if ((change.Held == Held.Attn && isAttention) || (change.Held == Held.Mlp && isMlp))
            throw InterventionErrors.HeldItself(change.Place, change.Held == Held.Attn ? "attn" : "mlp", site.Name());
    }

    static void Units(Change change, Architecture a, WeightMap weights)
    {
        if (change.Site is not { } site) return;
        int width = BlockActivations.WidthOf(a, site);
        switch (change.Unit)
        {
            case Unit.Some some:
                var (count, word) = some.Kind switch { UnitKind.Head => (a.NHeads, "head"), UnitKind.Neuron => (a.DFf, "neuron"), _ => (a.DModel, "dimension") };
                foreach (int index in some.Indices)
                    if (index >= count) throw InterventionErrors.NoSuchUnit(change.Place, word, index, count);
                if (some.Kind == UnitKind.Head) width = a.HeadDim;
                break;
            case Unit.Along { Of: Direction.Bands } when a.DModel < UnembeddingBands.Count:
                throw InterventionErrors.TooNarrowForBands(change.Place, a.DModel, UnembeddingBands.Count);
            case Unit.Bias:
                var (role, norm) = site == ResidualSite.AttnOut ? (WeightRole.AttnOutBias, WeightRole.AttnPostNorm) : (WeightRole.MlpDownBias, WeightRole.MlpPostNorm);
                if (a.NormPlacement != NormPlacement.Before) throw InterventionErrors.BiasBeforeNorm(change.Place, site.Name());
                if (weights.Find(role, 0) is null) throw InterventionErrors.NoBias(change.Place, site.Name(), a.Family.Title);
                break;
            case Unit.Along { Of: Direction.Clean clean }:
                if (BlockActivations.WidthOf(a, clean.Site) != width) throw InterventionErrors.NoDirectionThere(change.Place, clean.Site.Name(), site.Name());
                break;
            case Unit.Along { Of: Direction.Fixed { Of: var vector } }:
                if (vector.Values.Count != width) throw InterventionErrors.WrongWidth(change.Place, vector.Name, vector.Values.Count, site.Name(), width);
                break;
        }
        if (change.Deed is Deed.Add add && add.Of.Values.Count != width) throw InterventionErrors.WrongWidth(change.Place, add.Of.Name, add.Of.Values.Count, site.Name(), width);
    }

    static void Positions(Change change, IReadOnlyList<TokenizedPrompt> prompts)
    {
        foreach (var prompt in prompts)
        {
            if (change.Positions.Missing(prompt.Ids.Count) is { } missing) throw InterventionErrors.NoSuchPosition(change.Place, missing, prompt);
            if (change.Deed is Deed.Mask { Sources: var sources } && sources[^1] >= prompt.Ids.Count) throw InterventionErrors.NoSuchPosition(change.Place, sources[^1], prompt);
        }
    }

    static void Sources(Change change, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>> sets)
    {
        if (change.Deed is Deed.Patch { Prompt: var name })
        {
            var from = prompts.FirstOrDefault(prompt => prompt.Prompt.Name == name)
                ?? throw InterventionErrors.NoSuchPrompt(change.Place, name, Listed([.. prompts.Select(prompt => prompt.Prompt.Name)]));
            foreach (var prompt in prompts)
                if (prompt.Ids.Count != from.Ids.Count) throw InterventionErrors.UnequalLengths(change.Place, from, prompt);
        }
        if (change.Deed is Deed.Mean { Over.Set: { } set } mean) Set(change.Place, set, mean.Over.IncludesFirst, prompts, sets);
    }

    static void Set(string place, string set, bool includesFirst, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>> sets)
    {
        var texts = sets[set];
        foreach (var prompt in prompts)
            if (texts.Any(text => text.Ids.SequenceEqual(prompt.Ids))) throw InterventionErrors.SetContainsPrompt(place, set, prompt.Prompt);
        if (!includesFirst && texts.All(text => text.Ids.Count == 1)) throw InterventionErrors.EmptySet(place, set);
    }

    /// <summary>Refuses sets that directions or rankings are taken over, and that do not fit.</summary>
    public static void Verify(IEnumerable<InterventionEntry> entries, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>> sets)
    {
        foreach (var entry in entries)
            foreach (string set in StreamDirections.Sets(entry)) Set(entry.Pattern.Place, set, includesFirst: false, prompts, sets);
    }

    static string Listed(IReadOnlyList<string> names)
    {
        const int most = 12;
        return names.Count <= most ? string.Join(", ", names) : FormattableString.Invariant($"{string.Join(", ", names.Take(most))} and {names.Count - most} more");
    }
}
