using Castalia.Errors;

namespace Castalia.Training;

/// <summary>Which generated language.</summary>
sealed record LanguageOptions
{
    /// <summary>Tokens; <see cref="Least"/> to <see cref="Most"/>.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Share of the contexts of words that have one continuation; 0 to 0.9.</summary>
    public required double Settled { get; init; }

    /// <summary>Seed of the language itself: which words follow which.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Fewest tokens of a language.</summary>
    public const int Least = 96;

    /// <summary>Most tokens of a language.</summary>
    public const int Most = 8192;

    /// <summary>Largest share of settled contexts.</summary>
    public const double MostSettled = 0.9;

    /// <summary>Refuses numbers out of range.</summary>
    /// <param name="place">Where they were given.</param>
    /// <exception cref="InputException">Naming the number.</exception>
    public void Check(string place)
    {
        if (Vocabulary is < Least or > Most) throw TrainingErrors.OutOfRange(place, "vocabulary", Vocabulary, Least, Most);
        if (!(Settled is >= 0 and <= MostSettled)) throw TrainingErrors.OutOfRange(place, "settled", Settled, 0, MostSettled);
    }
}
