using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>What happens to the query or key of one position between its projection and the scores, float64: bound, norm, turn; and its derivative.</summary>
/// <remarks>A bound passes a tangent where the value lies within it, as PyTorch's clamp does. A turn is linear: its tangent is the tangent turned, its transpose the turn back.</remarks>
sealed unsafe class HeadTurn
{
    readonly double[] _cos, _sin;
    readonly RotaryPairing _pairing;
    readonly int _headDim;
    readonly bool[]? _held;
    readonly NormSlope[] _norms;

    HeadTurn(double[] cos, double[] sin, RotaryPairing pairing, int headDim, bool[]? held, NormSlope[] norms) =>
        (_cos, _sin, _pairing, _headDim, _held, _norms) = (cos, sin, pairing, headDim, held, norms);

    /// <summary>Changes the heads of one position in place, and says how they answer.</summary>
    /// <param name="a">The model.</param>
    /// <param name="layer">The block.</param>
    /// <param name="place">Position and tokens of the prompt.</param>
    /// <param name="norm">Norm of the heads; null for none.</param>
    /// <param name="isValue">A value: only bound.</param>
    /// <param name="x">[heads × head_dim], as projected; changed.</param>
    public static HeadTurn Of(Architecture a, int layer, (int Position, int Tokens) place, NormWeights? norm, bool isValue, double[] x)
    {
        bool[]? held = null;
        if (a.ClipQkv is { } bound)
        {
            held = new bool[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                held[i] = Math.Abs(x[i]) > (float)bound;
                x[i] = Math.Clamp(x[i], -(float)bound, (float)bound);
            }
        }
        NormSlope[] norms = norm is null ? [] : Norms(a, norm, x);
        double[] cos = [], sin = [];
        var rotary = isValue ? null : a.RotaryOf(layer);
        if (rotary is not null)
        {
            double[] frequencies = RotaryFrequencies.Of(rotary, place.Tokens);
            (cos, sin) = (new double[frequencies.Length], new double[frequencies.Length]);
            for (int i = 0; i < frequencies.Length; i++)
            {
                var (s, c) = Elementary.SinCos(place.Position * frequencies[i]);
                (cos[i], sin[i]) = (c * rotary.Amplitude, s * rotary.Amplitude);
            }
        }
        var turn = new HeadTurn(cos, sin, rotary?.Pairing ?? default, a.HeadDim, held, norms);
        fixed (double* first = x) turn.Turn(first, x.Length, stride: 1);
        return turn;
    }

    static NormSlope[] Norms(Architecture a, NormWeights norm, double[] x)
    {
        if (a.QkNorm == QkNorm.AllHeads) return [NormSlope.Of(a, norm, x, x)];
        var each = new NormSlope[x.Length / a.HeadDim];
        for (int h = 0; h < each.Length; h++)
        {
            var head = x.AsSpan(h * a.HeadDim, a.HeadDim);
            each[h] = a.QkNorm == QkNorm.EachHeadOwnWeight
                ? NormSlope.Of(a, norm.Weight.AsSpan(h * a.HeadDim, a.HeadDim), norm.Bias is null ? [] : norm.Bias.AsSpan(h * a.HeadDim, a.HeadDim), head, head)
                : NormSlope.Of(a, norm, head, head);
        }
        return each;
    }

    /// <summary>Sixteen tangents, in place.</summary>
    /// <param name="dx">[width × 16].</param>
    /// <param name="width">heads · head_dim.</param>
    public void Apply(double* dx, int width)
    {
        const int lanes = WideMatMul.Lanes;
        if (_held is not null)
            for (int i = 0; i < width; i++)
                if (_held[i]) new Span<double>(dx + i * lanes, lanes).Clear();
        int each = _norms.Length == 0 ? 0 : width / _norms.Length;
        for (int n = 0; n < _norms.Length; n++) _norms[n].Apply(dx + n * each * lanes, dx + n * each * lanes);
        Turn(dx, width, lanes);
    }

    /// <summary>(p, q) becomes (p·cos − q·sin, q·cos + p·sin), of every pair of every head.</summary>
    void Turn(double* x, int width, int stride)
    {
        int half = _cos.Length;
        for (int head = 0; head < width && half > 0; head += _headDim)
            for (int i = 0; i < half; i++)
            {
                bool split = _pairing == RotaryPairing.HalfSplit;
                double* p = x + (head + (split ? i : 2 * i)) * stride, q = x + (head + (split ? half + i : 2 * i + 1)) * stride;
                for (int lane = 0; lane < stride; lane++)
                    (p[lane], q[lane]) = (p[lane] * _cos[i] - q[lane] * _sin[i], q[lane] * _cos[i] + p[lane] * _sin[i]);
            }
    }
}
