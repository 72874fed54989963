using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Permutation p-values of a set of models, each adjusted over the models for which it is defined (Holm 1979).</summary>
/// <param name="Tests">How many p-values the adjustment was over.</param>
/// <param name="Adjusted">One for each model, in order; undefined where its p is.</param>
sealed record HolmOverModels(int Tests, IReadOnlyList<Figure<double>> Adjusted)
{
    /// <summary>Adjusts one p-value per model.</summary>
    public static HolmOverModels Of(IReadOnlyList<Figure<double>> ps) => new(ps.Count(p => p.Value is not null), Multiplicity.OfDefined(ps, Multiplicity.Holm));
}
