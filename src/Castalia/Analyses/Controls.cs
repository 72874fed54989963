namespace Castalia.Analyses;

/// <summary>Columns that a regression holds fixed.</summary>
/// <param name="Names">What they are, for people.</param>
/// <param name="Columns">Their values, one list each; a category takes one column less than there are categories.</param>
/// <param name="ColumnNames">What each column is called.</param>
/// <param name="LeftOut">What was asked for and has no columns, with the reason.</param>
sealed record Controls(IReadOnlyList<string> Names, IReadOnlyList<IReadOnlyList<double>> Columns, IReadOnlyList<string> ColumnNames, IReadOnlyList<string> LeftOut)
{
    /// <summary>Nothing held fixed.</summary>
    public static Controls None { get; } = new([], [], [], []);

    /// <summary>The natural logarithm of the length, or why it is left out.</summary>
    public Controls WithLength(GainSample sample)
    {
        bool everyPosition = sample.Sampling == Sampling.EveryPosition;
        string name = everyPosition ? "log position" : "log tokens";
        double[] column = [.. sample.Points.Select(p => Math.Log(p.Length))];
        return Varies(column)
            ? With(name, column)
            : Without(name, everyPosition ? "every reading stands at the same position" : "every prompt has the same number of tokens");
    }

    /// <summary>A column for each category but the first, 1 where a reading has it; or why they are left out.</summary>
    public Controls WithCategory(GainSample sample)
    {
        var categories = sample.Categories;
        if (categories.Count == 0)
            return Without("category", sample.Points.Any(p => p.Category is null) ? "not every prompt has one" : "all prompts have the same");
        // Of one text nothing says how texts of its category differ among themselves, so errors by text would be undefined.
        if (sample.Sampling == Sampling.EveryPosition && categories.FirstOrDefault(name => sample.Points.Where(p => p.Category == name).Select(p => p.Text).Distinct().Count() == 1) is { } lonely)
            return Without("category", $"{lonely} has one text only, {sample.TextNames[sample.Points.Index().First(p => p.Item.Category == lonely).Index]}, and one text gives no error");
        return new(
            [.. Names, "category"],
            [.. Columns, .. categories.Skip(1).Select(IReadOnlyList<double> (name) => [.. sample.Points.Select(p => p.Category == name ? 1.0 : 0.0)])],
            [.. ColumnNames, .. categories.Skip(1).Select(name => $"category {name}")],
            LeftOut);
    }

    /// <summary>The probability of the likeliest next token, or why it is left out.</summary>
    public Controls WithTopProbability(GainSample sample)
    {
        double[] column = [.. sample.Points.Select(p => p.TopProbability)];
        return Varies(column) ? With(Adjustment.TopProbability, column) : Without(Adjustment.TopProbability, "it does not vary");
    }

    /// <summary>Entropy, or why it is left out.</summary>
    public Controls WithEntropy(GainSample sample)
    {
        double[] column = sample.Entropies;
        return Varies(column) ? With("entropy", column) : Without("entropy", "it does not vary");
    }

    /// <summary>One more column.</summary>
    public Controls With(string name, IReadOnlyList<double> column) => new([.. Names, name], [.. Columns, column], [.. ColumnNames, name], LeftOut);

    Controls Without(string name, string because) => this with { LeftOut = [.. LeftOut, $"{name}: {because}"] };

    static bool Varies(double[] column) => Array.Exists(column, v => v != column[0]);
}
