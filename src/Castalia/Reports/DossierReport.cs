using System.Globalization;
using Castalia.Anatomy;
using Castalia.Cards;
using Castalia.Dossier;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.OverTwins;
using Castalia.Literature;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The dossier: the study's six questions, its diagram, its scaling table, and what stands.</summary>
static class DossierReport
{
    /// <summary>The whole document, or one section of it.</summary>
    /// <param name="evidence">What it is made from.</param>
    /// <param name="section">Id of a section; null for all.</param>
    public static Page Of(DossierEvidence evidence, string? section)
    {
        var figures = new DossierFigures(evidence);
        var sections = DossierText.Shipped.Where(one => section is null || one.Id == section).ToList();
        return new([
            .. section is null ? Head(evidence) : [],
            .. sections.SelectMany((one, i) => Section(one, figures, evidence, isFirst: i == 0 && section is not null)),
            .. Provenance(sections, figures),
        ]);
    }

    static IEnumerable<PageBlock> Head(DossierEvidence evidence)
    {
        yield return new Heading("The last-layer residual gain: a dossier");
        yield return new Paragraph(evidence.Stored.Count == 0
            ? "Made from the published study and from what ships with Castalia; no stored run was read."
            : $"Made from the published study, from what ships with Castalia, and from {Figures.Of(evidence.Stored.Select(gain => gain.Source).Distinct().Count(), "stored run")}.");
    }

    static IEnumerable<PageBlock> Section(DossierSection section, DossierFigures figures, DossierEvidence evidence, bool isFirst)
    {
        if (!isFirst) yield return new Gap();
        yield return new Heading(section.Title, Level: 2);
        foreach (var part in section.Parts)
        {
            yield return new Gap();
            switch (part)
            {
                case Dossier.Prose prose: yield return new Paragraph(Filled(prose.Text)); break;
                case Subheading heading: yield return new Heading(heading.Text, Level: 3); break;
                case Points points: yield return new Remarks([.. points.Items.Select(Filled)]); break;
                case Insertion insertion:
                    foreach (var block in Inserted(insertion.Name, evidence)) yield return block;
                    break;
            }
        }

        string Filled(string text) => DossierText.Filled(text, name => figures.Of(name).Text, id => $"{Short(Bibliography.Named(id))}");
    }

    /// <summary>"Heimersheim and Turner (2023)"; of four authors and more the first.</summary>
    static string Short(Work work)
    {
        string[] authors = work.Authors.Split(", ");
        string named = authors.Length > 3 ? $"{authors[0]} et al." : Published.StudyWords.List(authors);
        return work.Authors.EndsWith("not recorded here", StringComparison.Ordinal) ? FormattableString.Invariant($"({work.Identifier}, {work.Year})") : FormattableString.Invariant($"{named} ({work.Year})");
    }

    static IEnumerable<PageBlock> Inserted(string name, DossierEvidence e) => name switch
    {
        "works" => [new Remarks([.. Bibliography.BuiltIn.Select(Entry)])],
        "anatomy" => [Anatomy(e.Anatomy)],
        "study-comparison" => [StudyComparisonPart.Table()],
        "training" => Training(e),
        "analogies" => [new Remarks([.. Analogies.BuiltIn.Select(Analogy)])],
        "isomorphisms" => IsomorphismTable.Of(e.Isomorphisms),
        "hypotheses" => e.Verdicts.SelectMany((verdict, i) => Hypothesis(verdict, e.StoredVerdicts.Count == 0 ? null : e.StoredVerdicts[i])),
        "falsification" => [Falsification(e)],
        "diagram" => [Diagram(e)],
        "scaling" => [Scaling(e)],
        "next" => [new Remarks([.. NextMeasurement.Shipped.Select((next, i) => FormattableString.Invariant($"{i + 1}. {next.What} ({string.Join(", ", next.Hypotheses)}): {next.Command}"))])],
        _ => throw new InvalidOperationException($"The dossier has no insertion {name}."),
    };

    static string Entry(Work work) =>
        $"{char.ToUpperInvariant(work.Citation[0])}{work.Citation[1..]}. {work.Found}" +
        (work.Hypotheses.Count > 0 ? $" Speaks to {string.Join(", ", work.Hypotheses)}." : "") + (work.IsOfSeries ? " Of the study's own series." : "") + $" {work.Verified.Briefly()}.";

    static Table Anatomy(AnatomyDifference anatomy) => new(
        ["fact", .. anatomy.Models.Select(Pages.Column.Words), Pages.Column.Prose("as a single cause")],
        [.. anatomy.Differing.Select(IReadOnlyList<Cell> (difference) =>
        [
            difference.Facts[0].Name, .. difference.Facts.Select(fact => (Cell)fact.Shown),
            !difference.IsPrimary ? $"follows from {AnatomyReport.From(difference, anatomy)}"
                : difference.IsRuledOut ? $"ruled out by {string.Join(", ", difference.Against.Select(counter => counter.Model).Distinct())}" : "not ruled out",
        ])])
    { Caption = "Facts in which the two descriptions differ" };

    static IEnumerable<PageBlock> Training(DossierEvidence e)
    {
        var cards = e.Training.Cards;
        var rows = e.Training.Differences.Where(row => row.Field.Section != "architecture").ToList();
        yield return new Table(["field", .. cards.Select(card => Pages.Column.Prose(card.Title))],
            [.. rows.Select(IReadOnlyList<Cell> (row) => [Name(row.Field), .. row.Values.Select(value => (Cell)(value is null ? Figures.Missing : value.Value is null ? "unknown" : $"{CardReport.Shown(value)} ({value.Certainty.Word()})"))])])
        {
            Caption = "How the two were trained, where they differ",
        };
        yield return new Remarks([.. rows.Where(row => row.Remark is not null).Select(row => $"{Name(row.Field)}: {row.Remark!.Text}")]);
    }

