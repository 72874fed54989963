namespace Castalia.Statistics;

/// <summary>Ways to a p-value of the signed-rank statistic; zeros are values equal to the centre.</summary>
enum SignedRankMethod
{
    /// <summary>Over all 2ⁿ signs; only without ties and zeros.</summary>
    Exact,
    /// <summary>Normal approximation, zeros left out (Wilcoxon 1945), variance corrected for ties.</summary>
    Normal,
    /// <summary>As <see cref="Normal"/>, the statistic moved by ½ towards its mean.</summary>
    NormalCorrected,
    /// <summary>Normal approximation, zeros ranked and then left out (Pratt 1959), moments by Cureton (1967).</summary>
    Pratt,
    /// <summary>As <see cref="Pratt"/>, the statistic moved by ½ towards its mean.</summary>
    PrattCorrected,
}
