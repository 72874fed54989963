using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>How results spell the conventions: as the goldens do.</summary>
static class GoldenNames
{
    /// <summary>Every position rule with its name.</summary>
    public static IReadOnlyList<(PositionRule Rule, string Name)> Rules { get; } =
    [
        (PositionRule.Last, "last"),
        (PositionRule.First, "first"),
        (PositionRule.MeanOfRatios, "mean-of-ratios"),
        (PositionRule.RatioOfMeans, "ratio-of-means"),
        (PositionRule.MeanOfRatiosWithoutFirst, "mean-of-ratios-without-first"),
        (PositionRule.RatioOfMeansWithoutFirst, "ratio-of-means-without-first"),
    ];

    /// <summary>Every reference point with its name.</summary>
    public static IReadOnlyList<(ReferencePoint Point, string Name)> Points { get; } =
    [
        (ReferencePoint.Block, "block"),
        (ReferencePoint.Penultimate, "penultimate"),
        (ReferencePoint.FinalNorm, "final-norm"),
    ];

    /// <summary>The norms of a block by the name of their site, in the order in which a block computes them.</summary>
    public static IReadOnlyList<(string Site, OfBlock Norm)> Norms { get; } =
    [
        ("resid_pre", (in b) => b.NormPre),
        ("attn_in", (in b) => b.NormAttnIn),
        ("z", (in b) => b.NormZ),
        ("attn_out", (in b) => b.NormAttnOut),
        ("resid_mid", (in b) => b.NormMid),
        ("mlp_in", (in b) => b.NormMlpIn),
        ("mlp_post", (in b) => b.NormMlpPost),
        ("mlp_out", (in b) => b.NormMlpOut),
        ("resid_post", (in b) => b.NormPost),
    ];

    /// <summary>A rule's name.</summary>
    public static string Of(PositionRule rule)
    {
        foreach (var (known, name) in Rules)
            if (known == rule) return name;
        throw new ArgumentOutOfRangeException(nameof(rule), rule, null);
    }

    /// <summary>A reference point's name.</summary>
    public static string Of(ReferencePoint point) => Points.First(p => p.Point == point).Name;

    /// <summary>A precision's name.</summary>
    public static string Of(NormPrecision precision) => precision.ToString().ToLowerInvariant();
}
