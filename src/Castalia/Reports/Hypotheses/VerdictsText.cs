using System.Text;
using Castalia.Hypotheses;
using Castalia.Wording;

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
        var text = new StringBuilder($"Hypotheses over {source}\n").Append('\n').Append(Summary(verdicts, width));
        int ids = verdicts.Max(v => v.Hypothesis.Id.Length);
        foreach (var verdict in verdicts)
        {
            string head = $"  {verdict.Hypothesis.Id.PadRight(ids)}  {Word(verdict.Kind),-10}  ";
            text.Append('\n').Append(Hanging(head, verdict.Hypothesis.Title, width));
            if (verdict.Strength is { } strength) text.Append(Indented(strength, width));
            text.Append(Indented(verdict.Why, width));
            if (verdict.Kind != VerdictKind.Undecided && verdict.Cautions.Count > 0) text.Append(Indented($"Caution: {string.Join(". ", verdict.Cautions)}.", width));
        }
        text.Append('\n').Append(Wrapped.Of("'castalia hypotheses ID' shows the rules, the numbers and the evidence of one.", width));
        return text.ToString();
    }

    /// <summary>What was read, what was found of how many, and what stands against it.</summary>
    static string Summary(IReadOnlyList<Verdict> verdicts, int width)
    {
        var used = verdicts.SelectMany(v => v.Models?.Used ?? []).ToList();
        var given = verdicts.Where(v => v.Kind != VerdictKind.Undecided).ToList();
        string counts = string.Join(", ", Enum.GetValues<VerdictKind>().Select(kind => $"{verdicts.Count(v => v.Kind == kind)} {Word(kind)}"));
        string named = string.Join("; ", given.GroupBy(v => v.Kind).OrderBy(group => group.Key).Select(group => $"{Word(group.Key)}: {string.Join(", ", group.Select(v => v.Hypothesis.Id))}"));
        int limited = given.Count(v => v.Limits is not null), waiting = verdicts.Count(v => v.Kind == VerdictKind.Undecided && v.Missing.Count > 0);
        return Wrapped.Of($"Read: {Figures.Of(used.Select(m => m.Model).Distinct().Count(), "model")} of {Figures.Of(used.Select(m => m.Run).Distinct().Count(), "run")}, for {(verdicts.Count == 1 ? "1 hypothesis" : $"{Figures.Count(verdicts.Count)} hypotheses")}.", width, hang: 2) +
            Wrapped.Of($"Found: {counts}.{(named == "" ? "" : $" {char.ToUpperInvariant(named[0])}{named[1..]}.")}", width, hang: 2) +
            Wrapped.Of("Against it: " +
                (waiting > 0 ? $"{waiting} undecided for want of models, prompts or a measurement; " : "") +
                (limited > 0 ? $"{limited} of {given.Count} given name a limit; " : "") +
                $"verdicts are over these models and prompts only, and of {verdicts.Count} rules some hold by chance.", width, hang: 2);
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
