using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What another science would measure of a block, as a number.</summary>
/// <param name="Science">The science.</param>
/// <param name="Quantity">What is measured.</param>
/// <param name="N">Prompts behind it.</param>
/// <param name="Value">The figure.</param>
/// <param name="Interval95">Its 95 % interval.</param>
/// <param name="FalseIf">What would make the analogy false.</param>
sealed record Isomorphism(string Science, string Quantity, int N, Figure<double> Value, Figure<Interval> Interval95, string FalseIf)
{
    const string Control = "control theory", Dynamics = "dynamical systems", Bifurcations = "bifurcation theory", Mechanics = "statistical mechanics",
        Phases = "condensation", Biology = "biology", Networks = "networks";

    const string ControlFalse = "G(s) stays where it is, or moves away from 1, as s leaves 1: there is no set point that it returns to",
        DynamicsFalse = "G < 1 while λ₁ and Σλ are above 0: the vector shortens while volume grows, so dampening is no contraction",
        BifurcationFalse = "the gains have one mode and S crosses 1 smoothly: there are no two states",
        MechanicsFalse = "χ does not grow with d over models of several widths, or U₄ is the Gaussian's: coordinates are independent",
        PhasesFalse = "the ratio stays the same over prompts, depth and training: nothing condenses",
        BiologyFalse = "mean and rest of the stream are scaled alike; the gains of several seeds have one mode",
        NetworksFalse = "G falls in proportion to the heads that are left: no threshold";

    /// <summary>Every row, of the last block that was read, over prompts; of depth, over all blocks.</summary>
    /// <param name="evidence">What is known of the model.</param>
    /// <param name="seed">Seed of bootstraps and of the dip test.</param>
    public static IReadOnlyList<Isomorphism> Of(IsomorphismEvidence evidence, long seed)
    {
        var last = evidence.Last;
        double[] cosines = Finite(last, b => b.CosTheta), gains = Finite(last, b => b.Gain);
        string none = last.Count == 0 ? NotMapped : NoValues;
        return
        [
            Mean(Control, "set-point ratio S = r/(2|cos θ|), where cos θ < 0", Finite(last, b => b.SetPoint), last.Count == 0 ? NotMapped : "cos θ is nowhere below 0", ControlFalse, seed),
            Mean(Control, "κ of attention: response to a longer input at a fixed statistic", Finite(last, b => b.KappaAttn), last.Count == 0 ? NotMapped : NoNorm, ControlFalse, seed),
            Mean(Control, "κ of the MLP", Finite(last, b => b.KappaMlp), last.Count == 0 ? NotMapped : NoNorm, ControlFalse, seed),
            Mean(Control, "departure of G(s) from the quadratic law, rms over s", Finite(last, b => b.LawDeparture), none, ControlFalse, seed),
            Mean(Dynamics, "λ₁ = ln σ₁, nats", Finite(last, b => b.LeadingLog), none, DynamicsFalse, seed),
            Mean(Dynamics, "Σλ = ln|det J|, nats", Finite(last, b => b.LogAbsDet), last.Count == 0 ? NotMapped : "every Jacobian is singular", DynamicsFalse, seed),
            GainAgainstVolume(last),
            Share(last),
            Crossings(evidence.SetPoints, seed),
            Dip(Bifurcations, gains, none, seed, BifurcationFalse),
            Mean(Mechanics, "order parameter m = ⟨cos θ⟩", cosines, none, MechanicsFalse, seed),
            Booted(Mechanics, "susceptibility χ = d·Var(cos θ)", cosines, values => evidence.Width * Variance(values), none, MechanicsFalse, seed),
            Cumulant(cosines, none, seed),
            Mean(Phases, "ln of the inverse participation ratio after over before", Finite(last, b => Math.Log(b.ParticipationAfter / b.ParticipationBefore)), none, PhasesFalse, seed),
            Mean(Biology, "common-mode rejection", [.. evidence.CommonMode], "it takes the mean of reference texts: castalia explain --reference running-24", BiologyFalse, seed),
            Undefined(Biology, "Hartigan's dip of the gains over seeds", "a run holds one seed", BiologyFalse),
            FewerHeads(evidence.Heads, seed),
        ];
    }

    const string NoValues = "there are no values", NoNorm = "the sublayer reads without a norm", NotMapped = "blocks were not read as maps: castalia dynamics";

    static double[] Finite(IReadOnlyList<MapReading> blocks, Func<MapReading, double> of) => [.. blocks.Select(of).Where(double.IsFinite)];

    static Isomorphism Mean(string science, string quantity, double[] values, string none, string falseIf, long seed)
    {
        if (values.Length == 0) return Undefined(science, quantity, none, falseIf);
        var estimate = Describe.Of(values, seed);
        return new(science, quantity, values.Length, estimate.Mean, estimate.Interval95, falseIf);
    }

    static Isomorphism Booted(string science, string quantity, double[] values, Func<double[], double> statistic, string none, string falseIf, long seed) =>
        values.Length == 0 ? Undefined(science, quantity, none, falseIf) : Of(science, quantity, values.Length, Bootstrap.Of(values, statistic, Describe.Resamples, seed), values.Length < 2 ? null : statistic([.. values]), falseIf);

