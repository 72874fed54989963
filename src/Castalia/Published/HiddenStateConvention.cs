using Castalia.Statistics;

namespace Castalia.Published;

/// <summary>Which step of <c>hidden_states</c> the study's two "last layer" figures of one model are.</summary>
/// <param name="File">Result file.</param>
/// <param name="Model">The model's figures there.</param>
/// <param name="NoLnIsPenultimate">"No final LN" equals the mean gain of step L − 1 of L: the block before the last.</param>
/// <param name="WithLnIsFinalNorm">"With LN" equals that of step L, whose upper end Hugging Face gives after the final norm.</param>
sealed record HiddenStateConvention(string File, HiddenStateModel Model, bool NoLnIsPenultimate, bool WithLnIsFinalNorm)
{
    const double SameSum = 1e-12; // the same numbers, added up in another order

    /// <summary>Every model of every such file.</summary>
    public static IReadOnlyList<HiddenStateConvention> Of(PublishedStudy study) =>
    [
        .. study.HiddenStates.SelectMany(series => series.Models.Select(m => new HiddenStateConvention(
            series.File, m, Same(m.GainNoLn, m.StepGains[^2]), Same(m.GainWithLn, m.StepGains[^1])))),
    ];

    static bool Same(double a, double b) => Math.Abs(a - b) <= SameSum * Math.Abs(b);
}

/// <summary>How the penultimate gains of the Pythia sizes go with crowding, and with what crowding goes with.</summary>
/// <param name="Crowding">r with ρ = heads / head_dim, the published one.</param>
/// <param name="Layers">r with the number of blocks.</param>
/// <param name="Heads">r with the number of heads.</param>
/// <param name="CrowdingGivenLayers">r with ρ, the number of blocks held fixed.</param>
/// <param name="HuntRight">Models of the hunt for which "ρ of at least 0.2 dampens, below expands" holds.</param>
/// <param name="HuntModels">Models of the hunt.</param>
sealed record CrowdingCheck(
    Figure<Association> Crowding, Figure<Association> Layers, Figure<Association> Heads, Figure<Association> CrowdingGivenLayers,
    int HuntRight, int HuntModels)
{
    const double Threshold = 0.2; // the study's own

    /// <summary>The check over a study whose series are the clean one, the family and the hunt.</summary>
    public static CrowdingCheck Of(PublishedStudy study)
    {
        var family = study.HiddenStates[1].Models;
        var hunt = study.HiddenStates[2].Models;
        double[] gain = [.. family.Select(m => m.GainNoLn)], crowding = [.. family.Select(m => m.Crowding)], layers = [.. family.Select(m => (double)m.Layers)];
        return new(
            Correlation.Pearson(gain, crowding), Correlation.Pearson(gain, layers), Correlation.Pearson(gain, [.. family.Select(m => (double)m.Heads)]),
            PartialCorrelation.Of(gain, crowding, [layers]), hunt.Count(m => m.Crowding >= Threshold == m.GainNoLn < 1), hunt.Count);
    }
}
