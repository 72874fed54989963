using Castalia.Errors;
using Castalia.Statistics;

namespace Castalia.Hypotheses.Separation;

/// <summary>A model and what its gains say.</summary>
/// <param name="Choice">The model, and the run it is taken from.</param>
/// <param name="Status">By the 95 % BCa interval of its mean gain.</param>
/// <param name="Mean">Its mean gain.</param>
/// <param name="Interval95">The interval.</param>
sealed record ModelStatus(ModelChoice Choice, GainStatus Status, Figure<double> Mean, Figure<Interval> Interval95);

/// <summary>Splits the models of a source by the status of their last block, and searches their fields.</summary>
static class ModelStatuses
{
    /// <summary>Seed of the bootstrap behind each status and of random assignments, that which <c>castalia measure</c> takes unless told.</summary>
    public const long Seed = 1;

    const string Gains = "SELECT run, model, prompt, gain FROM gains ORDER BY run, model, prompt_index", Models = "SELECT models.*, corpus FROM models LEFT JOIN cards USING (card) ORDER BY run, model";

    static readonly Requirement AnyNumber = new(Models: 1, Prompts: null, Place: "");

    /// <summary>The statuses and the search; neutral models are in the first and not in the second.</summary>
    /// <exception cref="InputException">Not both kinds of models are there.</exception>
    public static (IReadOnlyList<ModelStatus> Models, FieldSeparation Separation, ModelChoices Choices) Separate(IEvidenceSource source, CancellationToken cancellation)
    {
        EvidenceTable gains = source.Query("gains", Gains, cancellation), models = source.Query("models", Models, cancellation);
        var choices = ModelChoices.Of(AnyNumber, [gains.Models(), models.Models()], source);
        var statuses = choices.Used.Select(choice => Status(choice, gains)).ToList();
        var split = statuses.Where(m => m.Status is GainStatus.Dampening or GainStatus.Expansion).ToList();
        bool[] dampens = [.. split.Select(m => m.Status == GainStatus.Dampening)];
        if (!dampens.Contains(true) || !dampens.Contains(false))
            throw HypothesisErrors.NothingToSeparate(source.Name, dampens.Count(d => d), dampens.Count(d => !d), [.. choices.Reasons]);
        var rows = split.Select(m => models.Rows.First(row => models.Run(row) == m.Choice.Run && models.Model(row) == m.Choice.Name)).ToList();
        var fields = ArchitectureField.Of(models with { Rows = rows });
        return (statuses, FieldSeparation.Of([.. split.Select(m => m.Choice.Model)], dampens, fields, Seed, cancellation), choices);
    }

    static ModelStatus Status(ModelChoice choice, EvidenceTable gains)
    {
        int gain = gains.IndexOf("gain");
        var estimate = Describe.Of([.. gains.Rows
            .Where(row => gains.Run(row) == choice.Run && gains.Model(row) == choice.Name).Select(row => row[gain]).OfType<double>()], Seed);
        return new(choice, GainStatuses.Of(estimate.Interval95), estimate.Mean, estimate.Interval95);
    }
}
