using System.Globalization;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.OverTwins;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia hypotheses</c> prints for people: verdicts in a list, verdicts with all they rest on, or claims before any data are looked at.</summary>
static class HypothesesReport
{
    const int Label = 14, Indent = 6, KindColumns = 12, MostRows = 10;

    /// <summary>Each verdict on a line, its strength and reason below.</summary>
    /// <param name="verdicts">At least one.</param>
    /// <param name="source">What they were given over.</param>
    /// <param name="multiplicity">How many rules over twins were asked in all.</param>
    public static Page List(IReadOnlyList<Verdict> verdicts, string source, TwinMultiplicity multiplicity) => new(
    [
        new Heading($"Hypotheses over {source}"), new Gap(), Summary(verdicts, multiplicity),
        .. verdicts.SelectMany(v => InList(v, verdicts.Max(other => other.Hypothesis.Id.Length) + 2)),
        new Gap(), new Paragraph("'castalia hypotheses ID' shows the rules, the numbers and the evidence of one."),
    ]);

    /// <summary>Each verdict with everything it rests on.</summary>
    /// <param name="verdicts">The verdicts.</param>
    /// <param name="source">What they were given over.</param>
    /// <param name="multiplicity">How many rules over twins were asked in all.</param>
    public static Page AtLength(IReadOnlyList<Verdict> verdicts, string source, TwinMultiplicity multiplicity) => new(Parted(verdicts.Select(v => AtLength(v, source, multiplicity))));

    /// <summary>What each hypothesis says and what would decide it.</summary>
    public static Page Claims(IReadOnlyList<Hypothesis> hypotheses) => new(Parted(hypotheses.Select(IEnumerable<PageBlock> (h) =>
    [
        Title(h), new Gap(),
        Labelled([
            .. Claim(h, "", ""), .. h.Tests.Select(test => ("test", (string?)(test.InWords + (test.PerModel && !test.Holm ? "; per model" : "")))),
            .. h.Evidence.Select(query => ("rows", (string?)$"{query.Name}: {string.Join(' ', query.Sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}")),
            ("limits", h.Limits?.With(name => $"{{{name}}}")),
        ]),
    ])));

    static IEnumerable<PageBlock> Parted(IEnumerable<IEnumerable<PageBlock>> parts) => parts.SelectMany((part, i) => i == 0 ? part : part.Prepend(new Gap()));

    static Heading Title(Hypothesis h) => new($"{h.Id}: {h.Title}") { Indent = 2 };

    /// <summary>Values beside their labels; what is null is left out.</summary>
    internal static Facts Labelled(IEnumerable<(string Label, string? Text)> facts) => new([.. facts.Where(fact => fact.Text is not null).Select(fact => (fact.Label, fact.Text!))], Label);

