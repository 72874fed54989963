namespace Castalia.Training;

/// <summary>What is trained on, text by text.</summary>
interface ITrainingTexts
{
    /// <summary>The ids of a text; each text is as long as every other.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="ids">Its tokens.</param>
    /// <returns>The least mean cross-entropy that any model can have on it, nats; null where nobody knows.</returns>
    double? Text(long index, out int[] ids);
}

/// <summary>Texts of a generated language.</summary>
/// <param name="language">The language.</param>
/// <param name="seed">Seed of the texts.</param>
/// <param name="tokens">Length of each.</param>
/// <param name="distinct">So many, over and over; null for new ones always.</param>
sealed class LanguageTexts(Language language, ulong seed, int tokens, long? distinct) : ITrainingTexts
{
    /// <inheritdoc/>
    public double? Text(long index, out int[] ids)
    {
        var text = language.Text(seed, distinct is { } n ? index % n : index, tokens);
        ids = [.. text.Ids];
        return text.MeanEntropy;
    }
}
