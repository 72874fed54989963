using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>An output projection, and what goes into it at some tokens.</summary>
/// <param name="Weights">[d_model × inner].</param>
/// <param name="Tokens">Which of the tokens it writes for.</param>
/// <param name="Share">Factor on its output for each of these: an expert's weight, else 1.</param>
/// <param name="Inner">[Tokens.Length × inner]: z, or mlp_post, before that factor.</param>
/// <param name="Weighing">How v weighs each inner value: what the sublayer adds along v is Σ inner·weighing, and the biases. Set by <see cref="WrittenParts"/>.</param>
sealed record Projection(LinearWeights Weights, int[] Tokens, double[] Share, TokenVectors Inner, TokenVectors Weighing);

/// <summary>What a sublayer adds to the stream at some tokens, in float64, and how it is made up along v = h + h′.</summary>
/// <remarks>
/// The raw output is W·x + b, of a mixture the sum of its experts' by weight; a norm after the sublayer takes it to f·(raw − c)·γ + β and the residual
/// multiplier s to s times that. With f and c held, what a part of the raw output adds along v is its product with s·f·(γ ⊙ v), made mean-free
/// where the norm subtracts a mean: one vector that takes v's place, so that no part is ever made.
/// </remarks>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed class WrittenParts(Crew crew) : IDisposable
{
    readonly TokenVectors _y = new(), _v = new(), _inPlace = new(); // of v

    /// <summary>What the sublayer adds, [tokens × d_model].</summary>
    public TokenVectors Written { get; } = new();

    /// <summary>What its biases add along v, those of its post-norm included, for each token; not divided by ‖h‖².</summary>
    public double[] Bias { get; private set; } = [];

    /// <summary>What norm and multiplier make of the raw output but for γ, for each token: the residual multiplier, times the factor of the norm after it.</summary>
    public double[] Factors { get; private set; } = [];

    /// <summary>Computes them, and the weighing of every projection.</summary>
    /// <param name="a">The model.</param>
    /// <param name="postNorm">The norm after the sublayer; null for none.</param>
    /// <param name="projections">One, or an expert each.</param>
    /// <param name="v">h + h′, [tokens × d_model].</param>
    /// <param name="products">For W·x and Wᵀ·v.</param>
    public void Of(Architecture a, NormWeights? postNorm, IReadOnlyList<Projection> projections, TokenVectors v, BothSides products)
    {
        int tokens = v.Tokens;
        Written.Clear(tokens, a.DModel);
        Bias = new double[tokens];
        Factors = new double[tokens];
        _inPlace.Resize(tokens, a.DModel);
        bool isAtOnce = postNorm is null; // else v's place can be taken only when the raw output is known
        // Of every token once, a thread goes through all steps of one: threads wait for each other as rarely as can be.
        bool isDense = projections is [{ Tokens: var only }] && only.Length == tokens;
        foreach (var projection in projections)
        {
            if (isAtOnce)
                products.Run(projection.Weights.Weight, projection.Inner, _y, isDense && a.ResidualScale == 1 ? v : Gathered(v, projection, a.ResidualScale), projection.Weighing);
            else
                products.Run(projection.Weights.Weight, projection.Inner, _y, null, null);
            if (!isDense) crew.Run(projection.Tokens.Length, (i, _) => Accumulate(projection, i));
        }
        crew.Run(tokens, (t, _) =>
        {
            if (isDense) Accumulate(projections[0], t);
            v.Row(t).CopyTo(_inPlace.Row(t));
            (Bias[t], Factors[t]) = Take(a, postNorm, Written.Row(t), _inPlace.Row(t));
            if (isDense && isAtOnce) Weigh(projections[0], t);
        });
        if (isDense && isAtOnce) return;
        foreach (var projection in projections)
        {
            if (!isAtOnce) products.Run(projection.Weights.Weight, null, null, Gathered(_inPlace, projection, 1), projection.Weighing);
            crew.Run(projection.Tokens.Length, (i, _) => Weigh(projection, i));
        }
    }

    /// <summary>Adds what a projection writes for one of its tokens.</summary>
    void Accumulate(Projection projection, int i)
    {
        Span<double> written = Written.Row(projection.Tokens[i]), y = _y.Row(i);
        double share = projection.Share[i];
        if (projection.Weights.Bias is { } bias)
            for (int d = 0; d < written.Length; d++) written[d] += share * (y[d] + bias[d]);
        else
            for (int d = 0; d < written.Length; d++) written[d] += share * y[d];
    }

    /// <summary>What its bias adds along v, and its expert's weight on the weighing.</summary>
    void Weigh(Projection projection, int i)
    {
        int t = projection.Tokens[i];
        if (projection.Weights.Bias is { } bias) Bias[t] += projection.Share[i] * Wide.Dot(bias, _inPlace.Row(t));
        if (projection.Share[i] == 1) return;
        foreach (ref double weight in projection.Weighing.Row(i)) weight *= projection.Share[i];
    }

    TokenVectors Gathered(TokenVectors v, Projection projection, double factor)
    {
        _v.Clear(projection.Tokens.Length, v.Width);
        crew.Run(projection.Tokens.Length, (i, _) =>
        {
            var to = _v.Row(i);
            v.Row(projection.Tokens[i]).CopyTo(to);
            if (factor == 1) return;
            foreach (ref double value in to) value *= factor;
        });
        return _v;
    }

    /// <summary>Takes raw output through norm and multiplier, and v to what stands in its place; returns what the norm's own bias adds along v, and the factor.</summary>
    static (double Bias, double Factor) Take(Architecture a, NormWeights? norm, Span<double> raw, Span<double> v)
    {
        double scale = a.ResidualScale, bias = 0;
        if (norm is null)
        {
            for (int d = 0; d < raw.Length; d++) (raw[d], v[d]) = (scale * raw[d], scale * v[d]);
            return (0, scale);
        }
        double centre = 0, square = 0;
        if (a.Norm == NormKind.LayerNorm)
        {
            foreach (double value in raw) centre += value;
            centre /= raw.Length;
        }
        foreach (double value in raw) square += (value - centre) * (value - centre);
        double factor = 1 / Math.Sqrt(square / raw.Length + a.NormEpsilon), mean = 0;
        for (int d = 0; d < raw.Length; d++)
        {
            double own = norm.Bias is { } β ? β[d] : 0;
            bias += scale * own * v[d];
            raw[d] = scale * ((raw[d] - centre) * factor * norm.Weight[d] + own);
            v[d] *= scale * factor * norm.Weight[d];
            mean += v[d];
        }
        mean /= raw.Length;
        if (a.Norm == NormKind.LayerNorm)
            foreach (ref double value in v) value -= mean;
        return (bias, scale * factor);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _y.Dispose();
        _v.Dispose();
        _inPlace.Dispose();
        Written.Dispose();
    }
}
