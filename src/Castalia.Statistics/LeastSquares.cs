using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Castalia.Statistics;

/// <summary>A design of columns and intercept, factored once: weighted least squares of any y on it.</summary>
/// <remarks>
/// Columns are centred and scaled, then Householder's QR (MathNet), so that neither offsets nor units of the columns
/// cost digits. Terms: the intercept, then the columns.
/// </remarks>
sealed class LeastSquares
{
    /// <summary>What is left of a scaled column after those before it are taken out; below, it is one of their functions.</summary>
    const double Collinear = 1e-10;

    readonly double[] _rootWeights;
    readonly Matrix<double> _q; // [row × term], rows times the root of their weight

    LeastSquares(double[] rootWeights, Matrix<double> q, Matrix<double> spread)
    {
        _rootWeights = rootWeights;
        _q = q;
        Spread = spread;
    }

    /// <summary>Rows.</summary>
    public int N => _rootWeights.Length;

    /// <summary>Coefficients, the intercept's with them.</summary>
    public int Terms => Spread.RowCount;

    /// <summary>A with (XᵀWX)⁻¹ = A Aᵀ and coefficients A Qᵀy; [term × term].</summary>
    public Matrix<double> Spread { get; }

    /// <summary>Which coefficient there is none of without some rows; null where every one remains.</summary>
    /// <remarks>These rows alone carry a direction of the design where I − Q_gᵀQ_g is singular.</remarks>
    public int? TermOnlyIn(IReadOnlyList<int> rows)
    {
        var own = Matrix<double>.Build.Dense(Terms, Terms);
        foreach (int row in rows)
            for (int a = 0; a < Terms; a++)
                for (int b = 0; b < Terms; b++) own[a, b] += _q[row, a] * _q[row, b];
        if (own.Trace() < 1 - Collinear) return null; // eigenvalues are not negative, so none reaches 1
        var parts = own.Evd(Symmetricity.Symmetric);
        int largest = parts.EigenValues.Real().MaximumIndex();
        if (parts.EigenValues[largest].Real < 1 - Collinear) return null;
        // The intercept moves with every column that is lost, so it is named only where it is lost alone.
        var lost = (Spread * parts.EigenVectors.Column(largest)).PointwiseAbs();
        var columns = lost.SubVector(1, Terms - 1);
        return columns.Maximum() > Collinear * lost[0] ? 1 + columns.MaximumIndex() : 0;
    }

    /// <summary>Row of Q: what a row's residual is multiplied with to give its pull on the coefficients, before A.</summary>
    public double Score(int row, int term) => _q[row, term];

    /// <summary>Factors the design; undefined where a column has a flaw, does not vary or is a linear function of those before it.</summary>
    /// <param name="columns">Columns, all of one length.</param>
    /// <param name="weights">Weight of each row, above 0; null for equal weights.</param>
    /// <param name="names">What the columns are called in reasons.</param>
    public static Figure<LeastSquaresDesign> Of(
        IReadOnlyList<IReadOnlyList<double>> columns, IReadOnlyList<double>? weights, IReadOnlyList<string> names)
    {
        int n = columns[0].Count, terms = columns.Count + 1;
        if (n < terms) return Undefined($"n = {n} cannot carry {terms} coefficients");
        double[] root = weights is null ? [.. Enumerable.Repeat(1.0, n)] : [.. weights.Select(Math.Sqrt)];
        double total = root.Sum(w => w * w);
        var x = Matrix<double>.Build.Dense(n, terms);
        var back = Matrix<double>.Build.DenseIdentity(terms); // from centred and scaled columns to those given
        for (int i = 0; i < n; i++) x[i, 0] = root[i];
        for (int c = 0; c < columns.Count; c++)
        {
            var column = columns[c];
            if (SampleFlaw.Of(column, names[c]) is { } flaw) return Undefined(flaw);
            if (Sample.IsConstant(column)) return Undefined($"{names[c]} does not vary");
            double mean = WeightedMean(column, root, total), squares = 0;
            for (int i = 0; i < n; i++)
            {
                double d = root[i] * (column[i] - mean);
                squares += d * d;
            }
            double scale = Math.Sqrt(squares / n);
            if (!double.IsNormal(squares)) return Undefined($"{names[c]}: {Pearson.OutOfRange}");
            for (int i = 0; i < n; i++) x[i, c + 1] = root[i] * ((column[i] - mean) / scale);
            back[c + 1, c + 1] = 1 / scale;
            back[0, c + 1] = -mean / scale;
        }
        var qr = x.QR(QRMethod.Thin);
        for (int c = 1; c < terms; c++)
            if (!(Math.Abs(qr.R[c, c]) > Collinear * Math.Sqrt(n)))
                return Undefined($"{names[c - 1]} is a linear function of the columns before it");
        return Figure<LeastSquaresDesign>.Of(new(new(root, qr.Q, back * qr.R.Inverse())));
    }

    /// <summary>Coefficients of y: the intercept, then the columns'.</summary>
    public double[] Coefficients(IReadOnlyList<double> y)
    {
        // Around its mean, so that an offset of y costs no digits.
        var (centred, mean) = Centred(y);
        double[] coefficients = [.. Spread * _q.TransposeThisAndMultiply(centred)];
        coefficients[0] += mean;
        return coefficients;
    }

    /// <summary>y minus its fit, times the root of the row's weight.</summary>
    public double[] Residuals(IReadOnlyList<double> y)
    {
        var (centred, _) = Centred(y);
        return [.. centred - _q * _q.TransposeThisAndMultiply(centred)];
    }

    /// <summary>Weighted squares of y around its weighted mean.</summary>
    public double TotalSquares(IReadOnlyList<double> y) => Centred(y).Values.DotProduct(Centred(y).Values);

    (Vector<double> Values, double Mean) Centred(IReadOnlyList<double> y)
    {
        double mean = WeightedMean(y, _rootWeights, _rootWeights.Sum(w => w * w));
        return (Vector<double>.Build.Dense(y.Count, i => _rootWeights[i] * (y[i] - mean)), mean);
    }

    static double WeightedMean(IReadOnlyList<double> values, double[] rootWeights, double total)
    {
        double sum = 0;
        for (int i = 0; i < values.Count; i++) sum += rootWeights[i] * rootWeights[i] * values[i];
        return sum / total;
    }

    static Figure<LeastSquaresDesign> Undefined(string because) => Figure<LeastSquaresDesign>.Undefined(because);
}

/// <summary>A design that has been factored.</summary>
readonly record struct LeastSquaresDesign(LeastSquares Solved);
