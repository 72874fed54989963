using static System.FormattableString;

namespace Castalia.Wording;

/// <summary>Bytes and seconds as people read them.</summary>
static class Amounts
{
    /// <summary>"812 bytes", "96.6 MB", "14.2 GB"; a MB is a million bytes.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 100_000 => Invariant($"{bytes} bytes"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:0.0} MB"),
        _ => Invariant($"{bytes / 1e9:0.0} GB"),
    };

    /// <summary>"0.4 s", "35 s", "12 min", "3.5 h".</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 10 => Invariant($"{seconds:0.0} s"),
        < 120 => Invariant($"{seconds:0} s"),
        < 7200 => Invariant($"{seconds / 60:0} min"),
        _ => Invariant($"{seconds / 3600:0.0} h"),
    };
}
