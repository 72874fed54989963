using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The prompts of one category.</summary>
/// <param name="Category">Its name.</param>
/// <param name="Gain">Gain of the last block.</param>
/// <param name="Entropy">Nats.</param>
/// <param name="Tokens">Tokens fed.</param>
/// <param name="Below">Prompts with a gain below 1.</param>
/// <param name="Adjusted">Gain less what log tokens and entropy predict; undefined figures where that regression is.</param>
sealed record CategoryGroup(string Category, Estimate Gain, Estimate Entropy, Estimate Tokens, int Below, Estimate Adjusted)
{
    /// <summary>Below this many prompts a category's mean and interval say little.</summary>
    public const int Small = 10;

    /// <summary>Whether it has too few prompts to say much.</summary>
    public bool IsSmall => Gain.N < Small;
}
