namespace Castalia.Derivatives;

/// <summary>A block's gain with what enters it made s times as long, the other positions held, beside the quadratic law.</summary>
/// <param name="Scale">s.</param>
/// <param name="Gain">G(s) = ‖F(s·h)‖/‖s·h‖.</param>
/// <param name="Law">√(1 + 2(r/s)cos θ + (r/s)²): what a block adds does not depend on s.</param>
/// <param name="LawWithEpsilon">The same with what each norm's ε makes of the sublayers, to first order; NaN where a sublayer reads without a norm.</param>
readonly record struct Recovery(double Scale, double Gain, double Law, double LawWithEpsilon);

/// <summary>Finite perturbations of one size.</summary>
/// <param name="Epsilon">ε: length over ‖h‖.</param>
/// <param name="Stretches">‖F(h + δ) − F(h)‖/‖δ‖ of each random direction.</param>
/// <param name="Linear">‖Jδ‖/‖δ‖ of the same.</param>
/// <param name="Departures">‖F(h + δ) − F(h) − Jδ‖/‖δ‖ of the same.</param>
/// <param name="Along">Stretch along h itself.</param>
sealed record Perturbation(double Epsilon, IReadOnlyList<double> Stretches, IReadOnlyList<double> Linear, IReadOnlyList<double> Departures, double Along);

/// <summary>What of Jh − h comes from where; each a length over ‖h‖.</summary>
/// <param name="Total">‖Jh − h‖/‖h‖.</param>
/// <param name="Epsilon">Of the ε of the norms, computed; NaN where a sublayer reads without a norm.</param>
/// <param name="Wiring">‖(∂m/∂r)a‖/‖h‖: in sequential blocks the MLP reads h + a, and h alone grows; 0 in parallel ones, NaN where a sublayer reads without a norm.</param>
/// <param name="Unexplained">‖Jh − h − both‖/‖h‖: rounding.</param>
readonly record struct Departure(double Total, double Epsilon, double Wiring, double Unexplained);

/// <summary>One block as a map near one pass, at one position, the others held (MEASUREMENT.md §10).</summary>
sealed record BlockDynamics
{
    /// <summary>The block, from 0.</summary>
    public required int Block { get; init; }

    /// <summary>The position, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>hᵀJh/‖h‖².</summary>
    public required double Along { get; init; }

    /// <summary>Jh − h.</summary>
    public required Departure Departure { get; init; }

    /// <summary>hᵀ(∂attn/∂n)(n − β)/‖h‖²; null where attention reads without a norm.</summary>
    public required double? KappaAttn { get; init; }

    /// <summary>hᵀ(∂mlp/∂n)(n − β)/‖h‖², in sequential blocks n of resid_mid with attention held; null where the MLP reads without a norm.</summary>
    public required double? KappaMlp { get; init; }

    /// <summary>G = ‖h′‖/‖h‖, float64.</summary>
    public required double Gain { get; init; }

    /// <summary>Cosine between h′ − h and h.</summary>
    public required double CosTheta { get; init; }

    /// <summary>r = ‖h′ − h‖/‖h‖.</summary>
    public required double StepRatio { get; init; }

    /// <summary>Inverse participation ratio Σhᵢ⁴/(Σhᵢ²)² of h: 1/d where every coordinate is as large, 1 where one holds all.</summary>
    public required double ParticipationBefore { get; init; }

    /// <summary>The same of h′.</summary>
    public required double ParticipationAfter { get; init; }

    /// <summary>Singular values of J.</summary>
    public required Spectrum Spectrum { get; init; }

    /// <summary>Gains of a longer and a shorter stream.</summary>
    public required IReadOnlyList<Recovery> Recovery { get; init; }

    /// <summary>Finite perturbations.</summary>
    public required IReadOnlyList<Perturbation> Perturbations { get; init; }

    /// <summary>S = r/(2|cos θ|), the s at which the law has G(s) = 1; NaN where cos θ is not below 0.</summary>
    public double SetPoint => CosTheta < 0 ? StepRatio / (2 * -CosTheta) : double.NaN;
}
