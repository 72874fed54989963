using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The last part of <c>castalia bentov</c>: samples of one model from different runs, side by side.</summary>
static class TwoSamplesParts
{
    /// <summary>A part for each model.</summary>
    public static IEnumerable<PageBlock> Of(IReadOnlyList<TwoSamples> pairs)
    {
        yield return new Heading("The same weights in several runs");
        foreach (var model in pairs.GroupBy(p => (p.First.Sample.Source.Weights, p.First.Sample.Source.Activation, p.First.Sample.Source.Arithmetic)))
        {
            List<ComparedSample> samples = [.. model.SelectMany(p => new[] { p.First, p.Second }).Distinct()];
            yield return new Table(["sample", "n", "tokens so far", "r(G, H)", "slope per nat", "held fixed", "below 1"], [.. samples.Select(IReadOnlyList<Cell> (s, i) =>
            [
                Letter(i), Cell.Count(s.Sample.Points.Count), Lengths(s.Sample), Value(s.Pearson), Value(s.Slope), Value(s.Adjusted), Cells.Share(s.Below, s.Sample.Points.Count),
            ])]);
            yield return new Remarks([.. samples.Select((s, i) => $"{Letter(i)}: {s.Sample.Source.Label}, run {s.Sample.Source.Run}, {s.Sample.Source.PromptSet}, {Where(s.Sample)}")], Hang: 3);
            yield return new Paragraph("tokens so far: median (5 to 95 %). held fixed: slope with length and, where there are any, categories held fixed.");
            yield return new Gap();
            yield return new Table(["difference", "of r", "95 % interval", "of slope", "95 % interval"], [.. model.Select(IReadOnlyList<Cell> (p) =>
            [
                Name(p), Cell.Of(p.OfPearson, d => SignedFigures.Of(d.Value), Name(p)), Cell.Of(p.OfPearson, d => SignedFigures.Span(d.Interval95)),
                Cell.Of(p.OfSlope, d => SignedFigures.Of(d.Value), Name(p)), Cell.Of(p.OfSlope, d => SignedFigures.Span(d.Interval95)),
            ])]);
            yield return new Paragraph("Intervals of differences: from the two intervals (Zou 2007), the samples being independent.");
            yield return new Paragraph(Cannot([.. model], samples));

            string Name(TwoSamples p) => $"{Letter(samples.IndexOf(p.First))} − {Letter(samples.IndexOf(p.Second))}";
        }
    }

    /// <summary>What no difference between these samples shows, by what differs between them.</summary>
    static string Cannot(List<TwoSamples> pairs, List<ComparedSample> samples)
    {
        List<string> respects = [.. pairs.SelectMany(pair => pair.Respects).Distinct()];
        if (respects.Count == 0) return "What cannot be concluded: nothing that the runs record differs between the samples, so they are one sample read again.";
        bool mixed = respects.Contains("position"), alone = pairs.Exists(pair => pair.Respects.Count == 1);
        string listed = Published.StudyWords.List(respects);
        return $"What cannot be concluded: the samples differ in {listed}" +
            (respects.Count > 1 ? $" at once{(alone ? "" : ", and no two of them differ in one of these alone")}. " : ". ") +
            (respects.Contains("texts")
                ? "So neither r is the model's own: each belongs to its texts, whose kind may differ as well, and a difference between them names no cause. A small sample of short prompts " +
                  "cannot tell certainty from category, length or position; regression holds fixed only what varies inside a sample."
                : "The texts are the same, so the readings are pairs and 'castalia compare' takes them as such; two correlations side by side waste that.") +
            (mixed ? " Last tokens weigh each prompt once, positions weigh each text by its length." : "");
    }

    static string Where(GainSample sample) => sample.Sampling == Sampling.LastToken ? "last token of each prompt" : "every position but the first";

    static string Lengths(GainSample sample)
    {
        double[] lengths = [.. sample.Points.Select(p => (double)p.Length).Order()];
        return lengths.Length == 0 ? Figures.Missing : FormattableString.Invariant($"{At(0.5):0} ({At(0.05):0}–{At(0.95):0})");

        double At(double p) => Statistics.Describe.Quantile(lengths, p);
    }

    static string Letter(int index) => index < 26 ? $"{(char)('A' + index)}" : $"A{index}";

    static string Value((double Value, Statistics.Interval)? figure) => figure is { } f ? SignedFigures.Of(f.Value) : Figures.Missing;
}
