namespace Castalia.Hypotheses.Separation;

/// <summary>A field of the view models, with its value in each model.</summary>
/// <param name="Name">Its column.</param>
/// <param name="Kind">Number: asked by thresholds; truth and text: one value against the rest.</param>
/// <param name="Values">By model: a double, a bool, a string, or null where the model has none.</param>
sealed record ArchitectureField(string Name, ColumnKind Kind, IReadOnlyList<object?> Values)
{
    /// <summary>Columns that say where a model lies or how it is stored or named, and nothing of its arithmetic.</summary>
    static readonly string[] NoArchitecture =
    [
        "run", "model", "path", "format", "hub_repository", "hub_revision", "hub_commit", "sha256", "weights_sha256", "identity",
        "identity_basis", "arithmetic_sha256", "repeat_of", "untrained", "prompts_sha256", "card",
        "checkpoint", "title", "config", "reference", "defaults", "bytes", "tensors", "notes",
    ];

    /// <summary>The fields of a table with one row for each model; lists are left out.</summary>
    public static IReadOnlyList<ArchitectureField> Of(EvidenceTable models) =>
    [
        .. models.Columns.Select((column, i) => (Column: column, Index: i))
            .Where(c => c.Column.Kind != ColumnKind.Other && !NoArchitecture.Contains(c.Column.Name) && !c.Column.Name.StartsWith("dtypes_", StringComparison.Ordinal))
            .Select(c => new ArchitectureField(c.Column.Name, c.Column.Kind, [.. models.Rows.Select(row => row[c.Index])])),
    ];

    /// <summary>The yes-or-no questions that the field allows of these models, those with the same answers once; none where all models agree.</summary>
    public IReadOnlyList<Question> Questions()
    {
        var questions = new List<Question>();
        foreach (object? value in Values.Distinct())
            if (Kind != ColumnKind.Number || value is null) questions.Add(new(Text(value), [.. Values.Select(v => Equals(v, value))]));
        if (Kind == ColumnKind.Number)
        {
            double[] sorted = [.. Values.OfType<double>().Distinct().Order()];
            for (int i = 1; i < sorted.Length; i++)
            {
                double threshold = Threshold(sorted[i - 1], sorted[i]);
                string number = threshold.ToString("G6", System.Globalization.CultureInfo.InvariantCulture);
                questions.Add(new($"{Name} < {number}", [.. Values.Select(v => v is double d && d < threshold)]));
                questions.Add(new($"{Name} > {number}", [.. Values.Select(v => v is double d && d > threshold)]));
            }
        }
        return [.. questions.Where(q => q.Answers.Contains(true) && q.Answers.Contains(false)).DistinctBy(q => string.Concat(q.Answers.Select(answer => answer ? '1' : '0')))];
    }

    /// <summary>Halfway between two neighbours; the upper where halfway is one of them by rounding.</summary>
    static double Threshold(double below, double above) => below + (above - below) / 2 is var middle && middle > below && middle < above ? middle : above;

    string Text(object? value) => value switch
    {
        null => $"{Name} is absent",
        bool truth => truth ? Name : $"not {Name}",
        _ => $"{Name} = {value}",
    };
}

/// <summary>A yes-or-no question about models.</summary>
/// <param name="Text">What is asked.</param>
/// <param name="Answers">By model.</param>
sealed record Question(string Text, IReadOnlyList<bool> Answers);
