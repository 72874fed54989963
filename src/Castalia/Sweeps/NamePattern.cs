using System.Globalization;
using Castalia.YamlFiles;

namespace Castalia.Sweeps;

/// <summary>Many names written as one: <c>step{0,1,2,4..512,1000..143000..1000}</c>.</summary>
/// <remarks>
/// Between braces stand alternatives with commas between them: a word for itself; a..b, the numbers from a that double until b; a..b..s, the numbers
/// from a to b by s. Both ends must be met, so that a series that was meant otherwise is refused. Several braces are crossed, the last the fastest.
/// </remarks>
static class NamePattern
{
    /// <summary>What stands for a revision in a path; no pattern.</summary>
    public const string Revision = "{revision}";

    /// <summary>Names that the patterns of a plan may stand for.</summary>
    public const int Most = 20_000;

    /// <summary>Characters that may be written for them: of 20,000 names of 200.</summary>
    public const int MostCharacters = 4_000_000;

    const char Kept = '\0';

    /// <summary>What the patterns of one plan have left of both; a few lines can stand for more than a memory holds.</summary>
    public sealed class Room
    {
        int _names = Most;
        long _characters = MostCharacters;

        /// <summary>Takes some for names that are about to be made.</summary>
        /// <exception cref="InputException">So many are not left.</exception>
        public void Take(ScalarText text, long characters)
        {
            if ((_characters -= characters) < 0) throw SweepErrors.TooLong(text.Place, text.Value, MostCharacters);
        }

        /// <summary>Counts names that were made.</summary>
        /// <exception cref="InputException">They are too many.</exception>
        public void Count(ScalarText text, int names)
        {
            if ((_names -= names) < 0) throw SweepErrors.TooMany(text.Place, (long)Most - _names, Most);
        }
    }

    /// <summary>The names, in the order of the pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="room">Of the plan.</param>
    /// <exception cref="InputException">Braces or series that cannot be read; too many names, or too long ones.</exception>
    public static IReadOnlyList<string> Expand(ScalarText text, Room room)
    {
        var names = Expanded(text, room);
        room.Count(text, names.Count);
        return names;
    }

    static List<string> Expanded(ScalarText text, Room room)
    {
        string pattern = text.Value.Replace(Revision, $"{Kept}", StringComparison.Ordinal);
        List<string> names = [""];
        for (int at = 0; at < pattern.Length;)
        {
            int open = pattern.IndexOf('{', at), close = pattern.IndexOf('}', at);
            if (open < 0 && close < 0)
            {
                room.Take(text, names.Sum(name => (long)name.Length + pattern.Length - at));
                return Restored(names.ConvertAll(name => name + pattern[at..]));
            }
            if (open < 0 || close < open) throw SweepErrors.Pattern(text.Place, text.Value, open < 0 ? "closes a brace that is not open" : "opens a brace that is not closed, or closes one that is not open");
            if (pattern.IndexOf('{', open + 1) is >= 0 and var inner && inner < close) throw SweepErrors.Pattern(text.Place, text.Value, "has braces within braces");
            string before = pattern[at..open];
            var words = new List<string>();
            foreach (string word in pattern[(open + 1)..close].Split(','))
            {
                words.AddRange(Series(word.Trim(), text));
                if ((long)names.Count * words.Count > Most) throw SweepErrors.TooMany(text.Place, (long)names.Count * words.Count, Most);
            }
            room.Take(text, words.Count * names.Sum(name => (long)name.Length + before.Length) + names.Count * words.Sum(word => (long)word.Length));
            names = [.. from name in names from word in words select name + before + word];
            at = close + 1;
        }
        return Restored(names);
    }

    static List<string> Restored(List<string> names) => names.ConvertAll(name => name.Replace($"{Kept}", Revision, StringComparison.Ordinal));

    static IEnumerable<string> Series(string word, ScalarText text)
    {
        if (word.Length == 0) throw SweepErrors.Pattern(text.Place, text.Value, "has an empty alternative");
        string[] parts = word.Split("..");
        if (parts.Length == 1) return [word];
        var numbers = new List<long>();
        foreach (string part in parts)
        {
            if (parts.Length > 3 || !long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > int.MaxValue)
                throw SweepErrors.Pattern(text.Place, text.Value, $"has '{word}', which is no series of whole numbers");
            numbers.Add(number);
        }
        var series = parts.Length == 2 ? Doubling(numbers[0], numbers[1]) : Stepping(numbers[0], numbers[1], numbers[2], text);
        if (series.Count == 0 || series[^1] != numbers[1])
            throw SweepErrors.Pattern(text.Place, text.Value, FormattableString.Invariant(
                $"has '{word}', which does not meet {numbers[1]}{(parts.Length == 2 ? $": from {numbers[0]} it doubles; for every number write {numbers[0]}..{numbers[1]}..1" : "")}"));
        return series.Select(number => number.ToString(CultureInfo.InvariantCulture));
    }

    static List<long> Doubling(long first, long last)
    {
        var series = new List<long>();
        for (long n = first; n <= last; n *= 2)
        {
            series.Add(n);
            if (n == 0) break;
        }
        return series;
    }

    static List<long> Stepping(long first, long last, long step, ScalarText text)
    {
        var series = new List<long>();
        if (step == 0) return series;
        if ((last - first) / step > Most) throw SweepErrors.TooMany(text.Place, (last - first) / step, Most);
        for (long n = first; n <= last; n += step) series.Add(n);
        return series;
    }
}
