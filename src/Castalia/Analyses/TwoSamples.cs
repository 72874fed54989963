using Castalia.Published;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>One sample of a comparison: the figures that two samples of one model are compared by.</summary>
/// <param name="Sample">The readings.</param>
/// <param name="Pearson">r(gain, entropy) and its interval; null where there is none.</param>
/// <param name="Slope">Slope of gain per nat and its interval; null where there is none.</param>
/// <param name="Adjusted">The same with length and category held fixed.</param>
/// <param name="Below">Readings below 1.</param>
sealed record ComparedSample(
    GainSample Sample, (double Value, Interval Interval95)? Pearson, (double Value, Interval Interval95)? Slope,
    (double Value, Interval Interval95)? Adjusted, int Below)
{
    /// <summary>Of last tokens.</summary>
    public static ComparedSample Of(BentovPrompts b) => new(
        b.Sample,
        b.OfGain.Pearson.Value is { Interval95.Value: { } interval } r ? (r.Coefficient, interval) : null,
        SlopeOf(b.GainLine), AdjustedOf(b.Adjustments), b.Sides.Below);

    /// <summary>Of every position, intervals by text.</summary>
    public static ComparedSample Of(BentovPositions b) => new(
        b.Sample,
        b.OfGain.Pearson.Value is { Interval95.Value: { } interval } r ? (r.Value, interval) : null,
        SlopeOf(b.GainLine), AdjustedOf(b.Adjustments), b.Sides.Below);

    static (double, Interval)? SlopeOf(Figure<FittedLine> line) => line.Value is { } l ? (l.Slope, l.SlopeInterval95) : null;

    /// <summary>The entropy row that holds most fixed without the probability, which is nearly entropy itself.</summary>
    static (double, Interval)? AdjustedOf(IReadOnlyList<Adjustment> rows)
    {
        var row = rows.Last(r => r.Predictor == Adjustment.Entropy && !r.Controls.Names.Contains(Adjustment.TopProbability));
        return row.Controls.Names.Count > 0 && row.OfGain.Value is { } slope ? (slope.Slope, slope.Interval95) : null;
    }
}

/// <summary>Two samples of one model, side by side.</summary>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
/// <param name="OfPearson">Difference of r.</param>
/// <param name="OfSlope">Difference of the slopes.</param>
/// <param name="Shared">Prompts that stand in both runs.</param>
sealed record TwoSamples(
    ComparedSample First, ComparedSample Second, Figure<Difference> OfPearson, Figure<Difference> OfSlope, int Shared)
{
    /// <summary>First minus second; undefined where a prompt stands in both, because then the samples are not independent.</summary>
    public static TwoSamples Of(ComparedSample first, ComparedSample second)
    {
        SampleSource one = first.Sample.Source, other = second.Sample.Source;
        int shared = Math.Max(one.Fed.Count(other.Fed.Contains), one.Texts.Count(other.Texts.Contains)); // under two BOS policies only the texts are the same
        string because = $"{shared} of the prompts {(shared == 1 ? "stands" : "stand")} in both runs, so they are not independent samples";
        return new(
            first, second,
            shared > 0 ? Figure<Difference>.Undefined(because) : Difference.Of(first.Pearson, second.Pearson),
            shared > 0 ? Figure<Difference>.Undefined(because) : Difference.Of(first.Slope, second.Slope),
            shared);
    }

    /// <summary>In what the two differ, of what a run records, for people.</summary>
    public IReadOnlyList<string> Respects
    {
        get
        {
            GainSample a = First.Sample, b = Second.Sample;
            List<string> respects = [];
            if (!a.Source.Texts.SetEquals(b.Source.Texts)) respects.Add("texts");
            if (a.Source.Bos != b.Source.Bos) respects.Add("BOS policy");
            if (!a.Points.Select(p => p.Length).Order().SequenceEqual(b.Points.Select(p => p.Length).Order())) respects.Add("length");
            if (a.Sampling != b.Sampling) respects.Add("position");
            if (!a.Points.Select(p => p.Category).ToHashSet().SetEquals(b.Points.Select(p => p.Category))) respects.Add("category");
            return respects;
        }
    }

    /// <summary>What no difference between these samples shows, by what differs between them.</summary>
    public static string NotConcluded(IReadOnlyList<TwoSamples> pairs)
    {
        List<string> respects = [.. pairs.SelectMany(pair => pair.Respects).Distinct()];
        if (respects.Count == 0) return "What cannot be concluded: nothing that the runs record differs between the samples, so they are one sample read again.";
        bool mixed = respects.Contains("position"), alone = pairs.Any(pair => pair.Respects.Count == 1);
        string listed = StudyWords.List(respects);
        return $"What cannot be concluded: the samples differ in {listed}" +
            (respects.Count > 1 ? $" at once{(alone ? "" : ", and no two of them differ in one of these alone")}. " : ". ") +
            (respects.Contains("texts")
                ? "So neither r is the model's own: each belongs to its texts, whose kind may differ as well, and a difference between them names no cause. A small sample of short prompts " +
                  "cannot tell certainty from category, length or position; regression holds fixed only what varies inside a sample."
                : "The texts are the same, so the readings are pairs and 'castalia compare' takes them as such; two correlations side by side waste that.") +
            (mixed ? " Last tokens weigh each prompt once, positions weigh each text by its length." : "");
    }
}
