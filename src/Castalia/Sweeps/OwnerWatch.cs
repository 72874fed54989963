using System.Diagnostics;
using System.Globalization;
using Castalia.Checkpoints;

namespace Castalia.Sweeps;

/// <summary>Which owners are dead, as one process sees it.</summary>
/// <param name="folder">The sweep.</param>
sealed class OwnerWatch(SweepFolder folder)
{
    readonly Dictionary<string, (string Text, long Since)> _seen = new(StringComparer.Ordinal);

    /// <summary>Whether an owner is dead: its file is gone; or its process is, on this machine; or it has been silent for its lease while this process watched. What it left is removed.</summary>
    public bool IsDead(string owner)
    {
        if (!IsName(owner)) return true; // a claim that was damaged is nobody's
        string path = Path.Combine(folder.Owners, owner);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        int end = owner.LastIndexOf('-');
        string mark = end < 0 ? "" : owner[..end];
        bool isMark = mark.Split('-') is [_, var process, _] && int.TryParse(process, out _);
        if (mark == ProcessMark.Own) return false;
        if (!(isMark && ProcessMark.IsOfThisMachine(mark) && ProcessMark.IsGone(mark)) && !IsSilent(owner, text)) return false;
        // First that it is dead, then what it left: one that wakes up in between must not take the loss for a fault of the disk.
        Remove(owner, path);
        if (isMark)
            foreach (string place in folder.Written()) Unfinished.Sweep(place, mark);
        return true;
    }

    /// <summary>Buries the dead, and removes what was fetched for owners that are no more.</summary>
    public void Bury()
    {
        _ = Alive();
        if (!Directory.Exists(folder.Fetched)) return;
        foreach (string fetched in Directory.EnumerateDirectories(folder.Fetched).ToList())
            if (Path.GetFileName(fetched) is var owner && !File.Exists(Path.Combine(folder.Owners, owner))) Remove(owner, Path.Combine(folder.Owners, owner));
        if (!Directory.EnumerateFileSystemEntries(folder.Fetched).Any()) Directory.Delete(folder.Fetched);
    }

    /// <summary>The owners that are alive.</summary>
    public IReadOnlyList<OwnerText> Alive() => [.. SweepFolder.Names(folder.Owners).Where(owner => !IsDead(owner)).Select(owner => OwnerText.Read(Path.Combine(folder.Owners, owner))).OfType<OwnerText>()];

    static bool IsName(string owner) => owner.Length is > 0 and < 100 && owner.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    bool IsSilent(string owner, string text)
    {
        lock (_seen)
        {
            if (!_seen.TryGetValue(owner, out var before) || before.Text != text)
            {
                _seen[owner] = (text, Stopwatch.GetTimestamp());
                return false;
            }
            return Stopwatch.GetElapsedTime(before.Since) > (OwnerText.Of(text)?.Lease ?? TimeSpan.FromMinutes(1));
        }
    }

    void Remove(string owner, string path)
    {
        try
        {
            File.Delete(path);
            if (Path.Combine(folder.Fetched, owner) is var fetched && Directory.Exists(fetched)) Directory.Delete(fetched, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another does it, or the next time.
        }
    }
}

/// <summary>What an owner says of itself.</summary>
/// <param name="Lease">Silence after which it is taken for dead.</param>
/// <param name="SinceUtc">When it began, by its own clock.</param>
/// <param name="Machine">Where.</param>
sealed record OwnerText(TimeSpan Lease, DateTime SinceUtc, string Machine)
{
    /// <summary>A text; null where it is none.</summary>
    public static OwnerText? Of(string text) => text.Split(' ') is [var lease, var ticks, var machine, _]
        && double.TryParse(lease, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out long since) && since <= DateTime.MaxValue.Ticks
        ? new(TimeSpan.FromSeconds(seconds), new(since, DateTimeKind.Utc), machine) : null;

    /// <summary>A file; null where it is gone or no such text.</summary>
    public static OwnerText? Read(string path)
    {
        try
        {
            return Of(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
