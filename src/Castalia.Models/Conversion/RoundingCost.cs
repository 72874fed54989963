using Castalia.Checkpoints;

namespace Castalia.Conversion;

/// <summary>What rounding did to the values of a checkpoint.</summary>
sealed record RoundingCost
{
    /// <summary>Values written.</summary>
    public required long Values { get; init; }

    /// <summary>Values that are not what they were.</summary>
    public required long Changed { get; init; }

    /// <summary>Largest |rounded − value|/|value| over the values that were not 0; 0 where nothing changed.</summary>
    public required double LargestRelative { get; init; }

    /// <summary>The tensor it is in; null where nothing changed.</summary>
    public required string? LargestIn { get; init; }

    /// <summary>Root of the mean square of |rounded − value|/|value| over all values that were not 0.</summary>
    public required double RmsRelative { get; init; }

    /// <summary>Values other than 0 that became 0.</summary>
    public required long Zeroed { get; init; }

    /// <summary>Values that changed and lie below the new format's normal range, where it has fewer digits; 0 not counted.</summary>
    public required long Subnormal { get; init; }

    /// <summary>Nothing changed.</summary>
    public bool IsExact => Changed == 0;
}

/// <summary>Adds up a <see cref="RoundingCost"/>.</summary>
sealed class RoundingTally
{
    long _values, _changed, _nonzero, _zeroed, _subnormal;
    double _largest, _squares;
    string? _largestIn;

    /// <summary>Counts values that were kept as they were.</summary>
    public void Keep(ReadOnlySpan<double> values)
    {
        _values += values.Length;
        foreach (double value in values)
            if (value != 0) _nonzero++;
    }

    /// <summary>Counts a value and what it became.</summary>
    public void Add(double value, float rounded, DType type, string tensor)
    {
        _values++;
        if (value == 0) return;
        _nonzero++;
        if (rounded == value) return;
        _changed++;
        double relative = Math.Abs((rounded - value) / value);
        _squares += relative * relative;
        if (relative > _largest) (_largest, _largestIn) = (relative, tensor);
        if (rounded == 0) _zeroed++;
        else if (Math.Abs(rounded) < Rounding.SmallestNormal(type)) _subnormal++;
    }

    public RoundingCost Result() => new()
    {
        Values = _values,
        Changed = _changed,
        LargestRelative = _largest,
        LargestIn = _largestIn,
        RmsRelative = _nonzero == 0 ? 0 : Math.Sqrt(_squares / _nonzero),
        Zeroed = _zeroed,
        Subnormal = _subnormal,
    };
}
