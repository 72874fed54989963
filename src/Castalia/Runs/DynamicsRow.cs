using Castalia.Derivatives;
using Castalia.Prompts;
using Castalia.Statistics;

namespace Castalia.Runs;

/// <summary>One row of dynamics.parquet: one block as a map near one prompt's last position.</summary>
/// <param name="Model">Short name of the model.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="PromptIndex">Its index in the run.</param>
/// <param name="DModel">Width of the stream.</param>
/// <param name="Of">The block.</param>
sealed record DynamicsRow(string Model, TokenizedPrompt Prompt, int PromptIndex, int DModel, BlockDynamics Of)
{
    /// <summary>Every row of a model, prompts and blocks in order.</summary>
    public static IEnumerable<DynamicsRow> All(DynamicRun run) =>
        from prompt in run.Prompts.Index()
        from block in prompt.Item
        select new DynamicsRow(run.Model.Name, run.Model.Measurement.Prompts[prompt.Index], prompt.Index, run.Model.Measurement.Architecture.DModel, block);

    /// <summary>Quantile of ln σ, type 7; null where not all are known.</summary>
    public double? LogQuantile(double p)
    {
        if (Of.Spectrum.Method != SpectrumMethod.Exact) return null;
        double[] ascending = [.. Of.Spectrum.SingularValues.Reverse().Select(value => Math.Log(value))];
        return Describe.Quantile(ascending, p);
    }

    /// <summary>Gain at a scale.</summary>
    public double GainAt(double scale) => Of.Recovery.First(r => r.Scale == scale).Gain;

    /// <summary>Perturbations of a size.</summary>
    public Perturbation At(double size) => Of.Perturbations.First(p => p.Epsilon == size);
}

/// <summary>The columns of dynamics.parquet.</summary>
static class DynamicsColumns
{
    public static IReadOnlyList<RunColumn<DynamicsRow>> All { get; } =
    [
        new("model", "VARCHAR", "", "Short name of the model, unique in the run; the manifest has its path and hashes.", r => r.Model),
        new("prompt", "VARCHAR", "", "Name of the prompt.", r => r.Prompt.Prompt.Name),
        new("prompt_index", "INTEGER", "", "Index of the prompt in the run, from 0.", r => r.PromptIndex),
        new("category", "VARCHAR", "", "Category of the prompt; null where it has none.", r => r.Prompt.Prompt.Category),
        new("tokens", "INTEGER", "", "Tokens fed, special tokens included.", r => r.Prompt.Ids.Count),
        new("layer", "INTEGER", "", "Index of the block, from 0.", r => r.Of.Block),
        new("position", "INTEGER", "", "Index of the position that moves, from 0: the prompt's last; the others are held.", r => r.Of.Position),
        new("d_model", "INTEGER", "", "Width of the stream.", r => r.DModel),
        new("along", "DOUBLE", "", "hᵀJh/‖h‖², h resid_pre, J = ∂resid_post/∂resid_pre.", r => Finite(r.Of.Along)),
        new("jh_minus_h", "DOUBLE", "", "‖Jh − h‖/‖h‖.", r => Finite(r.Of.Departure.Total)),
        new("jh_epsilon", "DOUBLE", "", "What of Jh − h is of the ε of the norms, over ‖h‖, computed; null where a sublayer reads without a norm.", r => Finite(r.Of.Departure.Epsilon)),
        new("jh_wiring", "DOUBLE", "", "What of Jh − h comes from the MLP's reading h + a, ‖(∂mlp/∂resid_mid)·attn_out‖/‖h‖; 0 in parallel blocks, null where a sublayer reads without a norm.", r => Finite(r.Of.Departure.Wiring)),
        new("kappa_attn", "DOUBLE", "", "hᵀ(∂attn/∂n)(n − β)/‖h‖², n what attention's norm gives and β its bias; null where it reads without a norm.", r => Finite(r.Of.KappaAttn)),
        new("kappa_mlp", "DOUBLE", "", "The same of the MLP, in sequential blocks n of resid_mid with attention held.", r => Finite(r.Of.KappaMlp)),
        new("gain", "DOUBLE", "", "‖resid_post‖/‖resid_pre‖ of the block computed again in float64.", r => Finite(r.Of.Gain)),
        new("cos_theta", "DOUBLE", "", "Cosine between resid_post − resid_pre and resid_pre.", r => Finite(r.Of.CosTheta)),
        new("step_ratio", "DOUBLE", "", "r = ‖resid_post − resid_pre‖/‖resid_pre‖.", r => Finite(r.Of.StepRatio)),
        new("set_point", "DOUBLE", "", "S = r/(2|cos θ|); null where cos θ is not below 0.", r => Finite(r.Of.SetPoint)),
        new("spectrum", "VARCHAR", "", "How singular values were found: exact, all of them; randomised, above a width of 1,024: the largest within a bound, the share below 1 by random probes.", r => r.Of.Spectrum.Method == SpectrumMethod.Exact ? "exact" : "randomised"),
        new("ln_sigma_first", "DOUBLE", "nats", "ln of the largest singular value of J.", r => Finite(r.Of.Spectrum.LeadingLog)),
        new("ln_sigma_q75", "DOUBLE", "nats", "Upper quartile of ln σ; null where not all are known, as are the four after it.", r => Finite(r.LogQuantile(0.75))),
        new("ln_sigma_q50", "DOUBLE", "nats", "Median of ln σ.", r => Finite(r.LogQuantile(0.5))),
        new("ln_sigma_q25", "DOUBLE", "nats", "Lower quartile of ln σ.", r => Finite(r.LogQuantile(0.25))),
        new("ln_sigma_last", "DOUBLE", "nats", "ln of the smallest singular value; null also where it is 0.", r => Finite(r.Of.Spectrum.TrailingLog)),
        new("log_abs_det", "DOUBLE", "nats", "ln|det J| = Σ ln σ; null where J is singular.", r => Finite(r.Of.Spectrum.LogAbsDet)),
        new("share_contracting", "DOUBLE", "", "Share of singular values below 1.", r => r.Of.Spectrum.ShareContracting),
        new("share_contracting_error", "DOUBLE", "", "Its standard error over probes; 0 where exact.", r => r.Of.Spectrum.ShareContractingError),
        new("participation_before", "DOUBLE", "", "Inverse participation ratio Σhᵢ⁴/(Σhᵢ²)² of resid_pre.", r => Finite(r.Of.ParticipationBefore)),
        new("participation_after", "DOUBLE", "", "The same of resid_post.", r => Finite(r.Of.ParticipationAfter)),
        .. DynamicsOptions.Scales.Select(s => new RunColumn<DynamicsRow>(
            FormattableString.Invariant($"gain_at_{s}").Replace('.', '_'), "DOUBLE", "", FormattableString.Invariant($"Gain with resid_pre at the position {s} times as long: ‖F(s·h)‖/‖s·h‖."), r => Finite(r.GainAt(s)))),
        new("law_departure", "DOUBLE", "", "Root mean square over these s of G(s) less √(1 + 2(r/s)cos θ + (r/s)²).", r => Finite(Recoveries.FromLaw(r.Of.Recovery))),
        new("law_departure_epsilon", "DOUBLE", "", "The same of the law with the ε of the norms computed, to first order; null where a sublayer reads without a norm.", r => Finite(Recoveries.FromLawWithEpsilon(r.Of.Recovery))),
        .. DynamicsOptions.Sizes.SelectMany(Sized),
    ];

