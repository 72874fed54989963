using Castalia.Conversion;
using Castalia.Reports.Pages;
using Castalia.Wording;
using static System.FormattableString;
using static Castalia.Wording.Figures;

namespace Castalia.Reports;

/// <summary>What <c>castalia convert</c> prints for people.</summary>
static class ConvertReport
{
    /// <summary>The page.</summary>
    public static Page Of(ConversionReport c)
    {
        const int Most = 6;
        string types = string.Join(", ", c.Types.OrderBy(pair => pair.Key).Select(pair => $"{Count(pair.Value)} {pair.Key}"));
        IEnumerable<string> sentences =
        [
            Invariant($"{c.Architecture.Family.Title}: {Count(c.Tensors)} tensors ({types}), {c.Bytes / 1e6:0.0} MB in {Figures.Of(c.WeightFiles, "file")}; read back and found equal; {c.Seconds:0.0} s."),
            Rounding(c.Rounding),
            c.LeftOut.Count > 0 ? $"Left out, as nothing reads them or they are stored twice: {Figures.Of(c.LeftOut.Count, "tensor")} (see the notes)." : "",
            c.Copied.Count > 0 ? $"Copied as they are: {string.Join(", ", c.Copied)}." : "",
            c.LeftBehind.Count > 0 ? $"Not copied: {string.Join(", ", c.LeftBehind.Take(Most))}{(c.LeftBehind.Count > Most ? $" and {Count(c.LeftBehind.Count - Most)} more" : "")}." : "",
            c.NoTokenizer is { } why ? $"THE FOLDER HAS NO TOKENIZER: {why} Prompts of token ids can be measured; texts need a tokenizer.json there." : "",
            .. c.Notes.Select(note => $"Note: {note}"),
        ];
        return new([new Line(c.From), new Line($"→ {c.Folder}"), .. sentences.Where(sentence => sentence.Length > 0).Select(sentence => new Paragraph(sentence))]);
    }

    static string Rounding(RoundingCost cost)
    {
        if (cost.IsExact) return $"Rounding: none. All {Count(cost.Values)} values are exactly those of the checkpoint.";
        string small = cost.Zeroed + cost.Subnormal == 0 ? "none became 0 or subnormal" : $"{Count(cost.Zeroed)} became 0, {Count(cost.Subnormal)} subnormal";
        return Invariant($"Rounding: {Count(cost.Changed)} of {Count(cost.Values)} values changed ({100.0 * cost.Changed / cost.Values:0.##}%); ") +
            Invariant($"relative error at most {cost.LargestRelative:0.0e0} (in {cost.LargestIn}), root mean square {cost.RmsRelative:0.0e0}; {small}.");
    }
}
