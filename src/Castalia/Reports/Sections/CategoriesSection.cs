using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Gains by category of prompt, every prompt a point.</summary>
static class CategoriesSection
{
    const double Spread = 0.62; // of a category's place, over its models

    /// <summary>The chart, or what would measure it.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("By category of prompt", 2);
        var models = e.Models.Where(model => model.Prompts.Select(prompt => prompt.Category).Distinct().Count() > 1).ToList();
        if (models.Count == 0)
        {
            yield return new Paragraph("Not measured: prompts of several categories. 'castalia measure CHECKPOINT --prompts standard-25' reads such.");
            yield break;
        }
        string[] names = [.. models.SelectMany(model => model.Prompts).Select(Category).Distinct()];
        var notes = new Noted();
        var groups = (from model in models.Index()
                      from category in model.Item.Prompts.Where(prompt => prompt.Gain is not null).GroupBy(Category)
                      let beside = models.FindAll(other => other.Prompts.Any(prompt => prompt.Gain is not null && Category(prompt) == category.Key))
                      let place = Array.IndexOf(names, category.Key) + (beside.Count == 1 ? 0 : Spread * (beside.IndexOf(model.Item) / (beside.Count - 1.0) - 0.5))
                      select (Model: model.Item, Name: category.Key, Place: place, Prompts: category.ToList(), Gain: Describe.Of([.. category.Select(prompt => prompt.Gain!.Value)], 1, e.Cancellation))).ToList();
        yield return new Chart(
            "categories", "Gain by category", "Each point is a prompt, its text at the point; strokes are 95 % BCa bootstrap intervals of a category's mean (seed 1), which are too narrow where n is small. Models stand side by side within a category. Categories also differ in length and certainty: a difference is one between these prompts.",
            [new Axis("gain of the last block") { Reference = 1, MayBeLog = groups.SelectMany(group => group.Prompts).All(prompt => prompt.Gain > 0) }], [Axis.Of("", names)],
            [
                .. groups.GroupBy(group => group.Model).Select(model => Series.Of(
                    model.Key.Label, Mark.Points, [.. model.SelectMany(group => group.Prompts.Select(prompt => prompt.Gain))], [.. model.SelectMany(group => group.Prompts.Select(_ => (double?)group.Place))]) with
                {
                    Colour = model.Key.Index,
                    Notes = [.. model.SelectMany(group => group.Prompts.Select(notes.Of))],
                    Size = models.Count > 4 ? 5 : 8,
                }),
                .. groups.GroupBy(group => group.Model).Select(model => Series.Of(
                    model.Key.Label, Mark.Strokes,
                    [.. model.Where(group => group.Gain.Interval95.Value is not null).SelectMany(group => new double?[] { group.Gain.Interval95.Value!.Value.Low, group.Gain.Interval95.Value!.Value.High, null })],
                    [.. model.Where(group => group.Gain.Interval95.Value is not null).SelectMany(group => new double?[] { group.Place, group.Place, null })]) with { Colour = model.Key.Index, IsNamed = false, Size = 4 }),
            ],
            new(["model", Column.Words("category"), "n", "mean", "sd", "low", "high", "below 1"], [.. groups.Select(IReadOnlyList<Cell> (group) =>
            [
                group.Model.Label, group.Name, Cell.Count(group.Gain.N), Cell.Of(group.Gain.Mean, Figures.Real), Cell.Of(group.Gain.Sd, Figures.Real), Cell.Of(group.Gain.Interval95.Then(i => Figure<double>.Of(i.Low)), Figures.Real),
                Cell.Of(group.Gain.Interval95.Then(i => Figure<double>.Of(i.High)), Figures.Real), Cell.Count(group.Prompts.Count(prompt => prompt.Gain < 1)),
            ])]))
        {
            Notes = notes.All,
            Height = Math.Max(280, 80 + names.Length * Math.Clamp(9 * models.Count, 40, 90)),
        };
    }

    static string Category(ReportedPrompt prompt) => prompt.Category ?? "no category";
}