    static Isomorphism Of(string science, string quantity, int n, Figure<BootstrapEstimate> estimate, double? value, string falseIf) => new(
        science, quantity, n, value is { } number && double.IsFinite(number) ? Figure<double>.Of(number) : Figure<double>.Undefined(estimate.UndefinedBecause ?? NoValues),
        estimate.Value is { } e ? e.BcaInterval : Figure<Interval>.Undefined(estimate.UndefinedBecause!), falseIf);

    static Isomorphism Cumulant(double[] cosines, string none, long seed)
    {
        const string quantity = "Binder's U₄ of cos θ less that of a Gaussian";
        return cosines.Length == 0 ? Undefined(Mechanics, quantity, none, MechanicsFalse) : Of(Mechanics, quantity, cosines.Length, BinderCumulant.DifferenceInterval(cosines, seed), BinderCumulant.Of(cosines).Value?.Difference, MechanicsFalse);
    }

    static Isomorphism GainAgainstVolume(IReadOnlyList<MapReading> last)
    {
        const string quantity = "gain against volume: Spearman of ln G and ln|det J|";
        if (last.Count == 0) return Undefined(Dynamics, quantity, NotMapped, DynamicsFalse);
        var both = last.Where(b => double.IsFinite(b.LogAbsDet) && double.IsFinite(b.Gain)).ToArray();
        var found = Correlation.Spearman([.. both.Select(b => Math.Log(b.Gain))], [.. both.Select(b => b.LogAbsDet)]);
        return found.Value is { } rho
            ? new(Dynamics, quantity, both.Length, Figure<double>.Of(rho.Coefficient), rho.Interval95, DynamicsFalse)
            : Undefined(Dynamics, quantity, found.UndefinedBecause!, DynamicsFalse);
    }

    static Isomorphism Share(IReadOnlyList<MapReading> last)
    {
        const string quantity = "share of prompts with S < 1";
        if (last.Count == 0) return Undefined(Bifurcations, quantity, NotMapped, BifurcationFalse);
        int below = last.Count(b => b.SetPoint < 1);
        return new(Bifurcations, quantity, last.Count, Figure<double>.Of(below / (double)last.Count), Proportion.Wilson(below, last.Count), BifurcationFalse);
    }

    /// <summary>Over depth: how often neighbouring blocks lie on different sides of S = 1.</summary>
    static Isomorphism Crossings(IReadOnlyList<IReadOnlyList<double>> setPoints, long seed)
    {
        const string quantity = "crossings of S = 1 over depth, for each prompt";
        if (setPoints.Count == 0) return Undefined(Bifurcations, quantity, NotMapped, BifurcationFalse);
        if (setPoints[0].Count < 2) return Undefined(Bifurcations, quantity, "one block was read: --blocks all reads every one", BifurcationFalse);
        double[] crossings = [.. setPoints.Select(blocks => (double)blocks.Zip(blocks.Skip(1), (a, b) => (a < 1) != (b < 1)).Count(crosses => crosses))];
        return Mean(Bifurcations, quantity, crossings, NoValues, BifurcationFalse, seed);
    }

    static Isomorphism Dip(string science, double[] gains, string none, long seed, string falseIf)
    {
        const string quantity = "Hartigan's dip of the gains over prompts";
        if (gains.Length == 0) return Undefined(science, quantity, none, falseIf);
        var test = HartiganDip.Of(gains, seed);
        return test.Value is { } dip
            ? new(science, FormattableString.Invariant($"{quantity}, p = {dip.P:0.000}"), dip.N, Figure<double>.Of(dip.Dip), Figure<Interval>.Undefined("a test has a p-value in its place"), falseIf)
            : Undefined(science, quantity, test.UndefinedBecause!, falseIf);
    }

    /// <summary>The gain with about half of the heads left; the quantity says at which share the mean gain crosses 1.</summary>
    static Isomorphism FewerHeads(IReadOnlyList<HeadsLeft> heads, long seed)
    {
        if (heads.Count == 0)
            return Undefined(Networks, "gain with a share f of the heads left, and its threshold", "it takes interventions: castalia intervene --do fewer-heads", NetworksFalse);
        var means = heads.Select(left => (left.Share, Gain: left.Gains.Average())).OrderByDescending(left => left.Share).ToList();
        double[] thresholds =
        [
            .. means.Zip(means.Skip(1)).Where(pair => (pair.First.Gain < 1) != (pair.Second.Gain < 1))
                .Select(pair => pair.First.Share + (pair.Second.Share - pair.First.Share) * (1 - pair.First.Gain) / (pair.Second.Gain - pair.First.Gain)),
        ];
        var half = heads.MinBy(left => Math.Abs(left.Share - 0.5));
        string over = string.Join(", ", means.Select(left => FormattableString.Invariant($"{Figures.Real(left.Gain)} at {left.Share:0.##}")));
        string threshold = thresholds.Length == 0 ? "no threshold" : $"thresholds of the means at {string.Join(", ", thresholds.Select(f => FormattableString.Invariant($"{f:0.00}")))}";
        return Mean(Networks, FormattableString.Invariant($"gain with a share f = {half.Share:0.##} of the heads left; G(f) {over}; {threshold}"), [.. half.Gains], NoValues, NetworksFalse, seed);
    }

    static Isomorphism Undefined(string science, string quantity, string because, string falseIf) =>
        new(science, quantity, 0, Figure<double>.Undefined(because), Figure<Interval>.Undefined(because), falseIf);

    static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
