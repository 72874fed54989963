namespace Castalia.Statistics;

/// <summary>What a sample of gains says about the block.</summary>
enum GainStatus
{
    /// <summary>The interval of the mean lies above 1.</summary>
    Expansion,
    /// <summary>The interval lies below 1.</summary>
    Dampening,
    /// <summary>The interval contains 1.</summary>
    Neutral,
    /// <summary>There is no interval.</summary>
    Undefined,
}

/// <summary>Reads the status off an interval.</summary>
static class GainStatuses
{
    /// <summary>Expansion, dampening or neutral by where 1 lies; undefined without an interval.</summary>
    public static GainStatus Of(Figure<Interval> interval) => interval.Value switch
    {
        null => GainStatus.Undefined,
        { } i when i.Contains(1) => GainStatus.Neutral,
        { } i when i.Low > 1 => GainStatus.Expansion,
        _ => GainStatus.Dampening,
    };
}
