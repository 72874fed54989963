using System.Text.Json;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class AssociationGoldenTests
{
    [Fact]
    public void Every_entry_equals_the_reference()
    {
        foreach (var entry in GoldenFigures.Entries("association.json"))
        {
            double[] x = entry.Input("x").Doubles(), y = entry.Input("y").Doubles();
            switch (entry.What())
            {
                case ['P', 'e', 'a', 'r', 's', 'o', 'n', ..]:
                    Plain(entry, x, y);
                    break;
                case ['p', 'a', 'r', 't', 'i', 'a', 'l', ' ', var first, ..]:
                    var controls = entry.Input("covariates").Columns();
                    var partial = (first == 's' ? PartialCorrelation.OfRanks(x, y, controls) : PartialCorrelation.Of(x, y, controls)).Defined();
                    GoldenFigures.Equal(entry, new { r = partial.Coefficient, t = partial.T, df = partial.Df, p = partial.P });
                    break;
                case "correlation is undefined: a variable is constant":
                    const string Because = "one side does not vary";
                    Assert.Equal(Because, Correlation.Pearson(x, y).UndefinedBecause);
                    Assert.Equal(Because, Correlation.Spearman(y, x).UndefinedBecause);
                    Assert.Equal(Because, Correlation.Kendall(x, y).UndefinedBecause);
                    Assert.Equal(Because, Permutation.PearsonP(x, y, 10, 1).UndefinedBecause);
                    break;
                case var unknown:
                    Assert.Fail($"No estimator for '{unknown}'.");
                    break;
            }
        }
    }

    static void Plain(JsonElement entry, double[] x, double[] y)
    {
        var pearson = Correlation.Pearson(x, y).Defined();
        var spearman = Correlation.Spearman(x, y).Defined();
        var kendall = KendallTau.Of(x, y).Defined();
        var figures = new Dictionary<string, Dictionary<string, object>>
        {
            ["pearson"] = new() { ["r"] = pearson.Coefficient, ["p"] = pearson.P },
            ["spearman"] = new() { ["rho"] = spearman.Coefficient, ["p"] = spearman.P },
            ["kendall_tau_b"] = new() { ["tau"] = kendall.Tau, ["p_asymptotic"] = kendall.PAsymptotic },
        };
        if (pearson.Interval95.Value is { } p) figures["pearson"]["ci95"] = p.Ends();
        if (spearman.Interval95.Value is { } s) figures["spearman"]["ci95_bonett_wright"] = s.Ends();
        if (kendall.PExact.Value is { } exact) figures["kendall_tau_b"]["p_exact"] = exact;
        if (x.Length <= Permutation.MostEnumerated)
        {
            figures["pearson"]["p_permutation_all"] = Permutation.PearsonP(x, y, 1, 1).Defined().P;
            figures["spearman"]["p_permutation_all"] = Permutation.SpearmanP(x, y, 1, 1).Defined().P;
        }
        GoldenFigures.Equal(entry, figures);
        // What the reference leaves undefined is so here: it lists no interval, and no exact p with ties.
        foreach (var (name, own) in figures)
            Assert.Equal(own.Keys.Order(), entry.GetProperty("value").GetProperty(name).EnumerateObject().Select(e => e.Name).Order());
        var tau = Correlation.Kendall(x, y).Defined();
        Assert.Equal((kendall.Tau, kendall.PExact.Value ?? kendall.PAsymptotic), (tau.Coefficient, tau.P));
        Assert.StartsWith(kendall.PExact.Value is null ? "normal" : "exact", tau.Method);
    }
}
