using Castalia.Reports.Pages;
using Castalia.Slurm;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What is said of a sweep on Slurm, for people.</summary>
static class SlurmReport
{
    /// <summary>What Slurm says of its tasks; stands below how far the sweep has come.</summary>
    public static IEnumerable<PageBlock> Of(SlurmStatus status)
    {
        yield return new Gap();
        yield return new Paragraph(status.Answers ? $"Slurm: {Summary(status)}." : "Slurm does not answer; the cells' folder does.");
        foreach (var trouble in status.Troubles)
        {
            yield return new Gap();
            yield return new Remarks([trouble.What, $"to do: {trouble.ToDo}"]);
        }
    }

    /// <summary>In a line.</summary>
    public static string Summary(SlurmStatus status) =>
        $"{(status.Running == 1 ? "1 task runs" : $"{Figures.Count(status.Running)} tasks run")}, {Figures.Count(status.Pending)} pending, {Figures.Count(status.Held)} held";

    /// <summary>What would be submitted.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="time">Its tasks' time limit, in words.</param>
    public static IEnumerable<PageBlock> Of(SweepSubmission submission, string time) =>
    [
        new Gap(),
        new Paragraph($"Time limit of a task: {time}. Nothing was submitted."),
        new Gap(),
        new Heading($"{submission.Folder}/job.sh", 3),
        new Verbatim(submission.Script),
        new Gap(),
        new Heading("Submitted by", 3),
        new Verbatim(submission.Command + "\n"),
    ];
}
