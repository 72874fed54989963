using System.Globalization;
using System.Text;
using Castalia.Conversion;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What a conversion did, for a person.</summary>
public static class ConversionText
{
    /// <summary>A few lines of at most so many columns.</summary>
    public static string Of(ConversionReport c, int width)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"{c.From}\n→ {c.Folder}\n");
        string types = string.Join(", ", c.Types.OrderBy(pair => pair.Key).Select(pair => $"{Number(pair.Value)} {pair.Key}"));
        Add($"{c.Architecture.Family.Title}: {Number(c.Tensors)} tensors ({types}), {Megabytes(c.Bytes)} in {Count(c.WeightFiles, "file")}; " +
            $"read back and found equal; {Fixed(c.Seconds, "0.0")} s.");
        Add(Rounding(c.Rounding));
        if (c.LeftOut.Count > 0) Add($"Left out, as nothing reads them or they are stored twice: {Count(c.LeftOut.Count, "tensor")} (see the notes).");
        if (c.Copied.Count > 0) Add($"Copied as they are: {string.Join(", ", c.Copied)}.");
        if (c.LeftBehind.Count > 0) Add($"Not copied: {Some(c.LeftBehind)}.");
        if (c.NoTokenizer is { } why) Add($"THE FOLDER HAS NO TOKENIZER: {why} Prompts of token ids can be measured; texts need a tokenizer.json there.");
        foreach (string note in c.Notes) Add($"Note: {note}");
        return page.ToString();

        void Add(string text) => page.Append(Wrapped.Of(text, width));
    }

    static string Rounding(RoundingCost cost)
    {
        if (cost.IsExact) return $"Rounding: none. All {Number(cost.Values)} values are exactly those of the checkpoint.";
        string small = cost.Zeroed + cost.Subnormal == 0
            ? "none became 0 or subnormal"
            : $"{Number(cost.Zeroed)} became 0, {Number(cost.Subnormal)} subnormal";
        return $"Rounding: {Number(cost.Changed)} of {Number(cost.Values)} values changed ({Fixed(100.0 * cost.Changed / cost.Values, "0.##")}%); " +
            $"relative error at most {Fixed(cost.LargestRelative, "0.0e0")} (in {cost.LargestIn}), root mean square {Fixed(cost.RmsRelative, "0.0e0")}; {small}.";
    }

    static string Some(IReadOnlyList<string> names)
    {
        const int Most = 6;
        return string.Join(", ", names.Take(Most)) + (names.Count > Most ? $" and {Number(names.Count - Most)} more" : "");
    }

    static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{Number(n)} {what}s";

    static string Megabytes(long bytes) => $"{Fixed(bytes / 1e6, "0.0")} MB";

    static string Number(long n) => n.ToString("#,0", CultureInfo.InvariantCulture);

    static string Fixed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
