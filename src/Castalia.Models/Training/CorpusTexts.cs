using Castalia.Untrained;

namespace Castalia.Training;

/// <summary>Texts of a corpus: what it is trained on, cut into texts of equal length, each read once an epoch in an order that is drawn anew for every epoch.</summary>
/// <remarks>The end that makes no whole text is left out. The order is Fisher and Yates's shuffle by whole numbers of SplitMix64: a seed gives the same on every machine.</remarks>
/// <param name="corpus">The corpus.</param>
/// <param name="seed">Seed of the order.</param>
/// <param name="tokens">Length of each.</param>
/// <param name="distinct">The first so many of the order, over and over; null for all.</param>
sealed class CorpusTexts(Corpus corpus, ulong seed, int tokens, long? distinct) : ITrainingTexts
{
    readonly int _texts = checked((int)(corpus.Document.TrainingTokens / tokens));

    (long Epoch, int[] Order)? _order;

    /// <inheritdoc/>
    public double? Text(long index, out int[] ids)
    {
        if (distinct is { } n) index %= n;
        var (epoch, place) = Math.DivRem(index, _texts);
        if (_order?.Epoch != epoch) _order = (epoch, Order(epoch));
        ids = corpus.Ids((long)_order.Value.Order[place] * tokens, tokens);
        return null;
    }

    int[] Order(long epoch)
    {
        ulong key = NormalDeviates.Key(seed, FormattableString.Invariant($"corpus/epoch {epoch}"));
        int[] order = [.. Enumerable.Range(0, _texts)];
        for (int i = _texts - 1; i > 0; i--)
        {
            int j = NormalDeviates.Below(key, i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
