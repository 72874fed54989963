namespace Castalia.Anatomy.Spectra;

/// <summary>The largest singular value of an upper bidiagonal matrix, and its vectors.</summary>
/// <remarks>
/// Of the symmetric tridiagonal of twice the order with a zero diagonal and α₁, β₁, α₂, β₂, … beside it, whose eigenvalues are ±σ (Golub and Kahan
/// 1965): bisection by Sturm counts for the largest, inverse iteration for its vector, whose entries are those of the right and the left singular
/// vector in turn. Nothing is squared.
/// </remarks>
static class Bidiagonal
{
    /// <summary>The largest singular triplet.</summary>
    /// <param name="diagonal">α.</param>
    /// <param name="beside">β, one fewer; what follows is not read.</param>
    /// <returns>σ, the left vector and the right one, each of length 1.</returns>
    public static (double Sigma, double[] Left, double[] Right) Largest(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside)
    {
        int k = diagonal.Length, n = 2 * k;
        double[] off = new double[n - 1];
        for (int i = 0; i < k; i++)
        {
            off[2 * i] = diagonal[i];
            if (i < k - 1) off[2 * i + 1] = beside[i];
        }
        double high = 0;
        for (int i = 0; i < n; i++) high = Math.Max(high, (i > 0 ? Math.Abs(off[i - 1]) : 0) + (i < n - 1 ? Math.Abs(off[i]) : 0)); // Gershgorin
        if (high == 0) return (0, Unit(k), Unit(k));
        double low = 0, sigma = high;
        for (int step = 0; step < 200 && low < high; step++)
        {
            sigma = low + (high - low) / 2;
            if (sigma == low || sigma == high) break;
            if (AnyAbove(off, sigma)) low = sigma;
            else high = sigma;
        }
        double[] z = Vector(off, sigma);
        double[] left = new double[k], right = new double[k];
        for (int i = 0; i < k; i++) (right[i], left[i]) = (z[2 * i], z[2 * i + 1]);
        Vectors.Scale(left, 1 / Vectors.Norm(left));
        Vectors.Scale(right, 1 / Vectors.Norm(right));
        return (sigma, left, right);
    }

    static double[] Unit(int k)
    {
        var unit = new double[k];
        unit[0] = 1;
        return unit;
    }

    /// <summary>Whether an eigenvalue lies above x: a pivot of x − T that is negative.</summary>
    static bool AnyAbove(double[] off, double x)
    {
        double pivot = x;
        for (int i = 0; i < off.Length; i++)
        {
            pivot = x - off[i] * off[i] / pivot;
            if (pivot < 0) return true;
            if (pivot == 0) pivot = double.Epsilon;
        }
        return false;
    }

    /// <summary>The eigenvector of an eigenvalue, by inverse iteration from a vector of ones; elimination with row exchanges.</summary>
    static double[] Vector(double[] off, double sigma)
    {
        int n = off.Length + 1;
        double[] z = new double[n];
        for (int i = 0; i < n; i++) z[i] = 1 + i % 7 * 0.01; // no direction that a symmetry could make orthogonal
        for (int round = 0; round < 4; round++)
        {
            Solve(off, sigma, z);
            double largest = z.Max(Math.Abs);
            Vectors.Scale(z, 1 / largest);
            Vectors.Scale(z, 1 / Vectors.Norm(z));
        }
        return z;
    }

    /// <summary>z ← (T − σ)⁻¹·z.</summary>
    static void Solve(double[] off, double sigma, double[] z)
    {
        int n = z.Length;
        double tiny = sigma * 1e-17;
        // Of each row of the upper triangle three entries.
        double[] d = new double[n], e = new double[n], f = new double[n];
        double pivot = -sigma, next = n > 1 ? off[0] : 0;
        for (int i = 0; i < n - 1; i++)
        {
            double below = off[i], diagonal = -sigma, beyond = i + 1 < n - 1 ? off[i + 1] : 0;
            if (Math.Abs(pivot) >= Math.Abs(below))
            {
                if (Math.Abs(pivot) < tiny) pivot = tiny;
                double times = below / pivot;
                (d[i], e[i], f[i]) = (pivot, next, 0);
                z[i + 1] -= times * z[i];
                (pivot, next) = (diagonal - times * next, beyond);
            }
            else
            {
                double times = pivot / below;
                (d[i], e[i], f[i]) = (below, diagonal, beyond);
                (z[i], z[i + 1]) = (z[i + 1], z[i] - times * z[i + 1]);
                (pivot, next) = (next - times * diagonal, -times * beyond);
            }
        }
        d[n - 1] = Math.Abs(pivot) < tiny ? tiny : pivot;
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = z[i];
            if (i < n - 1) sum -= e[i] * z[i + 1];
            if (i < n - 2) sum -= f[i] * z[i + 2];
            z[i] = sum / d[i];
        }
    }
}
