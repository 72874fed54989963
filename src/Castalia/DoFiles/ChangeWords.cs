using Castalia.Interventions;
using Castalia.Residual;

namespace Castalia.DoFiles;

/// <summary>What a change is called where nobody named it.</summary>
static class ChangeWords
{
    /// <summary>Of changes made together.</summary>
    /// <param name="changes">At least one.</param>
    /// <param name="ofPattern">Leaves out the block, which each of the pattern's interventions names.</param>
    public static string Of(IReadOnlyList<Change> changes, bool ofPattern) => string.Join(" and ", changes.Select(change => Of(change, ofPattern)));

    static string Of(Change change, bool ofPattern)
    {
        string site = change.Site?.Name() ?? "every site";
        string what = change.Unit switch
        {
            Unit.Some { Indices.Count: 0 } => site,
            Unit.Some some => FormattableString.Invariant($"{some.Kind switch { UnitKind.Head => "head", UnitKind.Neuron => "neuron", _ => $"{site} dimension" }} {string.Join(",", some.Indices)}"),
            Unit.Bias => $"{site} bias",
            Unit.Along along => $"{site} along {along.Of.Name}",
            _ => site,
        };
        string deed = change.Deed switch
        {
            Deed.Zero when change.Unit is Unit.Along => $"remove from {what}",
            Deed.Zero => $"zero {what}",
            Deed.Scale scale => FormattableString.Invariant($"scale {what} by {scale.Factor}"),
            Deed.Mean { Over.Set: null } => $"mean {what} over the prompt",
            Deed.Mean mean => $"mean {what} over {mean.Over.Set}{(mean.Over.IncludesFirst ? ", first included" : "")}",
            Deed.Keep => $"keep of {what}",
            Deed.Add add => FormattableString.Invariant($"add {add.Factor}·{add.Of.Name} to {what}"),
            Deed.Round round => $"round {what} to {(round.Type == HalfType.Float16 ? "float16" : "bfloat16")}",
            Deed.Patch patch => $"patch {what} from {patch.Prompt}",
            Deed.PatchMatched { By: var by } => FormattableString.Invariant($"patch {what} from {(by.Alike ? "one of its kind" : "its opposite")} (settled below {by.SettledNats} nats, open above {by.OpenNats})"),
            Deed.Mask mask => FormattableString.Invariant($"mask position {string.Join(",", mask.Sources)} from {what}"),
            _ => what,
        };
        string blocks = change.Blocks.ToString(), positions = change.Positions.ToString();
        return deed
            + (ofPattern ? "" : blocks == "last" ? ", last block" : blocks == "all" ? ", all blocks" : $", block {blocks}")
            + (positions == "all" ? "" : positions == "last" ? ", last position" : $", position {positions}")
            + (HeldWords.Of(change.Held) is { } held ? $", {held} held" : "");
    }
}
