using Castalia.Architectures;
using Castalia.Attribution;

namespace Castalia.Interventions;

/// <summary>Which units of a model the patterns of interventions mean.</summary>
/// <param name="a">The model.</param>
/// <param name="means">Means of A_p, of every block that is <see cref="InterventionEntry.Attributed"/>.</param>
/// <param name="directions">What sets say of the stream.</param>
sealed class UnitSelection(Architecture a, IReadOnlyList<UnitMeans> means, StreamDirections directions)
{
    /// <summary>The interventions an entry stands for, blocks ascending, then units: as ranked, as drawn, or ascending.</summary>
    public IEnumerable<Intervention> Expand(InterventionEntry entry)
    {
        if (entry.Units is not { } units)
        {
            yield return entry.Pattern;
            yield break;
        }
        for (int block = 0; block < a.NLayers; block++)
        {
            if (!entry.Pattern.Changes[0].Blocks.Has(block, a.NLayers)) continue;
            foreach (var chosen in Chosen(entry.Pattern.Place, units, block))
            {
                if (units.Together)
                    yield return Of(entry, block, chosen.Units, $"{Words(units)}{chosen.Which}", chosen.Mismatches.Max());
                else
                    for (int i = 0; i < chosen.Units.Count; i++)
                        yield return Of(entry, block, [chosen.Units[i]], $"{chosen.Units[i].Words}{(chosen.InPlaceOf.Count > 0 ? $", nearest in length to {chosen.InPlaceOf[i].Words}" : "")}", chosen.Mismatches[i]);
            }
        }
    }

    static string KindWord(UnitKind kind) => kind switch { UnitKind.Head => "head", UnitKind.Neuron => "neuron", _ => "dimension" };

    /// <summary>Units of a kind in a block.</summary>
    int CountOf(UnitKind kind) => kind switch { UnitKind.Head => a.NHeads, UnitKind.Neuron => a.DFf, _ => a.DModel };

    Intervention Of(InterventionEntry entry, int block, IReadOnlyList<Pick> units, string which, double? mismatch)
    {
        var changes = new List<Change>();
        for (int i = 0; i < entry.Units!.Kinds.Count; i++)
        {
            var kind = entry.Units.Kinds[i];
            int[] indices = [.. units.Where(unit => unit.Kind == kind).Select(unit => unit.Index).Order()];
            if (indices.Length == 0) continue;
            var change = entry.Pattern.Changes[i] with { Blocks = BlockChoice.Named(block), Unit = new Unit.Some(kind, indices) };
            changes.Add(change);
            if (!entry.Units.Renormalise) continue;
            int count = CountOf(kind);
            int[] others = [.. Enumerable.Range(0, count).Except(indices)];
            if (others.Length > 0) changes.Add(change with { Unit = new Unit.Some(kind, others), Deed = new Deed.Scale(count / (double)others.Length) });
        }
        return entry.Pattern with
        {
            Name = FormattableString.Invariant($"{entry.Pattern.Name}, {which}, block {block}"),
            Changes = changes,
            Seed = entry.Units.Random?.Seed,
            LengthMismatch = mismatch,
        };
    }

    IEnumerable<Choice> Chosen(string place, UnitChoice units, int block)
    {
        Pick[] all = [.. units.Kinds.SelectMany(kind => Enumerable.Range(0, CountOf(kind)).Select(index => new Pick(kind, index)))];
        int count = (units.Ranking?.Amount ?? units.Random?.Amount)?.Of(all.Length) ?? all.Length;
        if (count > all.Length) throw InterventionErrors.TooManyUnits(place, count, all.Length, KindWord(units.Kinds[0]), block);
        if (units.Ranking is { } ranking)
        {
            Pick[] first = Ranked(all, ranking, block)[..count];
            if (!ranking.Near) return [new(first)];
            var near = Nearest(place, all, first, block);
            return [new(near.Units) { InPlaceOf = first, Mismatches = near.Mismatches }];
        }
        return units.Random is { } random ? Drawn(all, random, count, block) : [new(all)];
    }

