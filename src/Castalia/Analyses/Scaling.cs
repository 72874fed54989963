using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>How figures of the blocks change with the number of parameters.</summary>
/// <param name="Models">The sizes, fewest parameters first.</param>
/// <param name="AttentionContracts">Fit of the share of blocks whose attention contracts.</param>
/// <param name="LastMlpGain">Fit of the last MLP's submodule gain.</param>
/// <param name="ResidualGain">Fit of the mean gain of the last block.</param>
sealed record Scaling(
    IReadOnlyList<ScaledModel> Models, Figure<PowerLaw> AttentionContracts, Figure<PowerLaw> LastMlpGain, Figure<PowerLaw> ResidualGain)
{
    /// <summary>Families among the models; with several an exponent mixes what size does with what family does.</summary>
    public IReadOnlyList<string> Families => [.. Models.Select(m => m.Family).Distinct()];

    /// <summary>The figures and fits.</summary>
    public static Scaling Of(IReadOnlyList<ScaledModel> models)
    {
        List<ScaledModel> sizes = [.. models.OrderBy(m => m.Parameters)]; // stable: models of one size stay in order
        var twice = sizes.GroupBy(m => m.Weights, StringComparer.Ordinal).FirstOrDefault(one => one.Count() > 1);
        return new(sizes, Fit(m => m.AttentionContracts), Fit(m => m.LastMlpGain), Fit(m => m.ResidualGain.Mean));

        Figure<PowerLaw> Fit(Func<ScaledModel, Figure<double>> y) => twice is null
            ? PowerLaw.Of([.. sizes.Select(m => (m.Label, m.Parameters, y(m)))])
            : Figure<PowerLaw>.Undefined(
                $"{string.Join(" and ", twice.Select(m => m.Label).Distinct())} {(twice.Select(m => m.Label).Distinct().Count() > 1 ? "are one model and stand" : "stands")} " +
                $"in {twice.Count()} runs and would count {twice.Count()} times; name the runs to fit");
    }
}
