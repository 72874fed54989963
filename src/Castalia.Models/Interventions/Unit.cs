namespace Castalia.Interventions;

/// <summary>Kinds of units that a block has many of.</summary>
public enum UnitKind
{
    /// <summary>A head: its slice of z.</summary>
    Head,
    /// <summary>A neuron: its entry of mlp_post.</summary>
    Neuron,
}

/// <summary>What of a site is changed.</summary>
public abstract record Unit
{
    Unit()
    {
    }

    /// <summary>All of it.</summary>
    public sealed record Whole : Unit;

    /// <summary>What some heads put into z, or some neurons into mlp_post.</summary>
    /// <param name="Kind">Which kind.</param>
    /// <param name="Indices">Which of them, from 0; ascending.</param>
    public sealed record Some(UnitKind Kind, IReadOnlyList<int> Indices) : Unit;

    /// <summary>What the output bias puts into attn_out or mlp_out.</summary>
    public sealed record Bias : Unit;

    /// <summary>The component along a direction, at each position by itself.</summary>
    /// <param name="Of">The direction.</param>
    public sealed record Along(Direction Of) : Unit;
}

/// <summary>A direction at a site; its length does not matter.</summary>
public abstract record Direction
{
    Direction()
    {
    }

    /// <summary>That of the clean pass at a site of the same block and position.</summary>
    /// <param name="Site">The site, as wide as the one that is changed.</param>
    public sealed record Clean(Residual.ResidualSite Site) : Direction;

    /// <summary>A vector.</summary>
    /// <param name="Of">The vector.</param>
    public sealed record Fixed(NamedVector Of) : Direction;
}

/// <summary>A vector from a file.</summary>
/// <param name="Name">File and tensor.</param>
/// <param name="Values">Its values.</param>
public sealed record NamedVector(string Name, IReadOnlyList<float> Values);
