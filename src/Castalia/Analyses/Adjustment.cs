using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>One row of the table of confounders.</summary>
/// <param name="Predictor">Entropy, or top-1 probability.</param>
/// <param name="Controls">What was held fixed.</param>
/// <param name="OfGain">The slope of gain.</param>
/// <param name="OfDistance">The slope of |gain − 1|.</param>
sealed record Adjustment(string Predictor, Controls Controls, Figure<AdjustedSlope> OfGain, Figure<AdjustedSlope> OfDistance)
{
    /// <summary>The predictor entropy, nats.</summary>
    public const string Entropy = "entropy";

    /// <summary>The predictor and control top-1 probability: of the likeliest next token.</summary>
    public const string TopProbability = "top-1 probability";

    /// <summary>The rows: entropy with nothing, length, category and top-1 probability held fixed, each beside those before; then the probability in entropy's place.</summary>
    /// <param name="sample">The readings.</param>
    /// <param name="texts">Text of each reading where errors are clustered; null where readings are independent.</param>
    public static IReadOnlyList<Adjustment> All(GainSample sample, IReadOnlyList<string>? texts)
    {
        Controls length = Controls.None.WithLength(sample), category = length.WithCategory(sample), probability = category.WithTopProbability(sample);
        double[] entropy = sample.Entropies, top = [.. sample.Points.Select(p => p.TopProbability)];
        List<Adjustment> rows = [Row(Entropy, entropy, Controls.None)];
        foreach (var controls in new[] { length, category, probability })
            if (controls.Names.Count > rows[^1].Controls.Names.Count) rows.Add(Row(Entropy, entropy, controls));
        rows.Add(Row(TopProbability, top, category));
        return rows;

        Adjustment Row(string name, double[] predictor, Controls controls) => new(
            name, controls, AdjustedSlope.Of(predictor, sample.Gains, controls, texts), AdjustedSlope.Of(predictor, sample.Distances, controls, texts));
    }

    /// <summary>What could not be held fixed, with the reasons.</summary>
    public static IReadOnlyList<string> LeftOut(GainSample sample) =>
        Controls.None.WithLength(sample).WithCategory(sample).WithTopProbability(sample).LeftOut;
}
