using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Reports.Pages;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia twins --results</c> prints for people: the studies that ship, or one of them.</summary>
static class TwinResultsReport
{
    const int Label = 14, Indent = 4;

    const string CannotSay =
        "Networks of 10⁵ to 10⁷ parameters, a language with one kind of copying and one of agreement, 10⁶ to 10⁸ tokens: a verdict over them is about them. What makes no difference here may make one at " +
        "6.9 × 10⁹ parameters, and the other way round; of five seeds a cell only differences of about two standard deviations between seeds are found.";

    /// <summary>Every study.</summary>
    /// <param name="studies">The studies.</param>
    /// <param name="multiplicity">How many rules over twins were asked in all.</param>
    public static Page List(IReadOnlyList<StudyResult> studies, TwinMultiplicity multiplicity) => new(
    [
        new Heading("Studies of twins that ship"),
        new Paragraph(CannotSay),
        new Paragraph($"Asked of them: {multiplicity.InWords}; verdicts are by each p as it is, 'castalia hypotheses ID' has it by Holm too."),
        .. studies.SelectMany(InList),
        new Gap(),
        new Paragraph("'castalia twins --results NAME' has the cells of one; 'castalia twins --plan NAME' prints its plan."),
    ]);

    /// <summary>One study with its cells.</summary>
    /// <param name="result">The study.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public static Page One(StudyResult result, long seed) => new(AtLength(result, seed));

    static IEnumerable<PageBlock> InList(StudyResult result)
    {
        yield return new Gap();
        yield return new Heading($"{result.Study.Name}: {result.Study.Plan.Question}", 2) { Indent = 2 };
        yield return Facts(result.Study);
        foreach (var block in result.Verdicts.SelectMany(Verdict)) yield return block;
    }

    static IEnumerable<PageBlock> AtLength(StudyResult result, long seed)
    {
        yield return new Heading($"{result.Study.Name}: {result.Study.Plan.Question}");
        yield return Facts(result.Study);
        if (result.Study.Table is { } table)
        {
            yield return new Gap();
            yield return TwinsReport.Cells(table, seed);
            yield return new Paragraph("Mean ± sd over seeds of each cell: gain of the last block at the last token, its means by context, share of prompts below 1, Pearson correlation of gain with the true entropy of what follows and with the model's.");
        }
        foreach (var block in result.Verdicts.SelectMany(Verdict)) yield return block;
        yield return new Gap();
        yield return new Paragraph(CannotSay);
    }

    static Facts Facts(ShippedStudy study) => new(
    [
        ("crossed", study.Plan.Crossed.Count == 0 ? "nothing" : string.Join("; ", study.Plan.Crossed.Select(factor => $"{factor.Key} {string.Join(", ", factor.Value)}"))),
        ("networks", study.Table is { } table ? $"{TwinScale.Of(table)}." : $"{Figures.Of(study.Plan.Twins.Count, "network")} planned; it has not been carried out."),
        ("again by", study.Plan.Minutes is { } minutes ? $"{study.Command}; about {Amounts.Time(60 * minutes)} on two cores" : study.Command),
        .. study.Table is { } of ? [("cannot say", TwinScale.Limit(of))] : Array.Empty<(string, string)>(),
    ], Label);

    static IEnumerable<PageBlock> Verdict((Hypothesis Hypothesis, TwinVerdict Verdict) of)
    {
        yield return new Gap();
        yield return new Heading($"{of.Hypothesis.Title}: {HypothesesReport.Word(of.Verdict.Kind)}", 3) { Before = [(of.Hypothesis.Id, of.Hypothesis.Id.Length + 2)] };
        if (of.Verdict.Strength is { } strength) yield return new Paragraph(strength) { Indent = Indent };
        yield return new Paragraph(of.Verdict.Why) { Indent = Indent };
        if (of.Verdict.Limits is { } limits) yield return new Paragraph($"It cannot say: {char.ToLowerInvariant(limits[0])}{limits[1..]}") { Indent = Indent };
    }
}
