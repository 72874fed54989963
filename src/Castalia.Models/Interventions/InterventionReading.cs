using Castalia.Forward;

namespace Castalia.Interventions;

/// <summary>How an effect was computed.</summary>
enum EffectForm
{
    /// <summary>A pass of its own from the changed block on.</summary>
    Pass,
    /// <summary>By the one vector that the unit writes in the last block, and what the unembedding makes of it.</summary>
    RankOne,
}

/// <summary>What one prompt reads under an intervention.</summary>
/// <param name="Gains">Gain of every block at the last position, over the length of what the block then reads; infinite where that is 0 and what leaves it is not, NaN where both are.</param>
/// <param name="EntropyNats">Of the prediction at the last position; nats.</param>
/// <param name="KlNats">KL(clean ‖ do) there; nats.</param>
/// <param name="TopToken">Its top token.</param>
/// <param name="TopProbability">The top token's probability.</param>
/// <param name="LossNats">Mean of −ln p of the token that follows, over the positions whose next token is fed; nats; NaN where only the last position was read.</param>
/// <param name="Form">How it was computed.</param>
sealed record InterventionReading(
    IReadOnlyList<double> Gains, double EntropyNats, double KlNats, int TopToken, double TopProbability, double LossNats, EffectForm Form)
{
    /// <summary>Components along the direction of the intervention, in each block that is changed along one; blocks ascending.</summary>
    public IReadOnlyList<AlongReading> Along { get; init; } = [];
}

/// <summary>Readings of a model over prompts, as they are and under interventions.</summary>
/// <param name="Measurement">The clean pass.</param>
/// <param name="Interventions">The interventions.</param>
/// <param name="Prompts">By prompt, then by intervention; null where an intervention cannot be made on a prompt.</param>
/// <param name="Portions">Portions in which they were computed.</param>
sealed record IntervenedMeasurement(
    Measurement Measurement, IReadOnlyList<Intervention> Interventions, IReadOnlyList<IReadOnlyList<InterventionReading?>> Prompts, int Portions)
{
    internal PatchSources? Sources { get; init; }

    /// <summary>Index of the prompt that an intervention on a prompt patches from; null where it patches from none, or from several.</summary>
    public int? SourceOf(int prompt, int intervention) =>
        Interventions[intervention].Changes.Select(change => Sources?.Of(change.Deed, prompt)).OfType<int>().Distinct().ToArray() is [var only] ? only : null;

    /// <summary>Why an intervention cannot be made on a prompt; null where it can.</summary>
    public string? MissingOf(int prompt, int intervention) => Sources?.Missing(Interventions[intervention], prompt);
}
