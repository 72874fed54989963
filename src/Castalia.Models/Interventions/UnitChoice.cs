using Castalia.Architectures;
using Castalia.Attribution;

namespace Castalia.Interventions;

/// <summary>Units that a pattern stands for once for each.</summary>
/// <param name="Kind">Heads or neurons.</param>
/// <param name="Top">Only so many, those of largest |A_p|, A_p the mean over the prompts at their last position; null for no such limit.</param>
/// <param name="Random">Only so many, drawn without replacement by a seed; null for no such limit.</param>
/// <param name="Together">All of them in one intervention instead of one each.</param>
public sealed record UnitChoice(UnitKind Kind, int? Top, (int Count, long Seed)? Random, bool Together);

/// <summary>What a person wrote down: an intervention, or a pattern of several.</summary>
/// <param name="Pattern">The intervention; of a pattern its one change has no unit of its own yet.</param>
/// <param name="Units">The units it stands for; null for itself.</param>
public sealed record InterventionEntry(Intervention Pattern, UnitChoice? Units)
{
    /// <summary>Blocks whose attribution says which units are meant; null where none is needed.</summary>
    public BlockChoice? Attributed => Units?.Top is not null ? Pattern.Changes[0].Blocks : null;

    /// <summary>The interventions it stands for, blocks ascending, then units: as ranked, as drawn, or ascending.</summary>
    /// <param name="a">The model.</param>
    /// <param name="means">Means of A_p, of every block that is <see cref="Attributed"/>.</param>
    public IEnumerable<Intervention> Expand(Architecture a, IReadOnlyList<UnitMeans> means)
    {
        if (Units is not { } units)
        {
            yield return Pattern;
            yield break;
        }
        for (int block = 0; block < a.NLayers; block++)
        {
            if (!Pattern.Changes[0].Blocks.Has(block, a.NLayers)) continue;
            int[] chosen = Chosen(units, block, units.Kind == UnitKind.Head ? a.NHeads : a.DFf, means);
            if (units.Together) yield return Of(block, [.. chosen.Order()], Named(units));
            else
                foreach (int unit in chosen) yield return Of(block, [unit], FormattableString.Invariant($"{Word(units.Kind)} {unit}"));
        }

        Intervention Of(int block, int[] indices, string which) => Pattern with
        {
            Name = FormattableString.Invariant($"{Pattern.Name}, {which}, block {block}"),
            Changes = [Pattern.Changes[0] with { Blocks = BlockChoice.Named(block), Unit = new Unit.Some(units.Kind, indices) }],
            Seed = units.Random?.Seed,
        };
    }

    int[] Chosen(UnitChoice units, int block, int count, IReadOnlyList<UnitMeans> means)
    {
        if (units.Top > count || units.Random?.Count > count)
            throw InterventionErrors.TooManyUnits(Pattern.Place, units.Top ?? units.Random!.Value.Count, count, Word(units.Kind), block);
        int[] all = [.. Enumerable.Range(0, count)];
        if (units.Top is { } top)
        {
            var of = means.Single(one => one.Block == block);
            var values = units.Kind == UnitKind.Head ? of.Heads : of.Neurons;
            return [.. all.OrderByDescending(unit => Math.Abs(values[unit])).ThenBy(unit => unit).Take(top)];
        }
        if (units.Random is not { } random) return all;
        // Which units are drawn depends on the seed and the block alone.
        var draw = new SeededDraw(unchecked((ulong)random.Seed), (ulong)block);
        for (int i = 0; i < random.Count; i++)
        {
            int other = i + draw.Below(count - i);
            (all[i], all[other]) = (all[other], all[i]);
        }
        return all[..random.Count];
    }

    static string Named(UnitChoice units) => units switch
    {
        { Top: { } top } => FormattableString.Invariant($"{top} {Word(units.Kind)}s of largest |A|"),
        { Random: { } random } => FormattableString.Invariant($"{random.Count} {Word(units.Kind)}s at random, seed {random.Seed}"),
        _ => $"all {Word(units.Kind)}s",
    };

    static string Word(UnitKind kind) => kind == UnitKind.Head ? "head" : "neuron";
}
