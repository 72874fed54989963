namespace Castalia.Attribution;

/// <summary>Where G² − 1 of one block at one position comes from: A_p = ⟨Δ_p, h + h′⟩/‖h‖² of every part of Δ = h′ − h, h resid_pre, h′ resid_post.</summary>
/// <remarks>
/// Float64, from the float32 activations of the ordinary pass and the stored weights. Σ over each of these adds up to G² − 1: attn, mlp and rounding; heads, attn_bias,
/// neurons, mlp_bias and rounding; dimensions.
/// </remarks>
sealed record BlockAttribution
{
    /// <summary>Block, from 0.</summary>
    public required int Block { get; init; }

    /// <summary>Position, from 0.</summary>
    public required int Position { get; init; }

    /// <summary>G² − 1 of the stream as the pass stores it.</summary>
    public required double GainSquaredMinusOne { get; init; }

    /// <summary>Of attention: its heads and biases.</summary>
    public required double Attn { get; init; }

    /// <summary>Of the MLP: its neurons and biases.</summary>
    public required double Mlp { get; init; }

    /// <summary>Of attention's output bias, and of its post-norm's; 0 where there is none.</summary>
    public required double AttnBias { get; init; }

    /// <summary>Of the MLP's output bias, of a mixture by weight, and of its post-norm's; 0 where there is none.</summary>
    public required double MlpBias { get; init; }

    /// <summary>Of what the pass lost and gained by rounding: h′ − h − a − m, with the sublayers a and m in float64.</summary>
    public required double Rounding { get; init; }

    /// <summary>Its length, ‖h′ − h − a − m‖/(‖h‖ + ‖a‖ + ‖m‖).</summary>
    public required double RoundingLength { get; init; }

    /// <summary>Cosine of the angle between Δ and h; NaN where the block adds nothing.</summary>
    public required double CosTheta { get; init; }

    /// <summary>‖Δ‖/‖h‖.</summary>
    public required double StepRatio { get; init; }

    /// <summary>Of each query head.</summary>
    public required IReadOnlyList<double> Heads { get; init; }

    /// <summary>Of each neuron, expert after expert in a mixture, 0 in those not chosen.</summary>
    public required Parts Neurons { get; init; }

    /// <summary>Of each dimension of the stream, A_i = Δ_i·(h + h′)_i/‖h‖².</summary>
    public required Parts Dimensions { get; init; }

    /// <summary>Of each head and source position, [head][source]; null where not kept. Their sum over sources is the head's, but for the rounding of z.</summary>
    public required IReadOnlyList<IReadOnlyList<double>>? Sources { get; init; }

    /// <summary>What needs more than the block: reference texts, or directions.</summary>
    public required DerivedFigures Derived { get; init; }

    /// <summary>G.</summary>
    public double Gain => Math.Sqrt(1 + GainSquaredMinusOne);

    /// <summary>Where G &lt; 1: −√(1 − G²), which cos θ cannot exceed; NaN elsewhere.</summary>
    public double CosThetaBound => GainSquaredMinusOne < 0 ? -Math.Sqrt(-GainSquaredMinusOne) : double.NaN;

    /// <summary>Where cos θ &lt; 0: r/(2·|cos θ|), below 1 where the block dampens, and in a parallel block the stream's length at which it would neither dampen nor expand, over ‖h‖; NaN elsewhere.</summary>
    public double SetPoint => CosTheta < 0 ? StepRatio / (2 * -CosTheta) : double.NaN;
}

/// <summary>The attribution of one prompt.</summary>
/// <param name="Blocks">By block, then by position.</param>
sealed record PromptAttribution(IReadOnlyList<BlockAttribution> Blocks);
