using Castalia.Attribution;

namespace Castalia.Interventions;

/// <summary>How many units of a block.</summary>
/// <param name="Count">So many; null where a share is meant.</param>
/// <param name="Share">This share of them, rounded down, at least one; null where a number is.</param>
readonly record struct UnitAmount(int? Count, double? Share)
{
    /// <summary>Of so many.</summary>
    public int Of(int units) => Count ?? Math.Max(1, (int)Math.Floor(Share!.Value * units));

    /// <summary>In words.</summary>
    public string Words(string unit) => Count is { } count ? FormattableString.Invariant($"{count} {unit}") : FormattableString.Invariant($"{100 * Share!.Value:0.###} % of {unit}");
}

/// <summary>What units are ranked by.</summary>
enum UnitOrder
{
    /// <summary>|A_p|, A_p the mean over the prompts at their last position; largest first.</summary>
    Size,
    /// <summary>The mean of min(A_p, 0), most negative first.</summary>
    Negative,
    /// <summary>Of coordinates: mean |h_i| of resid_pre over a set; largest first.</summary>
    Outlying,
}

/// <summary>The first units of a ranking, or others in their place.</summary>
/// <param name="Amount">How many.</param>
/// <param name="By">The ranking.</param>
/// <param name="Set">The texts of <see cref="UnitOrder.Outlying"/>; else null.</param>
/// <param name="Near">
/// In place of each, the unit that is not among them nor taken before and whose mean length of what it writes is nearest, of its kind while one is left: a control.
/// </param>
sealed record UnitRanking(UnitAmount Amount, UnitOrder By, string? Set, bool Near);

/// <summary>Units drawn at random without replacement.</summary>
/// <param name="Amount">How many.</param>
/// <param name="Seed">What decides, with the block.</param>
/// <param name="Sets">How often so many are drawn, each time from all.</param>
sealed record UnitDraw(UnitAmount Amount, long Seed, int Sets);

/// <summary>Units that a pattern stands for, once for each or once for several.</summary>
/// <param name="Kinds">Heads, neurons, both together, or coordinates.</param>
/// <param name="Ranking">Only the first of these; null for no such limit.</param>
/// <param name="Random">Only some drawn; null for no such limit.</param>
/// <param name="Together">All of them in one intervention instead of one each.</param>
/// <param name="Renormalise">Of zeroed heads: the others are multiplied by heads over heads that are left.</param>
sealed record UnitChoice(IReadOnlyList<UnitKind> Kinds, UnitRanking? Ranking, UnitDraw? Random, bool Together, bool Renormalise)
{
    /// <summary>Whether attribution must say which are meant.</summary>
    public bool NeedsAttribution => Ranking is { By: not UnitOrder.Outlying } or { Near: true };

    /// <summary>How many interventions of one block they are.</summary>
    /// <param name="units">Units of the kinds.</param>
    public int Interventions(int units) => Together ? Random?.Sets ?? 1 : (Ranking?.Amount ?? Random?.Amount)?.Of(units) * (Random?.Sets ?? 1) ?? units;
}

/// <summary>What a person wrote down: an intervention, or a pattern of several.</summary>
/// <param name="Pattern">The intervention; of a pattern a change for each kind of its units, which has none of them yet.</param>
/// <param name="Units">The units it stands for; null for itself.</param>
sealed record InterventionEntry(Intervention Pattern, UnitChoice? Units)
{
    /// <summary>Blocks whose attribution says which units are meant; null where none is needed.</summary>
    public BlockChoice? Attributed => Units?.NeedsAttribution == true ? Pattern.Changes[0].Blocks : null;
}
