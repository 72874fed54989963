namespace Castalia.Hypotheses.Measures;

/// <summary>A statistic that a test can ask for. The list is closed: what a hypothesis can compute is what Castalia tests itself.</summary>
/// <param name="Name">Its word in a file.</param>
/// <param name="Description">What it is, and how its interval and p are made.</param>
/// <param name="Required">Keys it must have.</param>
/// <param name="Optional">Keys it may have.</param>
/// <param name="Fields">Names of its results.</param>
/// <param name="Of">Computes it.</param>
sealed record Statistic(
    string Name, string Description, IReadOnlyList<string> Required, IReadOnlyList<string> Optional, IReadOnlyList<string> Fields,
    Func<Measure, MeasureRows, MeasureResult> Of)
{
    /// <summary>Words that its key method takes.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Names of its results where they depend on the test; null where they do not.</summary>
    public Func<Measure, IReadOnlyList<string>>? FieldsOf { get; init; }

    /// <summary>Whether its key on names a category, not a number.</summary>
    public bool OnIsFactor { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Statistic> All { get; } =
    [
        MeanStatistic.Value, CorrelationStatistic.Value, CorrelationStatistic.Partial, SlopeStatistic.Value, DifferenceStatistic.Value,
        CountStatistic.Proportion, CountStatistic.Count, SpreadStatistic.Value, ValueStatistic.Value, AnovaStatistic.Value, EquivalenceStatistic.Value, TrendStatistic.Value,
        CrossingStatistic.Value, CrossingStatistic.Width, SeedSpreadStatistic.Value, ModesStatistic.Dip, ModesStatistic.Binder,
    ];
}

/// <summary>What a test gave.</summary>
/// <param name="Fields">Each of the statistic's fields, or why it is undefined.</param>
/// <param name="Notes">What a reader must know, such as rows that could not be used.</param>
sealed record MeasureResult(IReadOnlyDictionary<string, Statistics.Figure<double>> Fields, IReadOnlyList<string> Notes)
{
    /// <summary>That its rows count as independent and are not; null where nothing speaks against it.</summary>
    public string? Dependence { get; init; }

    /// <summary>Every field undefined for one reason, except the count.</summary>
    public static MeasureResult Undefined(Measure test, int n, string because, IReadOnlyList<string> notes) => new(
        test.Fields.ToDictionary(field => field,
            field => field == "n" ? Statistics.Figure<double>.Of(n) : Statistics.Figure<double>.Undefined(because)), notes);
}