    Pick[] Ranked(Pick[] all, UnitRanking ranking, int block)
    {
        if (ranking.By == UnitOrder.Outlying) return [.. directions.Ranking(ranking.Set!, block).Select(index => new Pick(UnitKind.Dimension, index))];
        var of = means.Single(one => one.Block == block);
        return ranking.By == UnitOrder.Size
            ? [.. all.OrderByDescending(unit => Math.Abs((unit.Kind == UnitKind.Head ? of.Heads : of.Neurons)[unit.Index]))]
            : [.. all.OrderBy(unit => (unit.Kind == UnitKind.Head ? of.NegativeHeads : of.NegativeNeurons)[unit.Index])];
    }

    /// <summary>In place of each, in order, the nearest in length that is left of its kind, or where none is of any; on a tie the smaller index.</summary>
    (Pick[] Units, double?[] Mismatches) Nearest(string place, Pick[] all, Pick[] first, int block)
    {
        var of = means.Single(one => one.Block == block);
        var left = all.Except(first).ToHashSet();
        var found = new Pick[first.Length];
        double?[] mismatches = new double?[first.Length];
        for (int i = 0; i < first.Length; i++)
        {
            double length = Length(first[i]);
            Pick[] others = [.. left.Where(unit => unit.Kind == first[i].Kind)];
            if (others.Length == 0) others = [.. left];
            if (others.Length == 0) throw InterventionErrors.NoneLeft(place, KindWord(first[i].Kind), block);
            found[i] = others.OrderBy(unit => Math.Abs(Length(unit) - length)).ThenBy(unit => unit.Kind).ThenBy(unit => unit.Index).First();
            left.Remove(found[i]);
            double longer = Math.Max(length, Length(found[i]));
            mismatches[i] = longer == 0 ? 0 : Math.Abs(Length(found[i]) - length) / longer;
        }
        return (found, mismatches);

        double Length(Pick unit) => (unit.Kind == UnitKind.Head ? of.HeadLengths : of.NeuronLengths)[unit.Index];
    }

    /// <summary>Which units are drawn depends on the seed and the block alone.</summary>
    static IEnumerable<Choice> Drawn(Pick[] all, UnitDraw random, int count, int block)
    {
        var draw = new SeededDraw(unchecked((ulong)random.Seed), (ulong)block);
        for (int set = 0; set < random.Sets; set++)
        {
            for (int i = 0; i < count; i++)
            {
                int other = i + draw.Below(all.Length - i);
                (all[i], all[other]) = (all[other], all[i]);
            }
            yield return new(all[..count]) { Which = random.Sets == 1 ? "" : FormattableString.Invariant($", set {set}") };
        }
    }

    static string Words(UnitChoice units)
    {
        string kinds = string.Join(" and ", units.Kinds.Select(kind => $"{KindWord(kind)}s"));
        return units switch
        {
            { Ranking: { } ranking } => (ranking.Near ? "those nearest in length to " : "") + ranking.Amount.Words(kinds) + ranking.By switch
            {
                UnitOrder.Size => " of largest |A|",
                UnitOrder.Negative => " of most negative A",
                _ => $" largest over {ranking.Set}",
            },
            { Random: { } random } => FormattableString.Invariant($"{random.Amount.Words(kinds)} at random, seed {random.Seed}"),
            _ => $"all {kinds}",
        } + (units.Renormalise ? ", the others scaled up" : "");
    }

    /// <summary>A unit of a block.</summary>
    readonly record struct Pick(UnitKind Kind, int Index)
    {
        public string Words => FormattableString.Invariant($"{KindWord(Kind)} {Index}");
    }

    /// <summary>Units chosen.</summary>
    sealed record Choice(IReadOnlyList<Pick> Units)
    {
        /// <summary>Of several choices, which.</summary>
        public string Which { get; init; } = "";

        /// <summary>Those they stand for; empty where they stand for themselves.</summary>
        public IReadOnlyList<Pick> InPlaceOf { get; init; } = [];

        /// <summary>Of each; null where they stand for themselves.</summary>
        public IReadOnlyList<double?> Mismatches { get; init; } = [.. Units.Select(_ => (double?)null)];
    }
}
