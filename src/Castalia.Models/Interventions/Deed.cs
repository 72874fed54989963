namespace Castalia.Interventions;

/// <summary>What becomes of a unit of a site.</summary>
abstract record Deed
{
    Deed()
    {
    }

    /// <summary>It becomes 0.</summary>
    public sealed record Zero : Deed;

    /// <summary>It is multiplied, in float64 and rounded once.</summary>
    /// <param name="Factor">By what.</param>
    public sealed record Scale(double Factor) : Deed;

    /// <summary>It becomes its mean over the positions of the clean pass, taken in float64 and rounded once.</summary>
    /// <param name="Over">Over which.</param>
    public sealed record Mean(MeanOver Over) : Deed;

    /// <summary>All of the site but the unit becomes 0; for directions.</summary>
    public sealed record Keep : Deed;

    /// <summary>A vector is added, in float64 and rounded once.</summary>
    /// <param name="Of">The vector.</param>
    /// <param name="Factor">Times what.</param>
    public sealed record Add(NamedVector Of, double Factor) : Deed;

    /// <summary>Every value is rounded to nearest, ties to even.</summary>
    /// <param name="Type">To which type.</param>
    public sealed record Round(HalfType Type) : Deed;

    /// <summary>It becomes what the clean pass of another prompt has at the same position.</summary>
    /// <param name="Prompt">The other's name.</param>
    public sealed record Patch(string Prompt) : Deed;

    /// <summary>The same of a prompt of as many tokens that the clean predictions choose.</summary>
    /// <param name="By">How.</param>
    public sealed record PatchMatched(Matching By) : Deed;

    /// <summary>
    /// Later positions attend as if some were not there: z is the mean of the values at the others, by their weights of the softmax without these, in float64 and
    /// rounded once. A position always attends to itself.
    /// </summary>
    /// <param name="Sources">The positions, from 0; ascending.</param>
    public sealed record Mask(IReadOnlyList<int> Sources) : Deed;
}

/// <summary>Which prompt of as many tokens stands opposite to another, or beside it, by the entropies of the clean predictions at their last positions.</summary>
/// <param name="SettledNats">A prompt below it is settled; nats.</param>
/// <param name="OpenNats">A prompt above it is open; nats.</param>
/// <param name="Alike">Whether the other is of the same kind, a control, rather than of the other kind.</param>
sealed record Matching(double SettledNats, double OpenNats, bool Alike);

/// <summary>Types of 16 bits.</summary>
enum HalfType
{
    /// <summary>binary16.</summary>
    Float16,
    /// <summary>bfloat16.</summary>
    BFloat16,
}

/// <summary>Positions that a mean is taken over.</summary>
/// <param name="Set">The texts, by name; null for the prompt itself, all of its positions, the first included.</param>
/// <param name="IncludesFirst">Whether the first position of each text counts; of the prompt itself it always does.</param>
sealed record MeanOver(string? Set, bool IncludesFirst);
