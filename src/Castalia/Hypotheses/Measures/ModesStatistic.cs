using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Whether values have one mode, and the shape of their distribution.</summary>
static class ModesStatistic
{
    const long Seed = 1;

    public static Statistic Dip { get; } = new("dip",
        "Hartigan and Hartigan's dip of `of`: the largest distance of its distribution function from a unimodal one, p by 10,000 uniform samples (seed 1), and the ends of the modal interval.",
        ["of"], [], ["n", "dip", "p", "mode_low", "mode_high"], (test, sample) =>
        {
            var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
            var dip = HartiganDip.Of(rows.Numbers(test.Of!), Seed);
            return new(new Dictionary<string, Figure<double>>
            {
                ["n"] = Figure<double>.Of(rows.Count),
                ["dip"] = Part.Of(dip, d => d.Dip),
                ["p"] = Part.Of(dip, d => d.P),
                ["mode_low"] = Part.Of(dip, d => d.ModeLow),
                ["mode_high"] = Part.Of(dip, d => d.ModeHigh),
            }, notes);
        });

    public static Statistic Binder { get; } = new("binder",
        "Binder's cumulant of `of`, 1 − ⟨c⁴⟩/(3⟨c²⟩²), that of a Gaussian of the same mean and variance, and what it has beyond, with 95 % percentiles (10,000 resamples, seed 1).",
        ["of"], [], ["n", "cumulant", "gaussian", "beyond", "low", "high"], (test, sample) =>
        {
            var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
            double[] values = rows.Numbers(test.Of!);
            var binder = BinderCumulant.Of(values);
            var interval = BinderCumulant.DifferenceInterval(values, Seed);
            return new(new Dictionary<string, Figure<double>>
            {
                ["n"] = Figure<double>.Of(rows.Count),
                ["cumulant"] = Part.Of(binder, b => b.Cumulant),
                ["gaussian"] = Part.Of(binder, b => b.Gaussian),
                ["beyond"] = Part.Of(binder, b => b.Difference),
                ["low"] = Part.Of(interval, e => e.Percentile.Low),
                ["high"] = Part.Of(interval, e => e.Percentile.High),
            }, notes);
        });
}
