using System.Globalization;

namespace Castalia.Interventions;

/// <summary>Which positions of a prompt are meant, before it is known how many it has.</summary>
sealed record PositionChoice
{
    readonly IReadOnlySet<int>? _named;
    readonly bool _isLast;

    PositionChoice(IReadOnlySet<int>? named, bool isLast) => (_named, _isLast) = (named, isLast);

    /// <summary>Every one.</summary>
    public static PositionChoice All { get; } = new(null, isLast: false);

    /// <summary>The last.</summary>
    public static PositionChoice Last { get; } = new(null, isLast: true);

    /// <summary>Those of these indices, from 0.</summary>
    public static PositionChoice Named(params IEnumerable<int> positions) => new(positions.ToHashSet(), isLast: false);

    /// <summary>Whether a position is meant.</summary>
    public bool Has(int position, int tokens) => _isLast ? position == tokens - 1 : _named?.Contains(position) ?? true;

    /// <summary>The first that is meant.</summary>
    public int First(int tokens) => _isLast ? tokens - 1 : _named is null ? 0 : _named.Min();

    /// <summary>The smallest that was named and that a prompt does not have; null where it has them all.</summary>
    public int? Missing(int tokens) => _named?.Where(position => position >= tokens).Select(position => (int?)position).Min();

    /// <inheritdoc/>
    public override string ToString() =>
        _isLast ? "last" : _named is null ? "all" : string.Join(",", _named.Order().Select(position => position.ToString(CultureInfo.InvariantCulture)));
}
