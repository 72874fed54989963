using System.Globalization;

namespace Castalia.Cards;

/// <summary>A value on a card: words, a number, a truth, a list of words, or that there is none of the thing.</summary>
abstract record CardDatum
{
    CardDatum()
    {
    }

    /// <summary>Words.</summary>
    public sealed record Words(string Value) : CardDatum
    {
        /// <inheritdoc/>
        public override string ToString() => Value;
    }

    /// <summary>A number, in the unit of its field.</summary>
    public sealed record Number(double Value) : CardDatum
    {
        /// <summary>Invariant; the shortest digits that give the number back.</summary>
        public override string ToString() => Value is >= 1 and < 1e16 && double.IsInteger(Value) ? Value.ToString("F0", CultureInfo.InvariantCulture) : Value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>True or false.</summary>
    public sealed record Truth(bool Value) : CardDatum
    {
        /// <inheritdoc/>
        public override string ToString() => Value ? "yes" : "no";
    }

    /// <summary>Several words, in the file's order.</summary>
    public sealed record Listing(IReadOnlyList<string> Values) : CardDatum
    {
        /// <summary>The same words in the same order.</summary>
        public bool Equals(Listing? other) => other is not null && Values.SequenceEqual(other.Values);

        /// <inheritdoc/>
        public override int GetHashCode() => Values.Count == 0 ? 0 : HashCode.Combine(Values.Count, Values[0]);

        /// <inheritdoc/>
        public override string ToString() => string.Join("; ", Values);
    }

    /// <summary>It is known that the model has none: no z-loss, no rotary base.</summary>
    public sealed record None : CardDatum
    {
        /// <inheritdoc/>
        public override string ToString() => "none";
    }
}
