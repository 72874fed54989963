using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class GroupsGoldenTests
{
    /// <summary>Entries about two samples, which another test walks.</summary>
    const string TwoSamples = "Welch t, Mann-Whitney U of the first sample (two-sided), Cliff's delta, Cohen d with pooled sd, Hedges g";

    [Fact]
    public void Every_entry_about_groups_equals_the_reference()
    {
        foreach (var entry in GoldenFigures.Entries("groups.json"))
        {
            if (entry.What() == TwoSamples) continue;
            var groups = entry.Input("groups").Columns();
            switch (entry.What())
            {
                case ['K', 'r', 'u', ..] what when what.Contains("undefined", StringComparison.Ordinal):
                    Assert.Equal("all values are equal", KruskalWallis.Of(groups).UndefinedBecause);
                    Assert.Equal("all values are equal", Dunn.Of(groups).UndefinedBecause);
                    break;
                case ['K', 'r', 'u', ..]:
                    var k = KruskalWallis.Of(groups).Defined();
                    var pairs = Dunn.Of(groups).Defined().Pairs;
                    GoldenFigures.Equal(entry, new
                    {
                        k.H,
                        df = k.Df,
                        p = k.P,
                        epsilon_squared = k.EpsilonSquared,
                        dunn = pairs.Select(d => new { pair = new[] { d.First, d.Second }, z = d.Z, p = d.P, p_holm = d.PHolm }),
                    });
                    Assert.Equal(groups.Sum(g => g.Count), k.N);
                    break;
                case ['o', 'n', 'e', ..]:
                    var (anova, welch, spread) = (Anova.Of(groups).Defined(), WelchAnova.Of(groups).Defined(), BrownForsythe.Of(groups).Defined());
                    GoldenFigures.Equal(entry, new
                    {
                        anova = new { anova.F, p = anova.P },
                        welch = new { welch.F, df = new[] { welch.DfBetween, welch.DfWithin }, p = welch.P },
                        brown_forsythe = new { spread.F, p = spread.P },
                    });
                    break;
                case ['I', 'C', 'C', ..]:
                    var icc = Icc.OneWay(groups).Defined();
                    GoldenFigures.Equal(entry, new { icc1 = icc.Icc1, m0 = icc.M0, design_effect = icc.DesignEffect });
                    break;
                case var unknown:
                    Assert.Fail($"No estimator for '{unknown}'.");
                    break;
            }
        }
    }
}
