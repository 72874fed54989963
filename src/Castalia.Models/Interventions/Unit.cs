using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Kinds of units that a block has many of.</summary>
enum UnitKind
{
    /// <summary>A head: its slice of z.</summary>
    Head,
    /// <summary>A neuron: its entry of mlp_post.</summary>
    Neuron,
    /// <summary>A coordinate of the stream: its entry of attn_out, mlp_out, resid_pre, resid_mid or resid_post.</summary>
    Dimension,
}

/// <summary>What of a site is changed.</summary>
abstract record Unit
{
    Unit()
    {
    }

    /// <summary>All of it.</summary>
    public sealed record Whole : Unit;

    /// <summary>What some heads put into z, some neurons into mlp_post, or what stands in some coordinates of a site of the stream.</summary>
    /// <param name="Kind">Which kind.</param>
    /// <param name="Indices">Which of them, from 0; ascending.</param>
    public sealed record Some(UnitKind Kind, IReadOnlyList<int> Indices) : Unit;

    /// <summary>What the output bias puts into attn_out or mlp_out.</summary>
    public sealed record Bias : Unit;

    /// <summary>The component along a direction, or within the span of several, at each position by itself.</summary>
    /// <param name="Of">The direction.</param>
    public sealed record Along(Direction Of) : Unit;
}

/// <summary>A direction at a site, or the span of several; lengths do not matter.</summary>
abstract record Direction
{
    Direction()
    {
    }

    /// <summary>What it is called.</summary>
    public abstract string Name { get; }

    /// <summary>That of the clean pass at a site of the same block and position.</summary>
    /// <param name="Site">The site, as wide as the one that is changed.</param>
    public sealed record Clean(ResidualSite Site) : Direction
    {
        /// <inheritdoc/>
        public override string Name => Site.Name();
    }

    /// <summary>A vector.</summary>
    /// <param name="Of">The vector.</param>
    public sealed record Fixed(NamedVector Of) : Direction
    {
        /// <inheritdoc/>
        public override string Name => Of.Name;
    }

    /// <summary>The mean of resid_pre of the changed block over a set, the first position of each text left out.</summary>
    /// <param name="Set">The texts, by name.</param>
    public sealed record Mean(string Set) : Direction
    {
        /// <inheritdoc/>
        public override string Name => $"the mean of {Set}";
    }

    /// <summary>The span of the first principal components of the same about that mean.</summary>
    /// <param name="Count">How many, from 1 to <see cref="Attribution.PrincipalComponents.Most"/>.</param>
    /// <param name="Set">The texts, by name.</param>
    public sealed record Components(int Count, string Set) : Direction
    {
        /// <inheritdoc/>
        public override string Name => FormattableString.Invariant($"{Count} principal components of {Set}");
    }

    /// <summary>Bands of the unembedding (<see cref="Attribution.UnembeddingBands"/>), one after the other.</summary>
    /// <param name="First">The first, from 0: that of the largest singular values.</param>
    /// <param name="Last">The last.</param>
    public sealed record Bands(int First, int Last) : Direction
    {
        /// <inheritdoc/>
        public override string Name => FormattableString.Invariant($"{(First == Last ? $"band {First}" : $"bands {First} to {Last}")} of the unembedding");
    }
}

/// <summary>A vector from a file.</summary>
/// <param name="Name">File and tensor.</param>
/// <param name="Values">Its values.</param>
sealed record NamedVector(string Name, IReadOnlyList<float> Values);
