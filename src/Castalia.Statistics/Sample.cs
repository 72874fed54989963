namespace Castalia.Statistics;

/// <summary>What every statistic asks of a sample first.</summary>
static class Sample
{
    /// <summary>Why a sample has no statistic: too few values, or one that is not finite; null where it has.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="least">How many values the statistic needs.</param>
    /// <param name="tooFew">What fewer lack, as a phrase that follows "n = 1".</param>
    public static string? Objection(IReadOnlyList<double> values, int least, string tooFew)
    {
        if (values.Count == 0) return "there are no values";
        for (int i = 0; i < values.Count; i++)
            if (!double.IsFinite(values[i])) return FormattableString.Invariant($"value {i + 1} of {values.Count} is {values[i]}");
        return values.Count < least ? $"n = {values.Count} {tooFew}" : null;
    }

    /// <summary>Whether every value is the first; asked of the values, because deviations from a rounded mean are not 0.</summary>
    public static bool IsConstant(IReadOnlyList<double> values)
    {
        for (int i = 1; i < values.Count; i++)
            if (values[i] != values[0]) return false;
        return true;
    }
}
