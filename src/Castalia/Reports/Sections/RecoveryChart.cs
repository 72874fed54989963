using Castalia.Derivatives;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>The gain of a longer and a shorter stream, measured, beside the quadratic law.</summary>
static class RecoveryChart
{
    const int Places = 48; // of the law's line

    const int MostPrompts = 100; // drawn one by one; each has a point for every s

    const int Grey = 7; // of the palette

    /// <summary>Of the last block that was read; null where no prompt has every figure.</summary>
    public static Chart? Of(ReportedModel model, MappedPrompt[] prompts, CancellationToken cancellation)
    {
        var whole = prompts.Where(prompt => prompt is { Gain: not null, StepRatio: not null, CosTheta: not null } && prompt.Gains.All(gain => gain is not null)).ToArray();
        if (whole.Length == 0) return null;
        // s = 1 is the pass itself.
        (double S, int At)[] scales = [.. DynamicsOptions.Scales.Select((s, i) => (s, i)).Append((1, -1)).OrderBy(scale => scale.Item1)];
        double Measured(MappedPrompt prompt, int at) => at < 0 ? prompt.Gain!.Value : prompt.Gains[at]!.Value;
        var found = scales.Select(scale => (scale.S, Law: whole.Average(prompt => Law(prompt, scale.S)),
            Gain: Describe.Of([.. whole.Select(prompt => Measured(prompt, scale.At))], 1, cancellation), Off: Describe.Of([.. whole.Select(prompt => Measured(prompt, scale.At) - Law(prompt, scale.S))], 1, cancellation))).ToList();
        double low = scales[0].S, high = scales[^1].S;
        double[] line = [.. Enumerable.Range(0, Places + 1).Select(i => low + (high - low) * i / Places)];
        MappedPrompt[] single = [.. whole.Take(MostPrompts)];
        var notes = new Noted();
        int[] noted = [.. single.Select(prompt => notes.Of(model.Prompts[prompt.Index]))];
        return new(
            FormattableString.Invariant($"recovery-{model.Index}"), $"A longer and a shorter stream, {model.Label}",
            $"Block {prompts[0].Layer + 1}, the last that was read: the stream that enters it at the last position is made s times as long, the others held. Up the gain G(s) = ‖F(s·h)‖/‖s·h‖, or G(s) less the quadratic law √(1 + 2(r/s)cos θ + (r/s)²) of each prompt, " +
            $"whose mean is the dashed line. Large points are means over {Figures.Of(whole.Length, "prompt")}, strokes their 95 % BCa bootstrap intervals (seed 1); small grey ones are prompts" + (whole.Length > single.Length ? $", the first {MostPrompts}." : ".") +
            " Where G(s) falls through 1 as s grows the block has a set point.",
            [new("s, length over that of the pass") { Low = low / 2, High = high + low / 2 }], [new("gain G(s)") { Reference = 1 }, new("G(s) less the law") { Reference = 0 }],
            [
                new("prompts", Mark.Points, [[.. single.SelectMany(_ => scales.Select(scale => (double?)scale.S))]],
                    [[.. single.SelectMany(prompt => scales.Select(scale => (double?)Measured(prompt, scale.At)))], [.. single.SelectMany(prompt => scales.Select(scale => (double?)(Measured(prompt, scale.At) - Law(prompt, scale.S))))]])
                    { Colour = Grey, Size = 4, Notes = [.. noted.SelectMany(note => Enumerable.Repeat(note, scales.Length))] },
                new("quadratic law", Mark.Dashes, [[.. line.Select(s => (double?)s)]], [[.. line.Select(s => (double?)whole.Average(prompt => Law(prompt, s)))], new double?[line.Length]]) { Colour = 1 },
                new("measured", Mark.Strokes, [[.. found.SelectMany(one => new double?[] { one.S, one.S, null })]], [Ends(found.Select(one => one.Gain)), Ends(found.Select(one => one.Off))]) { IsNamed = false, Size = 3 },
                new("measured", Mark.Points, [[.. found.Select(one => (double?)one.S)]], [[.. found.Select(one => one.Gain.Mean.Value)], [.. found.Select(one => one.Off.Mean.Value)]]) { Size = 9 },
            ],
            new(["s", "n", "G(s)", "low", "high", "law", "G(s) less the law", "low", "high"], [.. found.Select(IReadOnlyList<Cell> (one) =>
            [
                FormattableString.Invariant($"{one.S}"), Cell.Count(one.Gain.N), Cell.Of(one.Gain.Mean, Figures.Real), Cell.Of(Low(one.Gain), Figures.Real), Cell.Of(High(one.Gain), Figures.Real),
                Cell.Number(one.Law, Figures.Real), Cell.Of(one.Off.Mean, SignedFigures.Of), Cell.Of(Low(one.Off), SignedFigures.Of), Cell.Of(High(one.Off), SignedFigures.Of),
            ])]))
        {
            Notes = notes.All,
        };
    }

    static double Law(MappedPrompt prompt, double s)
    {
        double r = prompt.StepRatio!.Value / s;
        return Math.Sqrt(1 + 2 * r * prompt.CosTheta!.Value + r * r);
    }

    static Figure<double> Low(Estimate estimate) => estimate.Interval95.Then(i => Figure<double>.Of(i.Low));

    static Figure<double> High(Estimate estimate) => estimate.Interval95.Then(i => Figure<double>.Of(i.High));

    static double?[] Ends(IEnumerable<Estimate> estimates) => [.. estimates.SelectMany(estimate => new[] { Low(estimate).Value, High(estimate).Value, null })];
}
