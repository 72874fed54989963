using System.Globalization;
using Castalia.Wording;

namespace Castalia.Twins;

/// <summary>How large a study is, in words.</summary>
static class TwinScale
{
    /// <summary>Parameters of the model that the study of twins asks about, Pythia-6.9B.</summary>
    const double Asked = 6.9e9;

    /// <summary>"20 networks, 5 seeds in each of 4 cells, 215,000 parameters and 614,400 tokens each, a 32,000th of 6.9 × 10⁹".</summary>
    public static string Of(TwinTable table)
    {
        int[] seeds = [.. table.Cells.Select(cell => cell.Count())];
        return $"{Figures.Of(table.Networks.Count, "network")}, {Range([.. seeds.Select(n => (long)n)], "seed")} in {(seeds.Length == 1 ? "one cell" : $"each of {seeds.Length} cells")}, " +
            $"{Range([.. table.Networks.Select(network => network.Parameters)], "parameter")} and {Range([.. table.Networks.Select(network => network.TrainedTokens)], "token")} each";
    }

    /// <summary>What networks of that size cannot say.</summary>
    public static string Limit(TwinTable table)
    {
        double times = Asked / table.Networks.Max(network => network.Parameters);
        return $"Pythia-6.9B has {Rounded(times)} times the parameters of the largest of these, 32 blocks and 300 × 10⁹ tokens of text: what makes no difference here may make one there, and the other way round.";
    }

    static string Rounded(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return (Math.Round(value / unit) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }

    static string Range(IReadOnlyList<long> values, string noun) =>
        values.Min() == values.Max() ? Figures.Of(values[0], noun) : $"{Figures.Count(values.Min())} to {Figures.Of(values.Max(), noun)}";
}
