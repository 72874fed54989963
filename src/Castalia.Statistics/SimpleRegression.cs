using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>A line through pairs, by least squares.</summary>
/// <param name="N">Pairs.</param>
/// <param name="Slope">Change of y per unit of x.</param>
/// <param name="Intercept">y of the line at x = 0.</param>
/// <param name="SlopeSe">Standard error of the slope.</param>
/// <param name="InterceptSe">Standard error of the intercept.</param>
/// <param name="T">Slope over its standard error; undefined where the pairs lie on the line.</param>
/// <param name="P">Two-sided p of slope 0, by t with n − 2; 0 where the pairs lie on the line.</param>
/// <param name="R2">Share of y's variance explained.</param>
/// <param name="AdjustedR2">The same, corrected for the slope.</param>
/// <param name="ResidualSd">Standard deviation of the residuals, n − 2 in the variance.</param>
/// <param name="SlopeInterval95">95 % interval of the slope.</param>
/// <param name="InterceptInterval95">95 % interval of the intercept.</param>
/// <param name="Aic">Akaike's criterion of the normal model, slope and intercept counted; undefined where the pairs lie on the line.</param>
/// <param name="LeaveOneOutSlopes">Slope without each pair in turn; undefined where the rest has one x only.</param>
readonly record struct SimpleRegression(
    int N, double Slope, double Intercept, double SlopeSe, double InterceptSe, Figure<double> T, double P, double R2, double AdjustedR2,
    double ResidualSd, Interval SlopeInterval95, Interval InterceptInterval95, Figure<double> Aic, IReadOnlyList<Figure<double>> LeaveOneOutSlopes) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Slope, Intercept, SlopeSe, InterceptSe, P, R2, AdjustedR2, ResidualSd, SlopeInterval95.Low, SlopeInterval95.High, InterceptInterval95.Low, InterceptInterval95.High };

    /// <summary>Below this share of x's squares, what is left without a pair is summed anew rather than by subtraction.</summary>
    const double Remaining = 1e-3;

    /// <summary>Lowest and highest slope without one pair; undefined where one of them is.</summary>
    public Figure<Interval> LeaveOneOutRange =>
        LeaveOneOutSlopes.FirstOrDefault(s => s.Value is null) is { UndefinedBecause: { } because }
            ? Figure<Interval>.Undefined(because)
            : Figure<Interval>.Of(new(LeaveOneOutSlopes.Min(s => s.Value!.Value), LeaveOneOutSlopes.Max(s => s.Value!.Value)));

    /// <summary>Mean of x, and squares around it.</summary>
    (double Mean, double Squares) X { get; init; }

    /// <summary>The line at a point, the interval of the line there, and the one that a new y falls into; 95 %.</summary>
    /// <param name="x">The point; beyond the data the line is only as good as the assumption that it goes on.</param>
    public (double Mean, Interval MeanInterval95, Interval PredictionInterval95) At(double x)
    {
        double d = x - X.Mean, mean = Intercept + Slope * x, quantile = StudentT.UpperQuantile(0.025, N - 2);
        double leverage = 1.0 / N + d * d / X.Squares;
        double line = quantile * ResidualSd * Math.Sqrt(leverage), next = quantile * ResidualSd * Math.Sqrt(1 + leverage);
        return (mean, new(mean - line, mean + line), new(mean - next, mean + next));
    }

    /// <summary>The fit; undefined below three pairs and where a side does not vary.</summary>
    internal static Figure<SimpleRegression> Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"{x.Count} values cannot be paired with {y.Count}.", nameof(y));
        int n = x.Count, df = n - 2;
        if ((SampleFlaw.Of(x, "x") ?? SampleFlaw.Of(y, "y")) is { } flaw) return Figure<SimpleRegression>.Undefined(flaw);
        if (n < 3) return Figure<SimpleRegression>.Undefined($"n = {n} leaves no residual beside a line");
        if (Sample.IsConstant(x)) return Figure<SimpleRegression>.Undefined("x does not vary");
        if (Sample.IsConstant(y)) return Figure<SimpleRegression>.Undefined("y does not vary");
        double meanX = Describe.Mean(x), meanY = Describe.Mean(y), xx = 0, xy = 0, yy = 0, left = 0;
        for (int i = 0; i < n; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        double slope = xy / xx, intercept = meanY - slope * meanX;
        if (!double.IsNormal(xx) || !double.IsNormal(yy) || !double.IsFinite(slope))
            return Figure<SimpleRegression>.Undefined(Pearson.OutOfRange);
        for (int i = 0; i < n; i++)
        {
            double residual = y[i] - meanY - slope * (x[i] - meanX);
            left += residual * residual;
        }
        bool line = left <= Regression.ExactFit * yy;
        double sd = Math.Sqrt(left / df), slopeSe = sd / Math.Sqrt(xx), interceptSe = sd * Math.Sqrt(1.0 / n + meanX * meanX / xx);
        double t = slope / slopeSe, quantile = StudentT.UpperQuantile(0.025, df);
        const string OnLine = "the pairs lie on the line";
        return Figure<SimpleRegression>.Of(new(
            n, slope, intercept, slopeSe, interceptSe, line ? Figure<double>.Undefined(OnLine) : Figure<double>.Of(t),
            line ? 0 : StudentT.TwoSided(t, df), 1 - left / yy, 1 - left / df / (yy / (n - 1)), sd,
            new(slope - quantile * slopeSe, slope + quantile * slopeSe),
            new(intercept - quantile * interceptSe, intercept + quantile * interceptSe),
            line ? Figure<double>.Undefined(OnLine) : Figure<double>.Of(n * Math.Log(2 * Math.PI * left / n) + n + 4),
            [.. Enumerable.Range(0, n).Select(Without)])
        { X = (meanX, xx) });

        Figure<double> Without(int i)
        {
            double dx = x[i] - meanX, share = (double)n / (n - 1), rest = xx - share * dx * dx;
            if (rest >= Remaining * xx) return Figure<double>.Of((xy - share * dx * (y[i] - meanY)) / rest);
            double[] others = [.. x.Where((_, j) => j != i)], theirs = [.. y.Where((_, j) => j != i)];
            if (Sample.IsConstant(others)) return Figure<double>.Undefined($"x does not vary without pair {i + 1}");
            double centreX = Describe.Mean(others), centreY = Describe.Mean(theirs), squares = 0, products = 0;
            for (int j = 0; j < others.Length; j++)
            {
                squares += (others[j] - centreX) * (others[j] - centreX);
                products += (others[j] - centreX) * (theirs[j] - centreY);
            }
            return Figure<double>.Of(products / squares);
        }
    }
}
