using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Whether |gain − 1| vanishes with entropy, as proportionality would have it.</summary>
enum Proportionality
{
    /// <summary>The whole interval of the intercept lies within ±0.02.</summary>
    Holds,
    /// <summary>The whole interval lies outside.</summary>
    Fails,
    /// <summary>The interval lies on both sides of a bound.</summary>
    Undecided,
    /// <summary>There is no line.</summary>
    Undefined,
}

/// <summary>Reads it off the intercept's interval.</summary>
static class Proportionalities
{
    /// <summary>How far from 0 an intercept may be and still count as none.</summary>
    public const double Bound = 0.02;

    /// <summary>By where the interval of the intercept lies.</summary>
    public static Proportionality Of(Figure<FittedLine> line) => line.Value?.InterceptInterval95 switch
    {
        null => Proportionality.Undefined,
        { Low: >= -Bound, High: <= Bound } => Proportionality.Holds,
        { Low: > Bound } or { High: < -Bound } => Proportionality.Fails,
        _ => Proportionality.Undecided,
    };
}
