namespace Castalia.Analyses;

/// <summary>One model under every convention.</summary>
/// <param name="Model">The model.</param>
/// <param name="Grid">All 54 cells.</param>
/// <param name="Resolution">What half-precision norms can tell apart at its norms.</param>
/// <param name="Match">How the grid stands to a published figure; null where none was given.</param>
sealed record ModelConventions(
    MeasuredModel Model, IReadOnlyList<ConventionCell> Grid, IReadOnlyList<NormResolution> Resolution, FigureMatch? Match)
{
    /// <summary>How many models there are, one that was read on several prompts counted once.</summary>
    public static int DistinctModels(IEnumerable<ModelConventions> models) =>
        models.Select(m => m.Model.Identity).Distinct().Count();

    /// <summary>The conventions of a model from its readings.</summary>
    public static ModelConventions Of(
        MeasuredModel model, IReadOnlyList<ConventionReading> readings, IReadOnlyList<NormPair> norms, PublishedFigure? figure)
    {
        var grid = ConventionGrid.Of(readings);
        return new(model, grid, NormResolution.All(norms), figure is null ? null : FigureMatch.Of(grid, figure));
    }
}
