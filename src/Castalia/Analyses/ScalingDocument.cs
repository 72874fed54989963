using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What <c>castalia scaling --json</c> prints.</summary>
sealed record ScalingDocument(string Format, string Runs, long Seed, IReadOnlyList<string> Families, IReadOnlyList<ScaledModelDocument> Models, ScalingFitsDocument Fits)
{
    /// <summary>The document.</summary>
    /// <param name="scaling">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static ScalingDocument Of(Scaling scaling, string folder, long seed) => new(
        "castalia scaling 1", folder, seed, scaling.Families, [.. scaling.Models.Select(ScaledModelDocument.Of)],
        new(PowerLawDocument.Of(scaling.AttentionContracts), PowerLawDocument.Of(scaling.LastMlpGain), PowerLawDocument.Of(scaling.ResidualGain)));
}

/// <summary>One size.</summary>
sealed record ScaledModelDocument(
    string Run, string Model, string Identity, string Family, long Parameters, int NLayers, object AttentionContracts, object LastMlpGain, EstimateDocument ResidualGain,
    IReadOnlyList<SubmoduleDocument> Blocks)
{
    public static ScaledModelDocument Of(ScaledModel m) => new(
        m.Run, m.Model, m.Weights, m.Family, m.Parameters, m.Blocks.Count, StatisticDocuments.Number(m.AttentionContracts), StatisticDocuments.Number(m.LastMlpGain),
        EstimateDocument.Of(m.ResidualGain), [.. m.Blocks.Select(b => new SubmoduleDocument(b.Layer, b.SubmoduleGainAttn, b.SubmoduleGainMlp))]);
}

/// <summary>Submodule gains of a block.</summary>
sealed record SubmoduleDocument(int Layer, double? SubmoduleGainAttn, double? SubmoduleGainMlp);

/// <summary>The three fits.</summary>
sealed record ScalingFitsDocument(object AttentionContracts, object LastMlpGain, object ResidualGain);

/// <summary>A power law.</summary>
sealed record PowerLawDocument(
    int N, double Alpha, double AlphaSe, IReadOnlyList<double> AlphaInterval95, double Beta, double BetaSe, double P, double R2, IReadOnlyList<double>? LeaveOneOutAlpha, string Method)
{
    public static object Of(Figure<PowerLaw> fit) => StatisticDocuments.Of(fit, f => new PowerLawDocument(
        f.N, f.Alpha, f.AlphaSe, StatisticDocuments.Ends(f.AlphaInterval95), f.Beta, f.BetaSe, f.P, f.R2, StatisticDocuments.Ends(f.LeaveOneOut),
        "least squares of log10(y) on log10(parameters), Student's t"));
}
