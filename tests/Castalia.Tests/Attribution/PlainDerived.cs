namespace Castalia.Tests.Attribution;

/// <summary>The definitions of what is derived from reference texts and directions: float64, one loop after the other.</summary>
static class PlainDerived
{
    public static double Norm(IEnumerable<double> x) => Math.Sqrt(x.Sum(v => v * v));

    public static double Dot(IEnumerable<double> a, IEnumerable<double> b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double[] Mean(IReadOnlyList<double[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Sum(row => row[i]) / rows.Count)];

    public static double[] Minus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    public static double[] Plus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    public static double Participation(double[] h) => h.Sum(x => Math.Pow(x, 4)) / Math.Pow(h.Sum(x => x * x), 2);

    public static double Kurtosis(double[] x)
    {
        double mean = x.Average();
        return x.Average(v => Math.Pow(v - mean, 4)) / Math.Pow(x.Average(v => Math.Pow(v - mean, 2)), 2);
    }

    public static double[] Rms(IReadOnlyList<double[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => Math.Sqrt(rows.Average(row => row[i] * row[i])))];

    public static int[] Ranking(IReadOnlyList<double[]> rows) => [.. Enumerable.Range(0, rows[0].Length).OrderByDescending(i => rows.Average(row => Math.Abs(row[i])))];

    public static double GainWithout(double[] pre, double[] post, IEnumerable<int> coordinates)
    {
        int[] left = [.. Enumerable.Range(0, pre.Length).Except(coordinates)];
        return Norm(left.Select(i => post[i])) / Norm(left.Select(i => pre[i]));
    }

    public static double Rejection(double[] mean, double[] pre, double[] post)
    {
        double[] P(double[] h) => [.. mean.Select(m => m * Dot(h, mean) / Dot(mean, mean))];
        return Norm(P(pre)) / Norm(P(post)) / (Norm(Minus(pre, P(pre))) / Norm(Minus(post, P(post))));
    }

    /// <summary>A along each vector, of length 1.</summary>
    public static double[] Along(IEnumerable<double[]> directions, double[] pre, double[] post) =>
        [.. directions.Select(b => Dot(Minus(post, pre), b) * Dot(Plus(post, pre), b) / Dot(pre, pre))];
}
