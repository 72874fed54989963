using Castalia.Statistics;
using static Castalia.Published.PublishedStatistic;

namespace Castalia.Published;

/// <summary>log10(last MLP gain) = α·log10(parameters) + β over the Pythia sizes, and what of it rests on single sizes.</summary>
/// <param name="Fit">Over all sizes.</param>
/// <param name="Without">The fit without each size in turn.</param>
/// <param name="Reproductions">The published fit beside this one.</param>
sealed record PowerLaw(
    Figure<SimpleRegression> Fit, IReadOnlyList<(string Model, Figure<SimpleRegression> Fit)> Without, IReadOnlyList<Reproduction> Reproductions)
{
    /// <summary>Exponent the study had expected.</summary>
    public const double Expected = 0.35;

    /// <summary>The law over the sizes of a study.</summary>
    public static PowerLaw Of(SubmoduleSeries series)
    {
        var fit = Over(series.Sizes);
        return new(
            fit,
            [.. series.Sizes.Select(left => (left.Model, Over([.. series.Sizes.Where(size => size != left)])))],
            [.. series.Published.Select(p => new Reproduction("Pythia sizes", p.Key, p.Value, Recompute(fit.Value, p.Key)))]);
    }

    static Figure<SimpleRegression> Over(IReadOnlyList<SubmoduleSize> sizes) => Regression.Simple(
        [.. sizes.Select(size => Math.Log10(size.Parameters))], [.. sizes.Select(size => Math.Log10(size.LastMlpGain))]);

    static double? Recompute(SimpleRegression? fit, string statistic) => statistic switch
    {
        Exponent => fit?.Slope,
        ExponentSe => fit?.SlopeSe,
        PublishedStatistic.Intercept => fit?.Intercept,
        PublishedStatistic.R2 => fit?.R2,
        ExponentP => fit?.P,
        _ => throw new InvalidOperationException($"Nothing recomputes '{statistic}'."),
    };
}
