using static Castalia.Published.PublishedStatistic;

namespace Castalia.Published;

/// <summary>A statistic as the study published it, and as its readings give it.</summary>
/// <param name="Of">Model or series it is of.</param>
/// <param name="Statistic">Its <see cref="PublishedStatistic"/> name.</param>
/// <param name="Published">As published.</param>
/// <param name="Recomputed">From the published readings; null where it is undefined.</param>
sealed record Reproduction(string Of, string Statistic, double Published, double? Recomputed)
{
    const int AllDigits = 15; // what a float64 keeps of any decimal number

    /// <summary>Significant digits to which both agree, at most 15: ⌊−log₁₀ of the relative difference⌋; 0 without a recomputed one.</summary>
    public int Digits
    {
        get
        {
            if (Recomputed is not { } recomputed) return 0;
            double gap = Math.Abs(recomputed - Published) / Math.Abs(Published);
            return gap == 0 ? AllDigits : Math.Clamp((int)Math.Floor(-Math.Log10(gap)), 0, AllDigits);
        }
    }

    /// <summary>Every statistic the study published of its eight models.</summary>
    public static IReadOnlyList<Reproduction> OfModels(IReadOnlyList<StudyFigures> figures) =>
    [
        .. figures.SelectMany(f => f.Model.Published.Select(p => new Reproduction(f.Model.Model, p.Key, p.Value, Recompute(f, p.Key)))),
    ];

    static double? Recompute(StudyFigures f, string statistic) => statistic switch
    {
        Mean => f.Gain.Mean.Value,
        Sd => f.Gain.Sd.Value,
        Min => f.Model.Gains().Min(),
        Max => f.Model.Gains().Max(),
        T => f.T.Value?.T,
        PLess => f.T.Value?.PLess,
        GainPearson => f.GainEntropy.Value?.Coefficient,
        GainPearsonP => f.GainEntropy.Value?.P,
        GainSpearman => f.GainEntropyRanks.Value?.Coefficient,
        GainSpearmanP => f.GainEntropyRanks.Value?.P,
        DeviationPearson => f.DeviationEntropy.Value?.Coefficient,
        DeviationPearsonP => f.DeviationEntropy.Value?.P,
        _ => throw new InvalidOperationException($"Nothing recomputes '{statistic}'."),
    };
}
