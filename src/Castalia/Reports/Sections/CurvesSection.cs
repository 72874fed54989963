using Castalia.Analyses;
using Castalia.Curves;
using Castalia.Errors;
using Castalia.Reports.Pages;

namespace Castalia.Reports.Sections;

/// <summary>Gains over training, of trainings of which runs hold several steps; nothing where there are none.</summary>
static class CurvesSection
{
    /// <summary>The curves, or why they are not drawn.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        if (e.Store is not { } store || !store.Runs.SelectMany(run => run.Models).Where(model => model.Source.Step is not null)
            .GroupBy(model => model.Source.Training).Any(training => training.Select(model => model.Source.Step).Distinct().Count() > 1)) return [];
        try
        {
            return [new Heading("Over training", 2), .. CurveReport.Blocks(CurveSet.Of(store, CurveReading.All[0], GainGrouping.Model, DuplicateSteps.Refuse, 1, e.Cancellation))];
        }
        catch (InputException refused)
        {
            return [new Heading("Over training", 2), new Paragraph($"Not drawn: {refused.Cause} {refused.Remedy}")];
        }
    }
}
