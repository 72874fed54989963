using System.Globalization;
using Castalia.Analyses;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>How figures go with size.</summary>
static class ScalingSection
{
    const int Sizes = 3, Places = 30;

    /// <summary>A chart where a family is there in several sizes, and fits where there are enough, or what would measure them.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        if (e.Store is null) yield break;
        var models = ScaledModels.Of(e.Store, null, 1, e.Cancellation);
        var families = models.GroupBy(m => m.Family).Where(family => family.Select(m => m.Parameters).Distinct().Count() > 1).ToList();
        bool isFitted = models.Select(m => m.Parameters).Distinct().Count() >= Sizes;
        if (families.Count > 0 || isFitted) yield return new Heading("Over sizes", 3);
        if (families.Count > 0) yield return Drawn([.. families.Select(family => (family.Key, Scaling.Of([.. family])))]);
        if (isFitted)
        {
            foreach (var block in ScalingReport.Of(Scaling.Of(models), e.Store.Folder, 1).Blocks.Skip(1)) yield return block;
        }
        else yield return new Paragraph(string.Create(CultureInfo.InvariantCulture, $"Not measured: {Sizes} sizes or more, over which figures could be fitted. 'castalia measure' of several sizes, then 'castalia scaling', does."));
    }

    /// <summary>Sizes of families with their laws.</summary>
    internal static Chart Drawn(IReadOnlyList<(string Name, Scaling Sizes)> families)
    {
        var all = families.SelectMany(family => family.Sizes.Models).ToList();
        Func<ScaledModel, double?>[] figures = [m => m.ResidualGain.Mean.Value, m => m.LastMlpGain.Value, m => m.AttentionContracts.Value];
        return new(
            "scaling", "Figures over sizes",
            $"Each point is a model of a family of which several sizes are stored, {Figures.Of(all.Count, "model")}: across its parameters, counted from its tensors; up by choice the mean gain of the last block with its 95 % BCa bootstrap interval (strokes), " +
            $"the last MLP's submodule gain, or the share of blocks whose attention has one below 1. Lines are power laws by least squares, where {Sizes} sizes of a family or more allow one. Each size was trained once: no interval holds the spread between trainings.",
            [new("parameters") { MayBeLog = true, IsLog = true }], [new("mean gain of the last block") { Reference = 1 }, new("last MLP, ‖output‖/‖normed input‖") { Reference = 1 }, new("share of blocks with attention below 1")],
            [
                .. families.SelectMany((family, i) => new[]
                {
                    new Series(family.Name, Mark.Strokes, [Trebled(family.Sizes, m => m.Parameters, m => m.Parameters)],
                        [Trebled(family.Sizes, m => m.ResidualGain.Interval95.Value?.Low, m => m.ResidualGain.Interval95.Value?.High), Nothing(family.Sizes), Nothing(family.Sizes)]) { Colour = i, IsNamed = false, Size = 3 },
                    Laws(family.Name, family.Sizes) with { Colour = i, IsNamed = false },
                    new Series(family.Name, Mark.Points, [[.. family.Sizes.Models.Select(m => (double?)m.Parameters)]], [.. figures.Select(figure => family.Sizes.Models.Select(figure).ToArray())])
                    {
                        Colour = i, Size = 9, Notes = [.. family.Sizes.Models.Select(m => all.IndexOf(m))],
                    },
                }).Where(series => series.X[0].Count > 0),
            ],
            new([Column.Words("model"), Column.Words("family"), "parameters", "n", "mean gain", "low", "high", "last MLP", "attention below 1"], [.. all.Select(IReadOnlyList<Cell> (m) =>
            [
                m.Label, m.Family, Cell.Count(m.Parameters), Cell.Count(m.ResidualGain.N), Cell.Of(m.ResidualGain.Mean, Figures.Real), Cell.Of(m.ResidualGain.Interval95.Then(i => Figure<double>.Of(i.Low)), Figures.Real),
                Cell.Of(m.ResidualGain.Interval95.Then(i => Figure<double>.Of(i.High)), Figures.Real), Cell.Of(m.LastMlpGain, Figures.Real), Cell.Of(m.AttentionContracts, Figures.Real),
            ])]))
        {
            Notes = [.. all.Select(m => (IReadOnlyList<(string, string)>)[("model", m.Label), ("parameters", Figures.Count(m.Parameters))])],
        };
    }

    static List<double?> Trebled(Scaling sizes, Func<ScaledModel, double?> first, Func<ScaledModel, double?> second) => [.. sizes.Models.SelectMany(m => new[] { first(m), second(m), null })];

    static double?[] Nothing(Scaling sizes) => new double?[3 * sizes.Models.Count];

    static Series Laws(string name, Scaling sizes)
    {
        Figure<Castalia.Analyses.PowerLaw>[] laws = [sizes.ResidualGain, sizes.LastMlpGain, sizes.AttentionContracts];
        if (laws.All(law => law.Value is null)) return new(name, Mark.Dashes, [[]], [[], [], []]);
        double low = Math.Log10(sizes.Models.Min(m => m.Parameters)), high = Math.Log10(sizes.Models.Max(m => m.Parameters));
        double[] at = [.. Enumerable.Range(0, Places + 1).Select(i => low + (high - low) * i / Places)];
        return new(name, Mark.Dashes, [[.. at.Select(x => (double?)Math.Pow(10, x))]], [.. laws.Select(law => at.Select(x => law.Value is { } fit ? Math.Pow(10, fit.Alpha * x + fit.Beta) : (double?)null).ToArray())]);
    }
}
