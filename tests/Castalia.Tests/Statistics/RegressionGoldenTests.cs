using System.Text.Json;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class RegressionGoldenTests
{
    [Fact]
    public void Every_entry_equals_the_reference()
    {
        foreach (var entry in GoldenFigures.Entries("regression.json"))
        {
            double[] y = entry.Input("y").Doubles();
            switch (entry.What())
            {
                case ['s', 'i', 'm', 'p', 'l', 'e', ..]:
                    Simple(entry, y);
                    break;
                case "two predictors":
                    var two = Regression.Multiple([entry.Input("x1").Doubles(), entry.Input("x2").Doubles()], y).Defined();
                    Assert.Equal(["intercept", "x1", "x2"], two.Coefficients.Select(c => c.Name));
                    GoldenFigures.Equal(entry, Fields(two));
                    break;
                case "weighted":
                    GoldenFigures.Equal(entry, Fields(Regression.Weighted([entry.Input("x").Doubles()], y, entry.Input("weights").Doubles()).Defined()));
                    break;
                case var unknown:
                    Assert.Fail($"No estimator for '{unknown}'.");
                    break;
            }
        }
    }

    static void Simple(JsonElement entry, double[] y)
    {
        double[] x = entry.Input("x").Doubles();
        var line = Regression.Simple(x, y).Defined();
        var (mean, meanInterval, prediction) = line.At(entry.Input("at").GetDouble());
        GoldenFigures.Equal(entry, new
        {
            slope = line.Slope,
            intercept = line.Intercept,
            se = new[] { line.SlopeSe, line.InterceptSe },
            t = line.T.Defined(),
            p = line.P,
            r2 = line.R2,
            adjusted_r2 = line.AdjustedR2,
            residual_sd = line.ResidualSd,
            slope_ci95 = line.SlopeInterval95.Ends(),
            aic = line.Aic.Defined(),
            mean_at = mean,
            mean_ci95 = meanInterval.Ends(),
            prediction_ci95 = prediction.Ends(),
            leave_one_out_slopes = line.LeaveOneOutSlopes.Select(s => s.Defined()),
            leave_one_out_range = line.LeaveOneOutRange.Defined().Ends(),
        });
        // The same line by the other route.
        var fit = Regression.Multiple([x], y).Defined();
        double[] ours = [line.Intercept, line.Slope, line.InterceptSe, line.SlopeSe, line.P, line.R2, line.Aic.Defined(), .. line.InterceptInterval95.Ends()];
        double[] others =
        [
            fit.Coefficients[0].Value, fit.Coefficients[1].Value, fit.Coefficients[0].Se, fit.Coefficients[1].Se,
            fit.Coefficients[1].P, fit.R2, fit.Aic, .. fit.Coefficients[0].Interval95.Ends(),
        ];
        Assert.All(ours.Zip(others), p => Assert.Equal(p.First, p.Second, 1e-9 * Math.Max(1, Math.Abs(p.First))));
    }

    static object Fields(RegressionFit fit) => new
    {
        coefficients = fit.Coefficients.Select(c => c.Value),
        se = fit.Coefficients.Select(c => c.Se),
        t = fit.Coefficients.Select(c => c.T),
        p = fit.Coefficients.Select(c => c.P),
        r2 = fit.R2,
        adjusted_r2 = fit.AdjustedR2,
        aic = fit.Aic,
        fit.F,
        F_p = fit.FP,
    };
}
