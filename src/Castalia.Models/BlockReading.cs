namespace Castalia;

/// <summary>What is read at one block and one position: norms and inner products of float32 activations, accumulated in float64.</summary>
/// <remarks>
/// h is resid_pre, a attn_out, m mlp_out. resid_post is taken as h + a + m summed in float64, before the stream rounds it to float32,
/// so that the decomposition closes; it differs from the stored stream by at most a few units of float32 rounding.
/// Ratios are NaN where a norm they divide by is 0; NaN is written as null and printed as –.
/// </remarks>
/// <example>
/// <code>
/// BlockReading b = model.Measure(PositionRange.Last, model.Tokenise("the cat"))[0].Block(1, 2);
/// Show(b.Gain, b.R, b.CosTheta, b.AlignAttn, b.AlignMlp, b.SizeAttn, b.SizeMlp, b.Cross, b.Closure);
/// Show(b.Norm(ResidualSite.Post), b.NormPre, b.NormAttnIn, b.NormZ, b.NormAttnOut, b.NormMid, b.NormMlpIn, b.NormMlpPost, b.NormMlpOut, b.NormPost, b.NormDelta);
/// Show(b.AttnDotPre, b.MlpDotPre, b.AttnDotMlp);
/// </code>
/// </example>
public readonly record struct BlockReading
{
    /// <summary>‖resid_pre‖.</summary>
    public required double NormPre { get; init; }
    /// <summary>‖attn_in‖.</summary>
    public required double NormAttnIn { get; init; }
    /// <summary>‖z‖.</summary>
    public required double NormZ { get; init; }
    /// <summary>‖attn_out‖.</summary>
    public required double NormAttnOut { get; init; }
    /// <summary>‖resid_mid‖; NaN in parallel blocks, which have none.</summary>
    public required double NormMid { get; init; }
    /// <summary>‖mlp_in‖.</summary>
    public required double NormMlpIn { get; init; }
    /// <summary>‖mlp_post‖; NaN in mixtures of experts, which have one for each expert.</summary>
    public required double NormMlpPost { get; init; }
    /// <summary>‖mlp_out‖.</summary>
    public required double NormMlpOut { get; init; }
    /// <summary>‖resid_post‖.</summary>
    public required double NormPost { get; init; }
    /// <summary>‖Δ‖, Δ = a + m.</summary>
    public required double NormDelta { get; init; }
    /// <summary>⟨a, h⟩.</summary>
    public required double AttnDotPre { get; init; }
    /// <summary>⟨m, h⟩.</summary>
    public required double MlpDotPre { get; init; }
    /// <summary>⟨a, m⟩.</summary>
    public required double AttnDotMlp { get; init; }

    /// <summary>The norm at a site; NaN where the architecture has no such site.</summary>
    public double Norm(ResidualSite site) => site switch
    {
        ResidualSite.Pre => NormPre,
        ResidualSite.AttnIn => NormAttnIn,
        ResidualSite.Z => NormZ,
        ResidualSite.AttnOut => NormAttnOut,
        ResidualSite.Mid => NormMid,
        ResidualSite.MlpIn => NormMlpIn,
        ResidualSite.MlpPost => NormMlpPost,
        ResidualSite.MlpOut => NormMlpOut,
        ResidualSite.Post => NormPost,
        _ => throw new ArgumentOutOfRangeException(nameof(site), site, null),
    };

    /// <summary>G = ‖resid_post‖/‖resid_pre‖.</summary>
    public double Gain => Ratio(NormPost, NormPre);
    /// <summary>r = ‖Δ‖/‖resid_pre‖.</summary>
    public double R => Ratio(NormDelta, NormPre);
    /// <summary>cos θ between Δ and resid_pre.</summary>
    public double CosTheta => Ratio(AttnDotPre + MlpDotPre, NormDelta * NormPre);
    /// <summary>p_attn = ⟨a, h⟩/‖h‖².</summary>
    public double AlignAttn => Ratio(AttnDotPre, NormPre * NormPre);
    /// <summary>p_mlp = ⟨m, h⟩/‖h‖².</summary>
    public double AlignMlp => Ratio(MlpDotPre, NormPre * NormPre);
    /// <summary>s_attn = ‖a‖²/‖h‖².</summary>
    public double SizeAttn => Ratio(NormAttnOut * NormAttnOut, NormPre * NormPre);
    /// <summary>s_mlp = ‖m‖²/‖h‖².</summary>
    public double SizeMlp => Ratio(NormMlpOut * NormMlpOut, NormPre * NormPre);
    /// <summary>x = 2⟨a, m⟩/‖h‖².</summary>
    public double Cross => Ratio(2 * AttnDotMlp, NormPre * NormPre);
    /// <summary>|G² − (1 + 2(p_attn + p_mlp) + s_attn + s_mlp + x)|/G²: the identity's relative error.</summary>
    public double Closure => Math.Abs(Gain * Gain - (1 + 2 * (AlignAttn + AlignMlp) + SizeAttn + SizeMlp + Cross)) / (Gain * Gain);

    static double Ratio(double a, double b) => b == 0 ? double.NaN : a / b;
}
