using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Tests.Anatomy;

/// <summary>The plain way to what the anatomy computes: float64 throughout, one element after the other, nothing shared with it but the widening of a row.</summary>
static class Plain
{
    /// <summary>A role's matrix; of a vector one column.</summary>
    public static double[,] Matrix(OpenWeights model, WeightRole role, int? layer = null, int part = 0)
    {
        StoredWeight stored = model.Weights.Find(role, layer, part)!;
        Architecture a = model.Architecture;
        Tensor tensor = stored.Tensor;
        bool isVector = WeightShapes.IsVector(role);
        var m = new double[stored.Out, stored.In];
        var row = new float[tensor.Columns];
        for (int i = 0; i < stored.Out; i++)
        {
            int source = RowOrders.SourceRow(stored.Rows, i, a);
            if (isVector)
            {
                Widen.Row(tensor, source / tensor.Columns, 0, row);
                m[i, 0] = row[source % tensor.Columns];
                continue;
            }
            if (!stored.Transposed) Widen.Row(tensor, source, 0, row);
            for (int j = 0; j < stored.In; j++)
            {
                if (stored.Transposed) Widen.Row(tensor, j, 0, row);
                m[i, j] = row[stored.Transposed ? source : j];
            }
        }
        return m;
    }

    public static double[] Values(double[,] m) => [.. m.Cast<double>()];

    public static double Frobenius(double[,] m) => Math.Sqrt(m.Cast<double>().Sum(x => x * x));

    public static double[,] Times(double[,] a, double[,] b)
    {
        var c = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < c.GetLength(0); i++)
            for (int j = 0; j < c.GetLength(1); j++)
                for (int k = 0; k < a.GetLength(1); k++) c[i, j] += a[i, k] * b[k, j];
        return c;
    }

    /// <summary>Columns of a matrix.</summary>
    public static double[,] Columns(double[,] m, int first, int count)
    {
        var c = new double[m.GetLength(0), count];
        for (int i = 0; i < c.GetLength(0); i++)
            for (int j = 0; j < count; j++) c[i, j] = m[i, first + j];
        return c;
    }

    /// <summary>Rows of a matrix.</summary>
    public static double[,] Rows(double[,] m, int first, int count)
    {
        var r = new double[count, m.GetLength(1)];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < r.GetLength(1); j++) r[i, j] = m[first + i, j];
        return r;
    }

    public static double[,] Transposed(double[,] m)
    {
        var t = new double[m.GetLength(1), m.GetLength(0)];
        for (int i = 0; i < t.GetLength(0); i++)
            for (int j = 0; j < t.GetLength(1); j++) t[i, j] = m[j, i];
        return t;
    }

    public static double[,] Centred(double[,] m)
    {
        var c = new double[m.GetLength(0), m.GetLength(1)];
        for (int j = 0; j < c.GetLength(1); j++)
        {
            double mean = Enumerable.Range(0, c.GetLength(0)).Sum(i => m[i, j]) / c.GetLength(0);
            for (int i = 0; i < c.GetLength(0); i++) c[i, j] = m[i, j] - mean;
        }
        return c;
    }

    /// <summary>Singular values, largest first, with right singular vectors as rows: one-sided Jacobi (Hestenes 1958).</summary>
    public static (double[] Values, double[][] Right) Svd(double[,] m)
    {
        int rows = m.GetLength(0), n = m.GetLength(1);
        double[][] columns = [.. Enumerable.Range(0, n).Select(j => Enumerable.Range(0, rows).Select(i => m[i, j]).ToArray())];
        double[][] v = [.. Enumerable.Range(0, n).Select(j => Enumerable.Range(0, n).Select(i => i == j ? 1.0 : 0).ToArray())];
        for (int sweep = 0, rotated = 1; rotated > 0 && sweep < 60; sweep++)
        {
            rotated = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    double a = 0, b = 0, c = 0;
                    for (int i = 0; i < rows; i++) (a, b, c) = (a + columns[p][i] * columns[p][i], b + columns[q][i] * columns[q][i], c + columns[p][i] * columns[q][i]);
                    if (Math.Abs(c) <= 1e-15 * Math.Sqrt(a * b)) continue;
                    rotated++;
                    double zeta = (b - a) / (2 * c), t = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta)), cos = 1 / Math.Sqrt(1 + t * t), sin = cos * t;
                    foreach (double[][] set in new[] { columns, v })
                        for (int i = 0; i < set[p].Length; i++) (set[p][i], set[q][i]) = (cos * set[p][i] - sin * set[q][i], sin * set[p][i] + cos * set[q][i]);
                }
            }
        }
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(j => columns[j].Sum(x => x * x))];
        return ([.. order.Select(j => Math.Sqrt(columns[j].Sum(x => x * x)))], [.. order.Select(j => v[j])]);
    }

    public static double Spectral(double[,] m) => Svd(m.GetLength(1) > m.GetLength(0) ? Transposed(m) : m).Values[0];
}
