using Castalia.Machine;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Files, hashes, versions and options behind every figure.</summary>
static class ProvenanceSection
{
    /// <summary>Tables of runs and models, and what made the document.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("Where the figures are from", 2);
        yield return new Paragraph($"Made by {Software.NameAndVersion}. {ChartScripts.Licence}");
        if (e.Study is { } study)
            yield return new Paragraph($"Published figures: {study.Study.Study.Author} ({study.Study.Study.Year}), {study.Study.Study.Title}, doi {study.Study.Study.Doi}; from {study.Study.Study.Repository}.");
        if (e.Store is null) yield break;
        yield return new Table(
            ["run", Column.Words("started (UTC)"), Column.Words("prompt set"), Column.Words("BOS"), Column.Words("positions"), Column.Words("activation"), "seed", "threads", Column.Words("software"), Column.Words("SHA-256 of the manifest")],
            [.. e.Store.Runs.Select(IReadOnlyList<Cell> (run) =>
            [
                run.Name, run.StartedUtc.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), run.PromptSet, run.Bos, run.Positions, run.Activation, new($"{run.Seed}", run.Seed), Cell.Count(run.Threads),
                run.Software, run.ManifestSha256 ?? Figures.Missing,
            ])])
        { Caption = "Runs" };
        yield return new Table(
            ["model", Column.Words("run"), Column.Words("path"), Column.Words("repository"), "parameters", Column.Words("SHA-256 of the tensors read"), Column.Words("SHA-256 of the prompts")],
            [.. e.Store.Runs.SelectMany(run => run.Models.Select(IReadOnlyList<Cell> (model) =>
            [
                model.Name, run.Name, model.Path, model.Hub is { } hub ? $"{hub.Repository}@{hub.Commit}" : Figures.Missing, Cell.Count(model.Parameters), model.Identity.WeightsSha256 ?? Figures.Missing, model.PromptsSha256,
            ]))])
        { Caption = "Models" };
        foreach (string sentence in Castalia.Store.RepeatsText.Of(e.Store.Counted)) yield return new Paragraph(sentence);
        yield return new Paragraph("Every table of this document can be saved from its chart; 'castalia query' reaches all rows of the runs.");
    }
}
