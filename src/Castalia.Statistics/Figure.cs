using System.Diagnostics.CodeAnalysis;

namespace Castalia.Statistics;

/// <summary>A statistic, or why there is none. An undefined statistic is never 0 and never NaN.</summary>
/// <typeparam name="T">The statistic's type.</typeparam>
readonly record struct Figure<T> where T : struct
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

    /// <summary>A defined statistic; an undefined one where a number in it is not finite, whatever computed it.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "Figure<double>.Of reads better than a second type.")]
    public static Figure<T> Of(T value) =>
        IsFinite(value) ? new(value, null) : Undefined("it leaves the range of float64");

    static bool IsFinite(T value)
    {
        if (value is double number) return double.IsFinite(number);
        if (value is not IRealFigures figures) return true;
        foreach (double real in figures.Reals)
            if (!double.IsFinite(real)) return false;
        return true;
    }

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
readonly record struct Interval(double Low, double High) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Low, High };

    /// <summary>Whether a value lies in it.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
