using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Anatomy.Spectra;

/// <summary>Every singular value of a square matrix, without vectors; one thread.</summary>
/// <remarks>
/// Householder reflections from both sides to an upper bidiagonal B (Golub and Kahan 1965); both updates of a step go over the rows once. Of the symmetric tridiagonal
/// with a zero diagonal and α₁, β₁, α₂, … beside it, whose eigenvalues are ±σ, bisection by Sturm counts, eight values at a time: relative to B each σ is right to a few
/// units in the last place, whatever its size; the reflections leave an absolute n·u·σ₁ or less. Fixed order of summation: the same bits on every machine.
/// </remarks>
static class SingularValues
{
    const int Lanes = 8;

    /// <summary>The values, largest first.</summary>
    /// <param name="matrix">[n × n], row-major; not changed.</param>
    /// <param name="n">Rows and columns.</param>
    public static double[] Of(double[] matrix, int n)
    {
        double largest = matrix.Max(Math.Abs);
        if (largest == 0) return new double[n];
        double[] beside = Bidiagonal([.. matrix.Select(value => value / largest)], n);
        double[] values = OfBidiagonal(beside);
        for (int i = 0; i < values.Length; i++) values[i] *= largest;
        return values;
    }

    /// <summary>α₁, β₁, α₂, …, αₙ of B.</summary>
    static double[] Bidiagonal(double[] a, int n)
    {
        var beside = new double[2 * n - 1];
        double[] v = new double[n], w = new double[n], u = new double[n];
        for (int k = 0; k < n; k++)
        {
            for (int i = k; i < n; i++) v[i] = a[i * n + k];
            double left = Reflector(v.AsSpan(k), out beside[2 * k]);
            int rest = n - k - 1;
            if (rest == 0) break;
            var wRest = w.AsSpan(k + 1, rest);
            wRest.Clear();
            if (left != 0)
                for (int i = k; i < n; i++) Vectors.Add(v[i], a.AsSpan(i * n + k + 1, rest), wRest);
            Vectors.Add(-left * v[k], wRest, a.AsSpan(k * n + k + 1, rest));
            var uRest = u.AsSpan(k + 1, rest);
            a.AsSpan(k * n + k + 1, rest).CopyTo(uRest);
            double right = Reflector(uRest, out beside[2 * k + 1]);
            for (int i = k + 1; i < n; i++)
            {
                var row = a.AsSpan(i * n + k + 1, rest);
                if (left != 0) Vectors.Add(-left * v[i], wRest, row);
                if (right != 0) Vectors.Add(-right * Vectors.Dot(row, uRest), uRest, row);
            }
        }
        return beside;
    }

    /// <summary>Makes x the vector v of the reflection 1 − τ·v·vᵀ that takes it to its first axis; τ, 0 where there is nothing to take.</summary>
    static double Reflector(Span<double> x, out double onAxis)
    {
        double rest = x.Length > 1 ? Vectors.Norm(x[1..]) : 0;
        onAxis = x[0];
        if (rest == 0) return 0;
        double length = Math.Sqrt(x[0] * x[0] + rest * rest);
        onAxis = x[0] > 0 ? -length : length;
        x[0] -= onAxis;
        return 2 / (x[0] * x[0] + rest * rest);
    }

    /// <summary>Singular values of a bidiagonal matrix, largest first.</summary>
    internal static double[] OfBidiagonal(double[] beside)
    {
        int n = (beside.Length + 1) / 2;
        double bound = 0;
        for (int i = 0; i <= beside.Length; i++) bound = Math.Max(bound, (i > 0 ? Math.Abs(beside[i - 1]) : 0) + (i < beside.Length ? Math.Abs(beside[i]) : 0)); // Gershgorin
        double[] squares = [.. beside.Select(value => value * value)];
        var values = new double[n];
        if (bound == 0) return values;
        for (int first = 0; first < n; first += Lanes) Bisect(squares, first, bound, values);
        return values;
    }

    /// <summary>Eight values by their ranks: σ of rank i is the number above which there are i others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Bisect(double[] squares, int first, double bound, double[] values)
    {
        const int most = 80; // the first halvings of a small σ only bring the ends near it: then 53 are enough
        Span<double> ranks = stackalloc double[Lanes];
        for (int i = 0; i < Lanes; i++) ranks[i] = first + i;
        Vector512<double> low = default, high = Vector512.Create(bound), rank = Vector512.Create<double>(ranks), half = Vector512.Create(0.5);
        for (int step = 0; step < most; step++)
        {
            var middle = low + (high - low) * half;
            if (Vector512.EqualsAll(middle, low) || Vector512.EqualsAll(middle, high)) break;
            var above = CountAbove(squares, middle);
            var isLow = Vector512.GreaterThan(above, rank);
            low = Vector512.ConditionalSelect(isLow, middle, low);
            high = Vector512.ConditionalSelect(isLow, high, middle);
        }
        var found = low + (high - low) * half;
        for (int i = 0; i < Lanes && first + i < values.Length; i++) values[first + i] = found[i];
    }

    /// <summary>How many eigenvalues lie above x: pivots of x − T that are negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static Vector512<double> CountAbove(double[] squares, Vector512<double> x)
    {
        Vector512<double> pivot = x, count = default, one = Vector512<double>.One, zero = default, tiny = Vector512.Create(1e-300);
        foreach (double square in squares)
        {
            pivot = x - Vector512.Create(square) / pivot;
            pivot = Vector512.ConditionalSelect(Vector512.Equals(pivot, zero), tiny, pivot);
            count += Vector512.ConditionalSelect(Vector512.LessThan(pivot, zero), one, zero);
        }
        return count;
    }
}
