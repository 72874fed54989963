using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>How far seeds of one recipe differ, beside how well each of them is known.</summary>
/// <param name="Seeds">Seeds.</param>
/// <param name="Mean">Mean of their readings.</param>
/// <param name="Sd">Standard deviation between seeds, n − 1, in the unit of the readings.</param>
/// <param name="SdInterval95">Its 95 % interval for normal readings, by χ².</param>
/// <param name="WithinSe">Standard error within a seed: the root of the mean square of theirs.</param>
/// <param name="Ratio">Sd over WithinSe: near 1 where seeds differ by no more than their readings err.</param>
/// <param name="Below">Seeds whose interval ends below the centre.</param>
/// <param name="Above">Seeds whose interval begins above it.</param>
readonly record struct SpreadOfSeeds(int Seeds, double Mean, double Sd, Interval SdInterval95, double WithinSe, Figure<double> Ratio, int Below, int Above) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Mean, Sd, SdInterval95.Low, SdInterval95.High, WithinSe };
}

/// <summary>Spread between seeds against the error within them, and on which side of a centre each seed is.</summary>
static class SeedSpread
{
    /// <summary>The spread; undefined for fewer than two seeds, values that are not finite, an error below 0 and an interval that ends before it begins.</summary>
    /// <param name="readings">Of each seed its mean over prompts.</param>
    /// <param name="errors">Standard error of each, over prompts.</param>
    /// <param name="intervals">95 % interval of each.</param>
    /// <param name="centre">What seeds may lie on either side of.</param>
    public static Figure<SpreadOfSeeds> Of(IReadOnlyList<double> readings, IReadOnlyList<double> errors, IReadOnlyList<Interval> intervals, double centre)
    {
        if (errors.Count != readings.Count || intervals.Count != readings.Count) throw new ArgumentException($"{readings.Count} readings have {errors.Count} errors and {intervals.Count} intervals.", nameof(errors));
        if (Sample.Objection(readings, 2, "has no spread") is { } why) return Undefined(why);
        if (SampleFlaw.Of(errors, "the errors") is { } flaw) return Undefined(flaw);
        for (int i = 0; i < readings.Count; i++)
        {
            if (errors[i] < 0) return Undefined($"error {i + 1} is below 0");
            if (!(intervals[i].Low <= intervals[i].High)) return Undefined($"interval {i + 1} ends before it begins");
        }
        if (Describe.Sd(readings).Value is not { } sd) return Undefined(Pearson.OutOfRange);
        double df = readings.Count - 1, within = Math.Sqrt(Describe.Mean([.. errors.Select(e => e * e)]));
        Interval ofSd = new(sd * Math.Sqrt(df / ChiSquared.UpperQuantile(0.025, df)), sd * Math.Sqrt(df / ChiSquared.UpperQuantile(0.975, df)));
        return Figure<SpreadOfSeeds>.Of(new(
            readings.Count, Describe.Mean(readings), sd, ofSd, within, within == 0 ? Figure<double>.Undefined("no seed has an error") : Figure<double>.Of(sd / within),
            intervals.Count(i => i.High < centre), intervals.Count(i => i.Low > centre)));
    }

    static Figure<SpreadOfSeeds> Undefined(string because) => Figure<SpreadOfSeeds>.Undefined(because);
}
