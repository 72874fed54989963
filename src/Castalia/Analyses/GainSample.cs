namespace Castalia.Analyses;

/// <summary>Where in a prompt the readings of a sample were taken.</summary>
enum Sampling
{
    /// <summary>At the last token of each prompt: one reading each.</summary>
    LastToken,
    /// <summary>At every position but the first of each prompt.</summary>
    EveryPosition,
}

/// <summary>The readings of one model in one run.</summary>
/// <param name="Source">The model and run.</param>
/// <param name="Sampling">Where in the prompts the readings were taken.</param>
/// <param name="Points">The readings, prompts in order.</param>
/// <param name="LeftOut">Readings without a gain or an entropy, which are not among the points.</param>
sealed record GainSample(SampleSource Source, Sampling Sampling, IReadOnlyList<GainPoint> Points, int LeftOut)
{
    /// <summary>Prompts with at least one reading.</summary>
    public int Texts => Points.Select(p => p.Text).Distinct().Count();

    /// <summary>Gains.</summary>
    public double[] Gains => [.. Points.Select(p => p.Gain)];

    /// <summary>Entropies, nats.</summary>
    public double[] Entropies => [.. Points.Select(p => p.Entropy)];

    /// <summary>|gain − 1|.</summary>
    public double[] Distances => [.. Points.Select(p => p.Distance)];

    /// <summary>Categories in order of first appearance; empty where any reading has none or all have the same.</summary>
    public IReadOnlyList<string> Categories
    {
        get
        {
            if (Points.Any(p => p.Category is null)) return [];
            List<string> found = [.. Points.Select(p => p.Category!).Distinct()];
            return found.Count > 1 ? found : [];
        }
    }

    /// <summary>The text of each reading by its name, with its number where two have one name.</summary>
    public IReadOnlyList<string> TextNames
    {
        get
        {
            var names = Points.GroupBy(p => p.Text).ToDictionary(text => text.Key, text => text.First().Name);
            var once = names.Values.OfType<string>().GroupBy(name => name, StringComparer.Ordinal).Where(name => name.Count() == 1).Select(name => name.Key).ToHashSet(StringComparer.Ordinal);
            return [.. Points.Select(p => names[p.Text] is { } name ? once.Contains(name) ? $"'{name}'" : $"'{name}' (prompt {p.Text + 1})" : $"{p.Text + 1}")];
        }
    }

    /// <summary>Row indices of each prompt.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Clusters =>
        [.. Enumerable.Range(0, Points.Count).GroupBy(i => Points[i].Text).Select(group => group.ToArray())];
}
