using System.Globalization;

namespace Castalia.Attribution;

/// <summary>Which blocks of a model are meant, before it is known how many it has.</summary>
sealed record BlockChoice
{
    readonly IReadOnlySet<int>? _named;
    readonly bool _isLast;

    BlockChoice(IReadOnlySet<int>? named, bool isLast) => (_named, _isLast) = (named, isLast);

    /// <summary>The last.</summary>
    public static BlockChoice Last { get; } = new(null, isLast: true);

    /// <summary>Every one.</summary>
    public static BlockChoice All { get; } = new(null, isLast: false);

    /// <summary>Those of these indices, from 0.</summary>
    public static BlockChoice Named(params IEnumerable<int> blocks) => new(blocks.ToHashSet(), isLast: false);

    /// <summary>"last", "all", or indices with commas between them; null where it is none of these.</summary>
    public static BlockChoice? Parse(string text)
    {
        if (text == "last") return Last;
        if (text == "all") return All;
        var blocks = new List<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int block)) return null;
            blocks.Add(block);
        }
        return Named(blocks);
    }

    /// <summary>Whether a block is meant.</summary>
    public bool Has(int block, int nLayers) => _isLast ? block == nLayers - 1 : _named?.Contains(block) ?? true;

    /// <summary>How many of a model's blocks.</summary>
    public int Count(int nLayers) => Enumerable.Range(0, nLayers).Count(block => Has(block, nLayers));

    /// <summary>The smallest index that was named and that a model does not have; null where it has them all.</summary>
    public int? Missing(int nLayers) => _named?.Where(block => block >= nLayers).Select(block => (int?)block).Min();

    /// <inheritdoc/>
    public override string ToString() => _isLast ? "last" : _named is null ? "all" : string.Join(",", _named.Order().Select(block => block.ToString(CultureInfo.InvariantCulture)));
}