    static string Name(CardField field) => field.Key.Replace('_', ' ').Replace("e folds", "e-folds", StringComparison.Ordinal);

    static string Analogy(Analogy analogy) =>
        $"{analogy.Science}: {analogy.Pattern}. {analogy.Map} Measured by: {analogy.Quantity.TrimEnd('.')} ({analogy.Command ?? "no command measures it yet"}). " +
        $"False if: {analogy.FalseIf}" + (analogy.Literature.Count > 0 ? $" [{string.Join("; ", analogy.Literature.Select(id => Short(Bibliography.Named(id))))}]" : "");

    static IEnumerable<PageBlock> Hypothesis(Verdict verdict, Verdict? stored)
    {
        var h = verdict.Hypothesis;
        string? ofStored = stored is null ? null : Said(stored);
        yield return new Gap();
        yield return new Heading($"{h.Id}: {h.Title}", Level: 3);
        yield return new Facts(
        [
            ("claim", h.Claim), ("mechanism", h.Mechanism), ("prediction", h.Prediction),
            .. verdict.Twins is { } twins ? [("over twins", $"{Said(twins)} {twins.Limits}".TrimEnd())] : Array.Empty<(string, string)>(),
            .. ofStored == Said(verdict) ? [("verdict", ofStored)] : (IEnumerable<(string, string)>)[("over the study", Said(verdict)), .. ofStored is null ? [] : new[] { ("over stored runs", ofStored) }],
        ], 18);
    }

    /// <summary>The verdict, and why: of one that was reached how strong it is, of another what it lacks.</summary>
    static string Said(Verdict verdict) => $"{verdict.Kind.ToString().ToLowerInvariant()}. {(verdict.Kind == VerdictKind.Undecided ? verdict.Why : verdict.Strength ?? verdict.Why)}";

    static string Said(TwinVerdict verdict) => $"{verdict.Kind.ToString().ToLowerInvariant()}. {verdict.Strength ?? verdict.Why}";

    static Table Falsification(DossierEvidence e) => new(["hypothesis", Pages.Column.Prose("falsified if"), Pages.Column.Prose("waits for")],
        [.. e.Verdicts.Select(IReadOnlyList<Cell> (verdict) =>
        [
            verdict.Hypothesis.Id, verdict.Hypothesis.Refutation ?? (verdict.Hypothesis.Falsified is { } rule ? ConditionText.Of(rule.Condition) : Figures.Missing),
            verdict.Hypothesis.Needs.Count == 0 ? "nothing" : string.Join("; ", verdict.Hypothesis.Needs.Select(need => need.Measurement)),
        ])])
    { Caption = "What would refute each hypothesis" };

    static IntervalPlot Diagram(DossierEvidence e) => new("Mean gain of the last block with its 95 % interval", 1,
        [.. e.Published.Concat(e.Stored).GroupBy(gain => $"{gain.Wiring}, {gain.Norm}").OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new IntervalGroup(group.Key, [.. group.OrderBy(gain => gain.Mean).Select(gain => new IntervalMark($"{gain.Model} ({gain.Prompts})", gain.Low, gain.Mean, gain.High))]))]);

    static Table Scaling(DossierEvidence e) => new(
        ["model", "parameters", "blocks", "attn < 1", "last MLP", "last block", "95 % interval", Pages.Column.Prose("from")],
        [.. ScalingTable(e)])
    { Caption = "The sizes of Pythia" };

    static IEnumerable<IReadOnlyList<Cell>> ScalingTable(DossierEvidence e) => ScalingLine.All(e).Select(IReadOnlyList<Cell> (line) =>
    [
        line.Card.Title, line.Card.Number("parameters") is { } parameters ? Cell.Number(parameters, n => Figures.Count((long)n)) : Figures.Missing, line.Submodules is { } size ? Cell.Count(size.Layers) : Figures.Missing,
        line.Submodules is { } s ? $"{s.AttnContractingPercent.ToString("0.#", CultureInfo.InvariantCulture)} %" : Figures.Missing, line.Submodules is { } m ? Cell.Number(m.LastMlpGain, Figures.Real) : Figures.Missing,
        line.Gain is { } gain ? Cell.Number(gain.Mean, Figures.Real) : Figures.Missing, line.Gain is { Low: { } low, High: { } high } ? $"{Figures.Real(low)}–{Figures.Real(high)}" : Figures.Missing,
        line.Gain?.Source ?? $"not yet measured; {line.Command} would",
    ]);

    /// <summary>Of longer ones the name alone is given where their origin is.</summary>
    const int LongestFigure = 24;

    /// <summary>Which figures the text names, and where each is from.</summary>
    static IEnumerable<PageBlock> Provenance(IReadOnlyList<DossierSection> sections, DossierFigures figures)
    {
        string[] names = [.. sections.SelectMany(section => section.Parts).SelectMany(part => part switch
        {
            Dossier.Prose prose => DossierText.FiguresOf(prose.Text),
            Points points => points.Items.SelectMany(DossierText.FiguresOf),
            _ => [],
        }).Distinct()];
        if (names.Length == 0) yield break;
        yield return new Gap();
        yield return new Heading("Where the text's figures are from", Level: 2);
        yield return new Remarks([.. names.Select(name => (Name: name, Figure: figures.Of(name))).GroupBy(entry => entry.Figure.Source)
            .Select(group => $"{string.Join("; ", group.Select(entry => entry.Figure.Text.Length > LongestFigure ? entry.Name : $"{entry.Figure.Text} ({entry.Name})").Distinct())}: {group.Key.TrimEnd('.')}.")]);
    }
}
