namespace Castalia.Analyses;

/// <summary>On which side of 1 the gains of a sample lie, and what arithmetic alone makes of it.</summary>
/// <param name="Below">Gains below 1.</param>
/// <param name="Above">Gains above 1.</param>
/// <param name="AtOne">Gains that are 1.</param>
/// <remarks>Where no gain is above 1, |G − 1| = 1 − G, so every correlation with it is that with G, sign turned; where none is below 1, |G − 1| = G − 1
/// and the two are one figure. Neither is evidence beyond the other.</remarks>
public readonly record struct SignIdentity(int Below, int Above, int AtOne)
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
}
