namespace Castalia.Anatomy;

/// <summary>What part of a model a fact is about; the order of a comparison.</summary>
enum FactGroup
{
    /// <summary>What it is called.</summary>
    Identity,
    /// <summary>How many of what, and how wide.</summary>
    Sizes,
    /// <summary>How attention, MLP and norms of a block stand to each other.</summary>
    Wiring,
    /// <summary>The norms.</summary>
    Norms,
    /// <summary>How a position enters.</summary>
    Positions,
    /// <summary>Scores, windows and caps of attention.</summary>
    Attention,
    /// <summary>The MLP.</summary>
    Mlp,
    /// <summary>Which linear maps have a bias.</summary>
    Biases,
    /// <summary>Embedding, unembedding, vocabulary.</summary>
    Vocabulary,
    /// <summary>Constants on the stream and on the logits.</summary>
    Multipliers,
    /// <summary>Parameters by part.</summary>
    Parameters,
    /// <summary>How the values are stored.</summary>
    Storage,
}

/// <summary>How a fact follows from others, where its value is what they give: a width of a head that is d_model / n_heads.</summary>
/// <param name="Text">The rule, as a formula.</param>
/// <param name="Sources">Keys of the facts it follows from.</param>
sealed record FactRule(string Text, params IReadOnlyList<string> Sources);

/// <summary>One thing that can be said of a model, in a form that can be compared with the same of another.</summary>
sealed record Fact
{
    /// <summary>What it is called in data: <c>d_model</c>. The same for every model.</summary>
    public required string Key { get; init; }

    /// <summary>What it is called in prose.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required FactGroup Group { get; init; }

    /// <summary>Text, a long, a double or a bool; null where the model has none of it.</summary>
    public required object? Value { get; init; }

    /// <summary>Unit of a number; empty for what has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>False where what was read cannot tell; the value is null then, and means nothing.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>What the value follows from; null where nothing else gives it.</summary>
    public FactRule? Follows { get; init; }

    /// <summary>Key of the fact that decides whether there is such a thing at all; null for what every model has.</summary>
    public string? Within { get; init; }

    /// <summary>The value as pages print it: counts with thousands apart, other numbers to five digits; ids as they are.</summary>
    public string Shown => (IsKnown, Value) switch
    {
        (true, long count) when Group != FactGroup.Vocabulary || !Name.StartsWith("id ", StringComparison.Ordinal) => count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
        (true, double number) when number < 10_000 => number.ToString("G5", System.Globalization.CultureInfo.InvariantCulture),
        _ => Text,
    };

    /// <summary>The value as text, invariant; "–" for none and "?" for not known.</summary>
    public string Text => (IsKnown, Value) switch
    {
        (false, _) => "?",
        (_, null) => "–",
        (_, bool yes) => yes ? "yes" : "no",
        (_, double number) => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        (_, IFormattable other) => other.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{Value}",
    };
}
