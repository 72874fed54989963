namespace Castalia;

/// <summary>What softmax of the logits says at one position; padded vocabulary rows left out.</summary>
/// <param name="EntropyNats">−Σ p ln p; nats.</param>
/// <param name="TopToken">Id of the largest logit; the smallest id on a tie.</param>
/// <param name="TopProbability">Its probability.</param>
/// <param name="TopMarginNats">Largest minus second largest logit; nats; NaN with one row.</param>
/// <param name="LossNats">−ln p of the token that is fed next; nats; NaN at the last position, and where that token is a padded row.</param>
/// <example>
/// <code>
/// OutputReading next = model.Measure(PositionRange.Last, model.Tokenise("the cat"))[0].Next;
/// Show(next.EntropyNats, next.TopToken, next.TopProbability, next.TopMarginNats, next.LossNats);
/// </code>
/// </example>
public readonly record struct OutputReading(double EntropyNats, int TopToken, double TopProbability, double TopMarginNats, double LossNats);
