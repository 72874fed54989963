using System.Globalization;

namespace Castalia.Slurm;

/// <summary>Times as Slurm writes them: "5:00", "1-02:00:00", "UNLIMITED".</summary>
static class SlurmTime
{
    const int MostDays = 36_500;

    /// <summary>A time; null for what is unlimited, unknown or no time.</summary>
    /// <param name="text">[DAYS-][HOURS:]MINUTES:SECONDS.</param>
    public static TimeSpan? Of(string text)
    {
        string[] days = text.Trim().Split('-');
        string[] parts = days[^1].Split(':');
        if (days.Length > 2 || parts.Length is < 2 or > 3 || (days.Length == 2 && parts.Length != 3)) return null;
        long seconds = 0;
        foreach (string part in parts)
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
            seconds = seconds * 60 + number;
        }
        int whole = 0;
        if (days.Length == 2 && (!int.TryParse(days[0], NumberStyles.None, CultureInfo.InvariantCulture, out whole) || whole > MostDays)) return null;
        return TimeSpan.FromDays(whole) + TimeSpan.FromSeconds(seconds);
    }
}