    static IEnumerable<RunColumn<DynamicsRow>> Sized(double size)
    {
        string at = FormattableString.Invariant($"{size}").Replace('.', '_'), of = FormattableString.Invariant($"{size}‖h‖");
        yield return new($"stretch_{at}", "DOUBLE", "", $"Mean of ‖F(h + δ) − F(h)‖/‖δ‖ over {DynamicsOptions.Directions} random directions of length {of}.", r => Finite(r.At(size).Stretches.Average()));
        yield return new($"stretch_linear_{at}", "DOUBLE", "", "Mean of ‖Jδ‖/‖δ‖ over the same.", r => Finite(r.At(size).Linear.Average()));
        yield return new($"nonlinear_{at}", "DOUBLE", "", "Mean of ‖F(h + δ) − F(h) − Jδ‖/‖δ‖ over the same.", r => Finite(r.At(size).Departures.Average()));
        yield return new($"stretch_along_{at}", "DOUBLE", "", $"‖F(h + δ) − F(h)‖/‖δ‖ along h itself, of length {of}.", r => Finite(r.At(size).Along));
    }

    static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}

/// <summary>How far measured gains of a longer and a shorter stream are from a law.</summary>
static class Recoveries
{
    /// <summary>Root mean square over s of G(s) less the quadratic law.</summary>
    public static double FromLaw(IReadOnlyList<Recovery> recovery) => Rms(recovery.Select(r => r.Gain - r.Law));

    /// <summary>The same with the ε of the norms.</summary>
    public static double FromLawWithEpsilon(IReadOnlyList<Recovery> recovery) => Rms(recovery.Select(r => r.Gain - r.LawWithEpsilon));

    static double Rms(IEnumerable<double> values) => Math.Sqrt(values.Average(value => value * value));
}
