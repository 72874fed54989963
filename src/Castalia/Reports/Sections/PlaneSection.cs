using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>The plane of last blocks: how long the step is, and which way it goes.</summary>
static class PlaneSection
{
    const int Places = 60;

    static readonly double[] s_gains = [0.6, 0.8, 1.25, 1.5, 2, 3];

    /// <summary>The chart, or what would measure it.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("How the last block moves the stream", 2);
        var points = e.Models.Select(model => (Model: model, Prompts: model.Prompts.Where(prompt => prompt is { StepRatio: not null, CosTheta: not null }).ToList())).Where(model => model.Prompts.Count > 0).ToList();
        if (points.Count == 0)
        {
            yield return new Paragraph("Not measured: length and direction of the last block's step. 'castalia measure CHECKPOINT' reads them.");
            yield break;
        }
        double longest = points.SelectMany(model => model.Prompts).Max(prompt => prompt.StepRatio!.Value) * 1.05;
        var notes = new Noted();
        yield return new Chart(
            "plane", "The plane of last blocks",
            "Each point is a prompt: across r = ‖Δ‖/‖h‖, the length of what the last block adds over that of what enters it; up cos θ, the cosine of the angle between the two. G² = 1 + 2 r cos θ + r² holds exactly: " +
            $"below the bold dashed line cos θ = −r/2 a block dampens. Thin lines join equal gains ({string.Join(", ", s_gains.Select(g => g.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)))}).",
            [new("r = ‖Δ‖/‖h‖") { Low = 0, High = Math.Round(longest, 2) }], [new("cos θ") { Low = -1, High = 1 }],
            [
                Curve("G = 1", longest, 1) with { Colour = -2, IsNamed = false },
                .. s_gains.Select(gain => Curve(FormattableString.Invariant($"G = {gain:0.##}"), longest, gain) with { Colour = 7, IsNamed = false }),
                .. points.Select(model => Series.Of(model.Model.Label, Mark.Points, [.. model.Prompts.Select(prompt => prompt.StepRatio)], [.. model.Prompts.Select(prompt => prompt.CosTheta)]) with
                {
                    Colour = model.Model.Index,
                    Notes = [.. model.Prompts.Select(notes.Of)],
                }),
            ],
            new(["model", "prompt", "r", "cos θ", "gain"], [.. points.SelectMany(model => model.Prompts.Select(IReadOnlyList<Cell> (prompt) =>
            [
                model.Model.Label, prompt.Name, Cell.Number(prompt.StepRatio!.Value, Figures.Real), Cell.Number(prompt.CosTheta!.Value, SignedFigures.Of), prompt.Gain is { } gain ? Cell.Number(gain, Figures.Real) : Figures.Missing,
            ]))]))
        {
            Notes = notes.All,
            Height = 440,
        };
    }

    /// <summary>Where G is the same: cos θ = (G² − 1 − r²)/(2r).</summary>
    static Series Curve(string name, double longest, double gain)
    {
        double[] r = [.. Enumerable.Range(1, Places).Select(i => longest * i / Places)];
        double?[] cos = [.. r.Select(x => (gain * gain - 1 - x * x) / (2 * x)).Select(c => c is >= -1 and <= 1 ? c : (double?)null)];
        return Series.Of(name, Mark.Dashes, [.. r.Select(x => (double?)x)], cos);
    }
}
