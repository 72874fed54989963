using System.Runtime.Intrinsics;
using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Tangents through the MLP at one position: from mlp_in to mlp_out as it is added.</summary>
/// <remarks>
/// Plain: W_down(f′(u) ⊙ W_up·dn); gated: W_down(f′(g)·u ⊙ W_gate·dn + f(g) ⊙ W_up·dn). Of a mixture, experts e chosen, w their softmax and E_e what each gives:
/// Σ w_e·dE_e + w_e·(ds_e − Σ w·ds)·E_e.
/// </remarks>
sealed unsafe class MlpTangents(Architecture architecture, Crew crew, WideLinear linear) : IDisposable
{
    readonly WideRows _gate = new(), _up = new(), _scores = new(), _given = new();

    /// <summary>Bytes of some tangents.</summary>
    public static long Bytes(Architecture a, int tangents) =>
        WideRows.Bytes(tangents, (a.Mlp == MlpKind.Plain ? 1L : 2L) * a.DFf + (a.Mixture is { } mixture ? mixture.Experts + a.DModel : 0));

    /// <summary>Tangents of the MLP.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="at">Where.</param>
    /// <param name="dIn">Of mlp_in.</param>
    /// <param name="dOut">Of mlp_out, written.</param>
    public void Run(BlockWeights weights, BlockPoint at, WideRows dIn, WideRows dOut)
    {
        if (weights.Router is null) Expert(weights, at.Mlps[0], dIn, dOut);
        else Mixture(weights, at, dIn, dOut);
        Added.Run(crew, at.MlpPostNorm, architecture.ResidualScale, dOut);
    }

    /// <summary>The same of some axes of what the MLP's norm reads; not of a mixture.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="at">Where.</param>
    /// <param name="norm">The norm that the MLP reads through; null for none.</param>
    /// <param name="first">The first axis.</param>
    /// <param name="count">How many.</param>
    /// <param name="dOut">Of mlp_out, written.</param>
    public void RunAxes(BlockWeights weights, BlockPoint at, NormSlope? norm, int first, int count, WideRows dOut)
    {
        var mlp = weights.Mlps[0];
        linear.RunAxes(norm, mlp.Up, first, count, _up);
        if (mlp.Gate is not null) linear.RunAxes(norm, mlp.Gate, first, count, _gate);
        FromProjected(mlp, at.Mlps[0], dOut);
        Added.Run(crew, at.MlpPostNorm, architecture.ResidualScale, dOut);
    }

    void Expert(BlockWeights weights, MlpPoint at, WideRows dIn, WideRows dOut)
    {
        var mlp = weights.Mlps[at.Expert];
        linear.Run(dIn, mlp.Up, _up, withBias: false);
        if (mlp.Gate is not null) linear.Run(dIn, mlp.Gate, _gate, withBias: false);
        FromProjected(mlp, at, dOut);
    }

    void FromProjected(MlpWeights mlp, MlpPoint at, WideRows dOut)
    {
        var (ofGate, ofUp) = at.Slopes(architecture.Activation);
        crew.Run(_up.Panels, (panel, _) => Act(_up.Panel(panel), mlp.Gate is null ? null : _gate.Panel(panel), ofGate, ofUp));
        linear.Run(_up, mlp.Down, dOut, withBias: false);
    }

    static void Act(double* up, double* gate, double[]? ofGate, double[] ofUp)
    {
        const int lanes = WideMatMul.Lanes;
        for (int i = 0; i < ofUp.Length; i++)
            for (int at = i * lanes; at < (i + 1) * lanes; at += lanes / 2)
            {
                var d = Vector512.Create(ofUp[i]) * Vector512.Load(up + at);
                if (gate is not null) d = Vector512.FusedMultiplyAdd(Vector512.Create(ofGate![i]), Vector512.Load(gate + at), d);
                d.Store(up + at);
            }
    }

    void Mixture(BlockWeights weights, BlockPoint at, WideRows dIn, WideRows dOut)
    {
        linear.Run(dIn, weights.Router!, _scores, withBias: false);
        dOut.Clear(dIn.Rows, architecture.DModel);
        foreach (var expert in at.Mlps)
        {
            Expert(weights, expert, dIn, _given);
            crew.Run(dIn.Panels, (panel, _) =>
            {
                const int lanes = WideMatMul.Lanes;
                double* scores = _scores.Panel(panel), given = _given.Panel(panel), to = dOut.Panel(panel);
                for (int lane = 0; lane < lanes; lane++)
                {
                    double mean = 0;
                    foreach (var other in at.Mlps) mean += other.Share * scores[other.Expert * lanes + lane];
                    double turn = expert.Share * (scores[expert.Expert * lanes + lane] - mean);
                    for (int i = 0; i < architecture.DModel; i++) to[i * lanes + lane] += expert.Share * given[i * lanes + lane] + turn * expert.Out[i];
                }
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate.Dispose();
        _up.Dispose();
        _scores.Dispose();
        _given.Dispose();
    }
}
