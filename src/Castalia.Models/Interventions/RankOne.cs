using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>An intervention that changes one unit of the last block: what leaves the block changes by one known vector.</summary>
/// <param name="Kind">A neuron, whose vector is one for all prompts; or of a parallel block a head, whose vector each prompt has its own of.</param>
/// <param name="Index">The neuron or head.</param>
/// <param name="Deed">What becomes of it: of a neuron zero or scale, of a head also mean and add.</param>
sealed record RankOne(UnitKind Kind, int Index, Deed Deed)
{
    /// <summary>What an activation is multiplied by.</summary>
    public double Factor => Deed is Deed.Scale scale ? scale.Factor : 0;

    /// <summary>Of an intervention on a prompt; null where it is another, or where what it writes goes through a norm, or logits through a bound.</summary>
    /// <remarks>It depends on model and intervention alone, so that no figure depends on what else is run.</remarks>
    public static RankOne? Of(Architecture a, Intervention intervention, int tokens, bool allPositions)
    {
        if (allPositions || a.Mixture is not null || a.NormPlacement != NormPlacement.Before || a.LogitSoftcap is not null) return null;
        if (intervention.Changes is not [{ Unit: Unit.Some { Kind: var kind, Indices: [var index] } } change]) return null;
        if (change.Held != Held.None || !change.Positions.Has(tokens - 1, tokens)) return null;
        for (int block = 0; block < a.NLayers - 1; block++)
            if (change.Blocks.Has(block, a.NLayers)) return null;
        bool isTaken = (kind, change.Site) switch
        {
            (UnitKind.Neuron, ResidualSite.MlpPost) => change.Deed is Deed.Zero or Deed.Scale,
            // In a sequential block the MLP reads what attention adds.
            (UnitKind.Head, ResidualSite.Z) => a.Wiring != Wiring.Sequential && change.Deed is (Deed.Zero or Deed.Scale or Deed.Mean or Deed.Add),
            _ => false,
        };
        return isTaken ? new(kind, index, change.Deed) : null;
    }
}
