using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>A norm's derivatives, in float64. With x̂ what the norm makes of x before its weight and g = ∂y ⊙ w:
/// ∂x = (g − x̂·⟨g ⊙ x̂⟩ [− ⟨g⟩ of LayerNorm])/s, s the root of the statistic; ∂w = Σ_t ∂y ⊙ x̂; ∂b = Σ_t ∂y.</summary>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed class NormGradient(Architecture a, Crew crew)
{
    /// <summary>y, by the norm of the forward pass.</summary>
    public void Forward(NormWeights norm, FloatRows x, FloatRows y)
    {
        y.Resize(x.Rows, x.Columns);
        crew.Run(x.Rows, (t, _) => BlockPass.Norm(a, norm, x[t], y[t]));
    }

    /// <summary>Adds ∂x; gives ∂w, and ∂b, summed over tokens ascending.</summary>
    /// <param name="norm">Weight and bias.</param>
    /// <param name="x">[tokens × width].</param>
    /// <param name="dy">[tokens × width].</param>
    /// <param name="dx">Added to.</param>
    public (double[] Weight, double[] Bias) Add(NormWeights norm, FloatRows x, FloatRows dy, FloatRows dx)
    {
        int width = x.Columns;
        double[][] normed = new double[x.Rows][];
        crew.Run(x.Rows, (t, _) =>
        {
            Span<float> of = x[t], by = dy[t], to = dx[t];
            double mean = 0, square = 0, both = 0, sum = 0;
            if (a.Norm == NormKind.LayerNorm)
            {
                foreach (float value in of) mean += value;
                mean /= width;
            }
            foreach (float value in of) square += (value - mean) * (value - mean);
            double inverse = 1 / Math.Sqrt(square / width + a.NormEpsilon);
            double[] hat = normed[t] = new double[width];
            for (int i = 0; i < width; i++)
            {
                hat[i] = (of[i] - mean) * inverse;
                double g = (double)by[i] * norm.Weight[i];
                both += g * hat[i];
                sum += g;
            }
            both /= width;
            sum = a.Norm == NormKind.LayerNorm ? sum / width : 0;
            for (int i = 0; i < width; i++) to[i] = (float)(to[i] + inverse * ((double)by[i] * norm.Weight[i] - sum - hat[i] * both));
        });
        double[] weight = new double[width], bias = new double[width];
        const int some = 128;
        crew.Run((width + some - 1) / some, (part, _) =>
        {
            int end = Math.Min(width, (part + 1) * some);
            for (int t = 0; t < x.Rows; t++)
            {
                var by = dy[t];
                for (int i = part * some; i < end; i++)
                {
                    weight[i] += by[i] * normed[t][i];
                    bias[i] += by[i];
                }
            }
        });
        return (weight, bias);
    }
}
