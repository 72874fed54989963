using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>A campaign for people.</summary>
static partial class Report
{
    /// <summary>Counts by reader, and of failures the first of each kind.</summary>
    public static string Of(Campaign campaign, TimeSpan time)
    {
        var text = new StringBuilder();
        var all = new Tally();
        text.Append("| reader | cases | read | refused | of these without a word of its own | failed | mean, µs | longest, ms | most allocated, MiB |\n");
        text.Append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var reader in AllReaders.List)
        {
            if (!campaign.Tallies.TryGetValue(reader.Name, out var tally)) continue;
            Row(text, reader.Name, tally);
            all.Add(tally);
        }
        Row(text, "all", all);
        text.Append(CultureInfo.InvariantCulture, $"\n{all.Cases:N0} cases in {time.TotalSeconds:N0} s, {all.Cases / Math.Max(1e-3, time.TotalSeconds):N0} a second; {all.Failed:N0} failed.\n");
        foreach (var kind in campaign.Failures.GroupBy(failure => (failure.Reader, Digits().Replace(Kind(failure.Fault), "#"))).OrderByDescending(kind => kind.Count()))
        {
            var first = kind.MinBy(failure => failure.Number)!;
            text.Append(CultureInfo.InvariantCulture, $"\n{kind.Count()} of {first.Reader}, the first is case {first.Number}: {first.Fault}\n");
        }
        return text.ToString();
    }

    static void Row(StringBuilder text, string name, Tally tally) => text.Append(CultureInfo.InvariantCulture,
        $"| {name} | {tally.Cases:N0} | {tally.Read:N0} | {tally.Refused + tally.ByTheNet:N0} | {tally.ByTheNet:N0} | {tally.Failed:N0} | {1e6 * tally.Seconds / Math.Max(1, tally.Cases):N0} | {1e3 * tally.Longest:N0} | {tally.MostBytes / 1048576.0:0.0} |\n");

    /// <summary>What failures of one kind have in common: of an exception its name and where, else the beginning.</summary>
    static string Kind(string fault) => fault.StartsWith("escaped: ", StringComparison.Ordinal) && fault.LastIndexOf(" at ", StringComparison.Ordinal) is > 0 and var place
        ? string.Concat(fault.AsSpan(0, fault.IndexOf(':', 9)), fault.AsSpan(place))
        : fault[..Math.Min(fault.Length, 40)];

    [GeneratedRegex("[0-9]+(\\.[0-9]+)?")]
    private static partial Regex Digits();
}
