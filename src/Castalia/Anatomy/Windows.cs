using System.Globalization;

namespace Castalia.Anatomy;

/// <summary>Which blocks see a window, as a rule that does not depend on how many blocks there are, where there is one.</summary>
static class Windows
{
    /// <summary>"all", "from block 2", or "blocks 0 1 2 3 4 of every 6" with the shortest such pattern; null where none does.</summary>
    public static string? Pattern(IReadOnlyList<int?>? windows)
    {
        if (windows is null || windows.All(window => window is null)) return null;
        bool[] local = [.. windows.Select(window => window is not null)];
        if (local.All(sees => sees)) return "all";
        int first = Array.IndexOf(local, true);
        if (first > 0 && local[first..].All(sees => sees)) return $"from block {Number(first)}";
        int period = 2;
        while (Enumerable.Range(0, local.Length).Any(layer => local[layer] != local[layer % period])) period++;
        return $"blocks {string.Join(' ', Enumerable.Range(0, period).Where(layer => local[layer]).Select(Number))} of every {Number(period)}";
    }

    /// <summary>Positions they see, their own included; several by commas.</summary>
    public static object? Size(IReadOnlyList<int?>? windows) => windows?.OfType<int>().Distinct().ToArray() switch
    {
        null or [] => null,
        [int one] => (long)one,
        { } several => string.Join(", ", several.Select(Number)),
    };

    static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
