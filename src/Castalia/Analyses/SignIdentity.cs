using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>On which side of 1 the gains of a sample lie, and what arithmetic alone makes of it.</summary>
/// <param name="Below">Gains below 1.</param>
/// <param name="Above">Gains above 1.</param>
/// <param name="AtOne">Gains that are 1.</param>
/// <remarks>Where no gain is above 1, |G − 1| = 1 − G, so every correlation with it is that with G, sign turned; where none is below 1, |G − 1| = G − 1
/// and the two are one figure. Neither is evidence beyond the other.</remarks>
readonly record struct SignIdentity(int Below, int Above, int AtOne)
{
    /// <summary>+1 or −1 where the correlations of G and of |G − 1| are the same up to that sign by arithmetic; null where gains lie on both sides,
    /// and where none differs from 1.</summary>
    public int? Sign => (Below, Above) switch
    {
        (0, > 0) => 1,
        ( > 0, 0) => -1,
        _ => null,
    };

    /// <summary>Counts the sides.</summary>
    public static SignIdentity Of(IReadOnlyList<double> gains) =>
        new(gains.Count(g => g < 1), gains.Count(g => g > 1), gains.Count(g => g == 1));

    /// <summary>What the sides of 1 make of the two correlations.</summary>
    /// <param name="noun">What has a gain each.</param>
    public string InWords(string noun)
    {
        int n = Below + Above + AtOne;
        string one = AtOne > 0 ? $", {Figures.Count(AtOne)} at 1" : "";
        return Sign switch
        {
            -1 => $"None of {Figures.Of(n, noun)} lies above 1 ({Figures.Count(Below)} below{one}), so |G−1| = 1−G and r(|G−1|, H) = −r(G, H) by arithmetic: " +
                  "the changed sign says nothing about the model and is not counted as evidence.",
            1 => $"None of {Figures.Of(n, noun)} lies below 1 ({Figures.Count(Above)} above{one}), so |G−1| = G−1 and r(|G−1|, H) = r(G, H) by arithmetic: " +
                 "the second is no evidence beyond the first.",
            _ when Below == 0 => $"No gain differs from 1 ({Figures.Of(n, noun)}).",
            _ => $"{Figures.Count(Below)} of {Figures.Of(n, noun)} lie below 1 and {Figures.Count(Above)} above{one}: correlations with G and with |G−1| are different figures.",
        };
    }
}
