namespace Castalia.Statistics;

/// <summary>A statistic of several real figures, of which none may be NaN or infinite.</summary>
interface IRealFigures
{
    /// <summary>Every one of them.</summary>
    ReadOnlySpan<double> Reals { get; }
}
