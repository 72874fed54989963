using Castalia.Reports.Charts;
using ScottPlot;

namespace Castalia.Reports.Print;

/// <summary>Ticks of another generator, their numbers with as many decimals as the finest of them needs.</summary>
/// <param name="ticks">Places ticks.</param>
sealed class EvenLabels(ITickGenerator ticks) : ITickGenerator
{
    /// <inheritdoc/>
    public Tick[] Ticks { get; set; } = [];

    /// <inheritdoc/>
    public int MaxTickCount
    {
        get => ticks.MaxTickCount;
        set => ticks.MaxTickCount = value;
    }

    /// <inheritdoc/>
    public void Regenerate(CoordinateRange range, Edge edge, PixelLength size, Paint paint, LabelStyle labelStyle)
    {
        ticks.Regenerate(range, edge, size, paint, labelStyle);
        Tick[] major = [.. ticks.Ticks.Where(tick => tick.IsMajor)];
        string[] labels = TickLabel.Of([.. major.Select(tick => tick.Position)]);
        Ticks = [.. ticks.Ticks.Where(tick => !tick.IsMajor), .. major.Zip(labels, (tick, label) => new Tick(tick.Position, label, isMajor: true))];
    }
}
