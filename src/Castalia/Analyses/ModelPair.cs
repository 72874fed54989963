using Castalia.Errors;

namespace Castalia.Analyses;

/// <summary>Which two models are compared.</summary>
static class ModelPair
{
    /// <summary>The models of two runs, or of one.</summary>
    /// <param name="runs">Models of each run: one run or two.</param>
    /// <param name="names">None, one for both or one for each. Without a name a run must have one model; a single run without names two.</param>
    /// <exception cref="InputException">A run has several models and no name was given, or not that one.</exception>
    public static (MeasuredModel First, MeasuredModel Second) Of(IReadOnlyList<IReadOnlyList<MeasuredModel>> runs, IReadOnlyList<string> names)
    {
        if (runs.Count == 1 && names.Count == 0 && runs[0].Count == 2) return (runs[0][0], runs[0][1]);
        if (runs.Count == 1 && names.Count < 2)
            throw ComparisonErrors.TwoModelsOfOneRun(Name(runs[0]), Names(runs[0]), runs[0].Select(m => m.Identity).Distinct().Count());
        return (Find(runs[0], names.Count == 0 ? null : names[0]), Find(runs[^1], names.Count == 0 ? null : names[^1]));
    }

    /// <summary>The models of two runs that were named by a model: each run's only one, or the one of that name; empty where that does not say which.</summary>
    /// <param name="runs">Models of each run.</param>
    /// <param name="words">What the runs were called.</param>
    public static IReadOnlyList<string> Meant(IReadOnlyList<IReadOnlyList<MeasuredModel>> runs, IReadOnlyList<string> words)
    {
        if (runs.Count != 2 || words.Count != 2) return [];
        List<string> names = [.. runs.Zip(words, (models, word) => models.Count == 1 ? models[0].Name
            : models.FirstOrDefault(m => string.Equals(m.Name, word, StringComparison.OrdinalIgnoreCase))?.Name).OfType<string>()];
        return names.Count == 2 ? names : [];
    }

    static MeasuredModel Find(IReadOnlyList<MeasuredModel> models, string? name) =>
        name is null
            ? models.Count == 1 ? models[0] : throw ComparisonErrors.WhichModel(Name(models), Names(models))
            : models.FirstOrDefault(m => m.Name == name) ?? throw ComparisonErrors.NoSuchModel(name, Name(models), Names(models));

    static string Name(IReadOnlyList<MeasuredModel> models) => models[0].Settings.Run;

    static List<string> Names(IReadOnlyList<MeasuredModel> models) => [.. models.Select(m => m.Name)];
}
