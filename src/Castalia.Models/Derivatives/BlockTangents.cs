using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Tangents of one position's stream through a block, the other positions held: J·dh for many dh at once.</summary>
/// <remarks>Every step is a kernel of its own that says its transpose beside its definition, so that Jᵀ goes the same way back.</remarks>
sealed unsafe class BlockTangents : IDisposable
{
    /// <summary>Tangents that go through together.</summary>
    public const int MostTangents = 512;

    readonly Architecture _a;
    readonly Crew _crew;
    readonly AttentionTangents _attention;
    readonly MlpTangents _mlp;
    readonly WideRows _in = new(), _attnOut = new(), _mid = new(), _mlpOut = new(), _seeds = new(), _results = new();

    public BlockTangents(Architecture architecture, Crew crew, WideLinear linear)
    {
        (_a, _crew) = (architecture, crew);
        _attention = new(architecture, crew, linear);
        _mlp = new(architecture, crew, linear);
    }

    /// <summary>Bytes that a Jacobian takes, itself left out.</summary>
    public static long Bytes(Architecture a)
    {
        int tangents = Math.Min(a.DModel, MostTangents);
        return WideRows.Bytes(tangents, 6L * a.DModel) + AttentionTangents.Bytes(a, tangents) + MlpTangents.Bytes(a, tangents);
    }

    /// <summary>Tangents of resid_post.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="at">Where.</param>
    /// <param name="dPre">Of resid_pre.</param>
    /// <param name="dPost">Written.</param>
    public void Run(BlockWeights weights, BlockPoint at, WideRows dPre, WideRows dPost)
    {
        Attention(weights, at, Normed(at.AttnNorm, dPre), _attnOut);
        Sum(dPre, _attnOut, _mid);
        Mlp(weights, at, Normed(MlpNormOf(at), _a.Wiring == Wiring.Sequential ? _mid : dPre), _mlpOut);
        Sum(_mid, _mlpOut, dPost);
    }

    /// <summary>Tangents of attn_out from those of attn_in.</summary>
    public void Attention(BlockWeights weights, BlockPoint at, WideRows dIn, WideRows dOut) => _attention.Run(weights, at, dIn, dOut);

    /// <summary>Tangents of mlp_out from those of mlp_in.</summary>
    public void Mlp(BlockWeights weights, BlockPoint at, WideRows dIn, WideRows dOut) => _mlp.Run(weights, at, dIn, dOut);

    /// <summary>One tangent of mlp_out from one of what the MLP's norm reads.</summary>
    public double[] MlpFrom(BlockWeights weights, BlockPoint at, double[] dRead) =>
        One(dRead, (d, to) => Mlp(weights, at, Normed(MlpNormOf(at), d), to));

    /// <summary>One tangent of resid_post.</summary>
    public double[] Run(BlockWeights weights, BlockPoint at, double[] dPre) => One(dPre, (d, to) => Run(weights, at, d, to));

    /// <summary>One tangent through a step.</summary>
    public double[] One(double[] d, Action<WideRows, WideRows> step)
    {
        _seeds.Clear(1, d.Length).Set(0, d);
        step(_seeds, _results);
        return _results.Row(0);
    }

    /// <summary>J, [out × in], row-major.</summary>
    /// <remarks>What first reads the stream answers to its axes without a product of matrices; everything after it goes the way of any tangents.</remarks>
    public double[] Jacobian(BlockWeights weights, BlockPoint at)
    {
        const int lanes = WideMatMul.Lanes;
        int d = _a.DModel;
        var jacobian = new double[(long)d * d];
        for (int first = 0; first < d; first += MostTangents)
        {
            int count = Math.Min(MostTangents, d - first);
            _seeds.Clear(count, d);
            for (int i = 0; i < count; i++) _seeds.Panel(i / lanes)[(first + i) * lanes + i % lanes] = 1;
            Axes(weights, at, first, count);
            _crew.Run(_results.Panels, (panel, _) =>
            {
                int column = first + panel * lanes, present = Math.Min(lanes, first + count - column);
                double* from = _results.Panel(panel);
                for (int row = 0; row < d; row++) new ReadOnlySpan<double>(from + row * lanes, present).CopyTo(jacobian.AsSpan(row * d + column, present));
            });
        }
        return jacobian;
    }

    /// <summary>Tangents of resid_post along the axes of which the seeds are.</summary>
    void Axes(BlockWeights weights, BlockPoint at, int first, int count)
    {
        _attention.RunAxes(weights, at, first, count, _attnOut);
        Sum(_seeds, _attnOut, _mid);
        if (_a.Wiring == Wiring.Sequential || weights.Router is not null) Mlp(weights, at, Normed(MlpNormOf(at), _a.Wiring == Wiring.Sequential ? _mid : _seeds), _mlpOut);
        else _mlp.RunAxes(weights, at, MlpNormOf(at), first, count, _mlpOut);
        Sum(_mid, _mlpOut, _results);
    }

    /// <summary>The norm that the MLP reads through.</summary>
    NormSlope? MlpNormOf(BlockPoint at) => _a.Wiring == Wiring.ParallelOneNorm ? at.AttnNorm : at.MlpNorm;

    WideRows Normed(NormSlope? norm, WideRows d)
    {
        if (norm is null) return d;
        _in.Resize(d.Rows, d.Width);
        _crew.Run(d.Panels, (panel, _) => norm.Apply(d.Panel(panel), _in.Panel(panel)));
        return _in;
    }

    WideRows Sum(WideRows a, WideRows b, WideRows to)
    {
        to.Resize(a.Rows, a.Width);
        _crew.Run(a.Panels, (panel, _) =>
        {
            double* x = a.Panel(panel), y = b.Panel(panel), z = to.Panel(panel);
            for (int i = 0; i < a.Width * WideMatMul.Lanes; i++) z[i] = x[i] + y[i];
        });
        return to;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rows in new[] { _in, _attnOut, _mid, _mlpOut, _seeds, _results }) rows.Dispose();
        _attention.Dispose();
        _mlp.Dispose();
    }
}
