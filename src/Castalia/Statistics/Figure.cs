using System.Diagnostics.CodeAnalysis;

namespace Castalia.Statistics;

/// <summary>A statistic, or why there is none. An undefined statistic is never 0 and never NaN.</summary>
/// <typeparam name="T">The statistic's type.</typeparam>
public readonly record struct Figure<T> where T : struct
{
    Figure(T? value, string? because)
    {
        Value = value;
        UndefinedBecause = because;
    }

    /// <summary>The value; null where it is undefined.</summary>
    public T? Value { get; }

    /// <summary>Why it is undefined; null where it is defined.</summary>
    public string? UndefinedBecause { get; }

    /// <summary>A defined statistic.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "Figure<double>.Of reads better than a second type.")]
    public static Figure<T> Of(T value) => new(value, null);

    /// <summary>An undefined statistic, with the reason as a phrase that follows "undefined, because".</summary>
    [SuppressMessage("Design", "CA1000", Justification = "As above.")]
    public static Figure<T> Undefined(string because) => new(null, because);

    /// <summary>What follows from the value; undefined for the same reason where there is none.</summary>
    internal Figure<TNext> Then<TNext>(Func<T, Figure<TNext>> next) where TNext : struct =>
        Value is { } value ? next(value) : Figure<TNext>.Undefined(UndefinedBecause!);
}

/// <summary>An interval, both ends belonging to it, in the unit of what was estimated.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether a value lies in it.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
