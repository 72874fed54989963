using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>An intervention that changes one neuron of the last block: what leaves the block changes by one known vector.</summary>
/// <param name="Neuron">The neuron.</param>
/// <param name="Factor">What its activation is multiplied by.</param>
sealed record RankOne(int Neuron, double Factor)
{
    /// <summary>Of an intervention on a prompt; null where it is another, or where what it writes goes through a norm, or logits through a bound.</summary>
    /// <remarks>It depends on model and intervention alone, so that no figure depends on what else is run.</remarks>
    public static RankOne? Of(Architecture a, Intervention intervention, int tokens, bool allPositions)
    {
        if (allPositions || a.Mixture is not null || a.NormPlacement != NormPlacement.Before || a.LogitSoftcap is not null) return null;
        if (intervention.Changes is not [{ Site: ResidualSite.MlpPost, Unit: Unit.Some { Kind: UnitKind.Neuron, Indices: [var neuron] } } change]) return null;
        if (change.Held != Held.None || !change.Positions.Has(tokens - 1, tokens)) return null;
        for (int block = 0; block < a.NLayers - 1; block++)
            if (change.Blocks.Has(block, a.NLayers)) return null;
        return change.Deed switch
        {
            Deed.Zero => new(neuron, 0),
            Deed.Scale scale => new(neuron, scale.Factor),
            _ => null,
        };
    }
}