    internal static string Word(VerdictKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>What was read, what was found of how many, and what stands against it.</summary>
    static Remarks Summary(IReadOnlyList<Verdict> verdicts, TwinMultiplicity multiplicity)
    {
        var used = verdicts.SelectMany(v => v.Models?.Used ?? []).ToList();
        var given = verdicts.Where(v => v.Kind != VerdictKind.Undecided).ToList();
        string counts = string.Join(", ", Enum.GetValues<VerdictKind>().Select(kind => $"{verdicts.Count(v => v.Kind == kind)} {Word(kind)}"));
        string named = string.Join("; ", given.GroupBy(v => v.Kind).OrderBy(group => group.Key).Select(group => $"{Word(group.Key)}: {string.Join(", ", group.Select(v => v.Hypothesis.Id))}"));
        int limited = given.Count(v => v.Limits is not null), waiting = verdicts.Count(v => v.Kind == VerdictKind.Undecided && v.Missing.Count > 0);
        return new(
        [
            $"Read: {Figures.Of(used.Select(m => m.Model).Distinct().Count(), "model")} of {Figures.Of(used.Select(m => m.Run).Distinct().Count(), "run")}, for {(verdicts.Count == 1 ? "1 hypothesis" : $"{Figures.Count(verdicts.Count)} hypotheses")}.",
            $"Found: {counts}.{(named == "" ? "" : $" {char.ToUpperInvariant(named[0])}{named[1..]}.")}",
            "Against it: " +
                (waiting > 0 ? $"{waiting} undecided for want of models, prompts or a measurement; " : "") +
                (limited > 0 ? $"{limited} of {given.Count} given name a limit; " : "") +
                $"verdicts are over these models and prompts only, and of {verdicts.Count} rules some hold by chance.",
            .. TwinVerdictPart.Summary(verdicts, multiplicity),
        ]);
    }

    static IEnumerable<PageBlock> InList(Verdict v, int idColumns)
    {
        yield return new Gap();
        yield return new Heading(v.Hypothesis.Title, 2) { Indent = 2, Before = [(v.Hypothesis.Id, idColumns), (Word(v.Kind), KindColumns)] };
        if (v.Strength is { } strength) yield return new Paragraph(strength) { Indent = Indent };
        yield return new Paragraph(v.Why) { Indent = Indent };
        if (v.Each.Count > 0) yield return new Paragraph(ModelVerdictsPart.InShort(v.Each)) { Indent = Indent };
        if (v.Twins is { } twins) yield return new Paragraph(TwinVerdictPart.InShort(twins)) { Indent = Indent };
        if (v.Kind != VerdictKind.Undecided && v.Cautions.Count > 0) yield return new Paragraph($"Caution: {string.Join(". ", v.Cautions)}.") { Indent = Indent };
    }

    static IEnumerable<PageBlock> AtLength(Verdict v, string source, TwinMultiplicity multiplicity)
    {
        yield return Title(v.Hypothesis);
        yield return new Paragraph($"{Word(v.Kind)}, over {source}");
        yield return new Gap();
        yield return Labelled([
            ("why", v.Why), ("strength", v.Strength), ("caution", v.Cautions.Count == 0 ? null : $"{string.Join(". ", v.Cautions)}."),
            ("limits", v.Limits), ("missing", v.Missing.Count == 0 ? null : string.Join("; ", v.Missing)),
        ]);
        yield return new Gap();
        yield return Labelled(Claim(v.Hypothesis, Holds(v.SupportHolds), Holds(v.FalsificationHolds)));
        foreach (var block in v.Twins is { } twins ? TwinVerdictPart.Of(v.Hypothesis, twins, multiplicity) : []) yield return block;
        foreach (var block in ModelVerdictsPart.Of(v)) yield return block;
        if (v.Models is not { } models) yield break;
        foreach (var block in Models(models).Concat(models.Used.Count == 0 ? [] : v.Outcomes.SelectMany(outcome => TestTables.Of(outcome, v.Hypothesis))).Concat(v.Evidence.SelectMany(Evidence)))
            yield return block;
    }

    static string Holds(bool? rule) => rule is { } known ? known ? ": it is" : ": it is not" : ": not known";

    /// <summary>Claim, mechanism, prediction, what is required and waited for, both rules, each with what is said of it, and the sources.</summary>
    static IEnumerable<(string Label, string? Text)> Claim(Hypothesis h, string supports, string falsifies) =>
    [
        ("claim", h.Claim), ("mechanism", h.Mechanism), ("prediction", h.Prediction), ("refuted by", h.Refutation),
        ("over twins", h.Twins is { } twins ? TwinVerdictPart.Rules(twins) : null),
        ("one model", h.Each is { } each ? ModelVerdictsPart.Rules(each) : null),
        ("requires", h.Requires is { } r ? Figures.Of(r.Models, "model") + (r.Prompts is { } p ? $" of at least {Figures.Of(p, "prompt")} each" : "") : null),
        .. h.Needs.Select(need => ("waits for", (string?)$"{need.Measurement} (for {(need.For == NeededFor.Both ? "any verdict" : $"'{need.For.ToString().ToLowerInvariant()}'")})")),
        ("supported if", h.Supported is { } support ? ConditionText.Of(support.Condition) + supports : null),
        ("falsified if", h.Falsified is { } falsification ? ConditionText.Of(falsification.Condition) + falsifies : null),
        .. h.Sources.Select(source => ("source", (string?)source)),
    ];

    static IEnumerable<PageBlock> Models(ModelChoices models)
    {
        if (models.Used.Count > 0)
        {
            yield return new Gap();
            yield return new Heading("Models", 2);
            yield return new Table(["model", "run", "prompts"], [.. models.Used.Select(IReadOnlyList<Cell> (m) => [m.Model, m.Run, m.Prompts is { } n ? Cell.Count(n) : Figures.Missing])]);
        }
        if (models.LeftOut.Count > 0)
            yield return new Paragraph($"Left out, too few prompts: {string.Join(", ", models.LeftOut.Select(m => $"{m.Model} ({m.Prompts})"))}.");
        foreach (string reason in models.Reasons) yield return new Paragraph($"Not compared: {reason}.");
        if (models.PromptSet is { } set) yield return new Paragraph($"All read on the same prompts: {set}.");
        foreach (var again in models.Used.Where(m => m.OtherRuns.Count > 0))
            yield return new Paragraph($"{again.Model} is counted once; it is also in {string.Join(", ", again.OtherRuns)}.");
    }

    internal static IEnumerable<PageBlock> Evidence(EvidenceTable table)
    {
        yield return new Gap();
        yield return new Heading($"Evidence {table.Name}: {Figures.Of(table.Rows.Count, "row")}{(table.Rows.Count > MostRows ? $", the first {MostRows} here, all in --json" : "")}", 2);
        if (table.Rows.Count > 0)
            yield return new Table([.. table.Columns.Select(c => new Pages.Column(c.Name))], [.. table.Rows.Take(MostRows).Select(row => (IReadOnlyList<Cell>)[.. row.Select(Value)])]);
    }

    static Cell Value(object? value) => value switch
    {
        null => Figures.Missing,
        double number => Cell.Number(number, n => n == Math.Round(n) && Math.Abs(n) < 1e15 ? n.ToString("0;−0", CultureInfo.InvariantCulture) : TestFigures.Signed(n)),
        bool truth => truth ? "yes" : "no",
        _ => FormattableString.Invariant($"{value}"),
    };
}
