using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The norms of <see cref="Norms"/> for sixteen tokens at once: the same bits for each.</summary>
static unsafe class StripNorms
{
    const int Half = Strip.Tokens / 2;

    /// <summary>What the norms of sixteen tokens take from their vectors.</summary>
    public struct Statistics
    {
        /// <summary>Subtracted first.</summary>
        public fixed double Centre[Strip.Tokens];

        /// <summary>Multiplied with what is left.</summary>
        public fixed double Factor[Strip.Tokens];
    }

    /// <summary>LayerNorm's.</summary>
    /// <param name="x">The strip.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="statistics">Written.</param>
    public static void Layer(Strip x, double epsilon, Statistics* statistics)
    {
        StripSums.Of(x, statistics->Centre);
        for (int t = 0; t < Strip.Tokens; t++) statistics->Centre[t] /= x.Width;
        Scale(x, epsilon, statistics);
    }

    /// <summary>RMSNorm's.</summary>
    /// <param name="x">The strip.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="statistics">Written.</param>
    public static void Rms(Strip x, double epsilon, Statistics* statistics)
    {
        for (int t = 0; t < Strip.Tokens; t++) statistics->Centre[t] = 0;
        Scale(x, epsilon, statistics);
    }

    static void Scale(Strip x, double epsilon, Statistics* statistics)
    {
        StripSums.OfSquaresAbout(x, statistics->Centre, statistics->Factor);
        for (int t = 0; t < Strip.Tokens; t++) statistics->Factor[t] = 1 / Math.Sqrt(statistics->Factor[t] / x.Width + epsilon);
    }

    /// <summary>y = (x − centre)·factor·weight + bias, rounded once.</summary>
    /// <param name="statistics">Of x.</param>
    /// <param name="x">The strip.</param>
    /// <param name="weight">[width].</param>
    /// <param name="bias">[width], or empty for none.</param>
    /// <param name="y">Written; may be x.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Statistics* statistics, Strip x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Strip y)
    {
        x.Require(y);
        Vector512<double> c0 = Vector512.Load(statistics->Centre), c1 = Vector512.Load(statistics->Centre + Half);
        Vector512<double> f0 = Vector512.Load(statistics->Factor), f1 = Vector512.Load(statistics->Factor + Half);
        float* from = x.Data, to = y.Data;
        bool biased = !bias.IsEmpty;
        for (int k = 0; k < x.Width; k++, from += x.Stride, to += y.Stride)
        {
            var w = Vector512.Create((double)weight[k]);
            var low = (StripSums.Widen(from) - c0) * f0 * w;
            var high = (StripSums.Widen(from + Half) - c1) * f1 * w;
            if (biased)
            {
                var b = Vector512.Create((double)bias[k]);
                low += b;
                high += b;
            }
            DoubleSum.Narrow(low).Store(to);
            DoubleSum.Narrow(high).Store(to + Half);
        }
    }
}
