using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>y = x·Wᵀ + b and its derivatives, all three by the kernel of the forward pass: ∂x = ∂y·W, ∂W = ∂yᵀ·x, ∂b = Σ_t ∂y.</summary>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="linear">The kernel.</param>
sealed unsafe class LinearGradient(Crew crew, LinearPass linear) : IDisposable
{
    readonly PackedTokens _packed = new();
    readonly FloatRows _weights = new(), _outputs = new(), _inputs = new(), _product = new();

    /// <summary>y, [tokens × out].</summary>
    /// <param name="x">[tokens × in].</param>
    /// <param name="w">The layer.</param>
    /// <param name="y">Written.</param>
    public void Forward(FloatRows x, LinearWeights w, FloatRows y)
    {
        y.Resize(x.Rows, w.Weight.Rows);
        linear.Run(_packed.Pack(crew, x.Data, x.Rows, x.Columns), w, y.Data);
    }

    /// <summary>Adds ∂y·W to ∂x.</summary>
    /// <param name="dy">[tokens × out].</param>
    /// <param name="w">[out × in].</param>
    /// <param name="dx">[tokens × in], added to.</param>
    public void AddInput(FloatRows dy, IWeightRows w, FloatRows dx) => AddInputOf(dy, _weights.Transposed(w, crew), dx);

    /// <summary>The same with the transpose of W at hand.</summary>
    /// <param name="dy">[tokens × out].</param>
    /// <param name="transposed">[in × out].</param>
    /// <param name="dx">[tokens × in], added to.</param>
    public void AddInputOf(FloatRows dy, FloatRows transposed, FloatRows dx)
    {
        _product.Resize(dy.Rows, transposed.Rows);
        linear.Run(_packed.Pack(crew, dy.Data, dy.Rows, dy.Columns), new LinearWeights(transposed, null), _product.Data);
        crew.Run(dx.Rows, (t, _) =>
        {
            Span<float> to = dx[t], from = _product[t];
            for (int i = 0; i < to.Length; i++) to[i] += from[i];
        });
    }

    /// <summary>∂W, [out × in]: of every entry one chain over the tokens.</summary>
    /// <param name="dy">[tokens × out].</param>
    /// <param name="x">[tokens × in].</param>
    /// <param name="dw">Written.</param>
    public void Weights(FloatRows dy, FloatRows x, FloatRows dw)
    {
        _outputs.Transposed(dy, crew);
        _inputs.Transposed(x, crew);
        dw.Resize(dy.Columns, x.Columns);
        linear.Run(_packed.Pack(crew, _outputs.Data, _outputs.Rows, _outputs.Columns), new LinearWeights(_inputs, null), dw.Data);
    }

    /// <summary>∂b, [out], in float64, tokens ascending.</summary>
    public static double[] Bias(FloatRows dy)
    {
        double[] sums = new double[dy.Columns];
        for (int t = 0; t < dy.Rows; t++)
        {
            var row = dy[t];
            for (int i = 0; i < row.Length; i++) sums[i] += row[i];
        }
        return sums;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packed.Dispose();
        foreach (var rows in new[] { _weights, _outputs, _inputs, _product }) rows.Dispose();
    }
}
