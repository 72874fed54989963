namespace Castalia.Wording;

/// <summary>What a misspelt word may have meant.</summary>
static class Nearest
{
    /// <summary>The known word with the fewest edits to the given one, if that is at most a third of its letters; null where none is near.</summary>
    public static string? Of(string word, IEnumerable<string> known) => known
        .Select(candidate => (candidate, Edits: Edits(word, candidate)))
        .Where(pair => pair.Edits * 3 <= Math.Max(word.Length, pair.candidate.Length))
        .OrderBy(pair => pair.Edits).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
        .Select(pair => pair.candidate)
        .FirstOrDefault();

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (Damerau 1964, no letter edited twice).</summary>
    internal static int Edits(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
