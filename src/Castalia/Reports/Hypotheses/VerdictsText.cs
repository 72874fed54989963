using System.Text;
using Castalia.Hypotheses;

namespace Castalia.Reports.Hypotheses;

/// <summary>Verdicts for a person: each on a line, its strength and reason below.</summary>
static class VerdictsText
{
    const int Indent = 6;

    /// <summary>The list.</summary>
    /// <param name="verdicts">The verdicts.</param>
    /// <param name="source">What they were given over.</param>
    /// <param name="width">Columns.</param>
    public static string Of(IReadOnlyList<Verdict> verdicts, string source, int width)
    {
        var text = new StringBuilder($"Hypotheses over {source}\n");
        int ids = verdicts.Max(v => v.Hypothesis.Id.Length);
        foreach (var verdict in verdicts)
        {
            string head = $"  {verdict.Hypothesis.Id.PadRight(ids)}  {Word(verdict.Kind),-10}  ";
            text.Append('\n').Append(Hanging(head, verdict.Hypothesis.Title, width));
            if (verdict.Strength is { } strength) text.Append(Indented(strength, width));
            text.Append(Indented(verdict.Why, width));
            if (verdict.Kind != VerdictKind.Undecided && verdict.Cautions.Count > 0) text.Append(Indented($"Caution: {string.Join(". ", verdict.Cautions)}.", width));
        }
        string counts = string.Join(", ", Enum.GetValues<VerdictKind>().Select(kind => $"{verdicts.Count(v => v.Kind == kind)} {Word(kind)}"));
        text.Append('\n').Append(Wrapped.Of($"{counts}. 'castalia hypotheses ID' shows the rules, the numbers and the evidence of one.", width));
        return text.ToString();
    }

    /// <summary>A verdict as a word.</summary>
    public static string Word(VerdictKind kind) => kind switch
    {
        VerdictKind.Supported => "supported",
        VerdictKind.Falsified => "falsified",
        VerdictKind.Undecided => "undecided",
        _ => throw new InvalidOperationException($"No word for {kind}."),
    };

    /// <summary>Text whose later lines stand below its beginning.</summary>
    public static string Hanging(string head, string text, int width)
    {
        string[] lines = Wrapped.Of(text, width - head.Length + 2).TrimEnd('\n').Split('\n');
        return string.Concat(lines.Select((line, i) => (i == 0 ? head : new string(' ', head.Length)) + line[2..] + "\n"));
    }

    static string Indented(string text, int width) => Hanging(new string(' ', Indent), text, width);
}
