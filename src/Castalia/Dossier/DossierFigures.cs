using System.Globalization;
using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Literature;
using Castalia.Published;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Dossier;

/// <summary>A figure of the dossier's text.</summary>
/// <param name="Text">As it is printed.</param>
/// <param name="Source">What it was computed from, and by which convention.</param>
sealed record DossierFigure(string Text, string Source);

/// <summary>Every figure that the dossier's text may name, computed when it is asked for.</summary>
sealed class DossierFigures
{
    const string StudySource = "the study's published readings; gain of the last block at the last token, ‖h_L‖/‖h_{L−1}‖";

    readonly Dictionary<string, Func<DossierFigure>> _named = new(StringComparer.Ordinal);

    /// <summary>The figures of some evidence.</summary>
    public DossierFigures(DossierEvidence evidence)
    {
        AddStudy(evidence);
        AddModels(evidence);
        AddShipped(evidence);
    }

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => _named.Keys;

    /// <summary>The figure of a name.</summary>
    public DossierFigure Of(string name) => _named.TryGetValue(name, out var figure) ? figure() : throw new InvalidOperationException($"The dossier names a figure that there is not: {name}.");

    void Add(string name, string source, Func<string> text) => _named.Add(name, () => new(text(), source));

    void AddStudy(DossierEvidence e)
    {
        Add("study.models", StudySource, () => Number(e.Figures.Count));
        Add("study.prompts", StudySource, () => string.Join(" or ", e.Figures.Select(f => f.Model.Readings.Count).Distinct().Select(n => Number(n))));
        Add("study.dampening", StudySource, () => StudyWords.List(e.Figures.Where(f => f.Status == GainStatus.Dampening).Select(f => f.Model.Model)));
        Add("below.others", StudySource, () => StudyWords.List(e.Figures.Where(f => f.Status != GainStatus.Dampening && f.Below > 0).Select(f => $"{f.Model.Model} {Number(f.Below)} of {Number(f.Model.Readings.Count)}")));
        Add("convention.models", "the study's files of hidden states", () => Number(e.Review.Conventions.Count));
        Add("convention.penultimate", "the study's files of hidden states; equal to the mean step before the last", () => Number(e.Review.Conventions.Count(c => c.NoLnIsPenultimate)));
        Add("causes.count", StudySource, () => Number(e.Review.Causes.Count));
        Add("causes.falsified", StudySource, () => Number(e.Review.Causes.Count(c => c.IsFalsified)));
        Add("causes.verdicts", $"{StudySource}; a counter-example's interval excludes 1 and its t test stands after Holm", () => string.Join("; ", e.Review.Causes.Select(c =>
            $"{c.Title} ({(c.IsFalsified ? "against it: " + string.Join(", ", c.CounterExamples.Select(f => f.Model.Model)) : "not ruled out")})")));
        Add("correlations", $"{StudySource}; Pearson", () => StudyWords.List(e.Figures.Where(f => f.GainEntropy.Value is not null).Select(f => $"{Figures.Correlation(f.GainEntropy.Value!.Value.Coefficient)} in {f.Model.Model}")));
        Add("correlations.standing", $"{StudySource}; p of Pearson's r below 0.05 after Holm over the models", () => StudyWords.List(e.Figures.Where(f => f.GainEntropyHolm.Value < 0.05).Select(f => f.Model.Model)));
    }

    void AddModels(DossierEvidence e)
    {
        foreach (var figures in e.Figures)
        {
            string key = figures.Model.Model.ToLowerInvariant();
            Add($"mean:{key}", $"{StudySource}; mean over {figures.Gain.N} prompts", () => Figures.Real(figures.Gain.Mean.Value!.Value));
            if (e.Review.Bounds.Single(bound => bound.Model == figures.Model.Model).OfMean is { } bound)
                Add($"cosine:{key}", $"{StudySource}; mean over prompts of −√(1 − G²)", () => SignedFigures.Of(bound));
        }
        foreach (var (model, convention) in e.Review.Conventions.GroupBy(c => c.Model.Model).Select(group => (group.Key, group.First())))
            Add($"penultimate:{model.ToLowerInvariant()}", $"{convention.File}; hidden_states[-2]/[-3], mean over prompts", () => Figures.Real(convention.Model.GainNoLn));
        foreach (var card in e.Training.Cards)
            foreach (var value in card.Values.Where(value => value.Value is CardDatum.Number))
                Add($"card:{card.Model}:{value.Field.Key}", $"card of {card.Model}: {value.Certainty.Word()}; {string.Join("; ", value.Sources.Select(source => source.Text))}",
                    () => Written(value.Field.Key, ((CardDatum.Number)value.Value!).Value));
        foreach (var card in e.Training.Cards)
            if (new InitialisationRule("wang_init", null).Deviation(card.Number("d_model"), card.Number("n_layers"), card.Number("d_vocab")) is { } deviation)
                Add($"wang_init:{card.Model}", $"2/(L·√d) with blocks and width of the card of {card.Model}", () => deviation.ToString("G2", CultureInfo.InvariantCulture));
    }

    void AddShipped(DossierEvidence e)
    {
        var works = Bibliography.BuiltIn;
        const string Works = "the bibliography that ships";
        Add("works.count", Works, () => Number(works.Count));
        Add("works.page", Works, () => Number(works.Count(work => work.Verified == Verification.Page)));
        Add("works.identifier", Works, () => Number(works.Count(work => work.Verified == Verification.Identifier)));
        Add("works.second-hand", Works, () => Number(works.Count(work => work.Verified == Verification.SecondHand)));
        Add("works.series", Works, () => Number(works.Count(work => work.IsOfSeries)));
        Add("analogies.count", "the analogies that ship", () => Number(Analogies.BuiltIn.Count));
        Add("analogies.measured", "the analogies that ship", () => Number(Analogies.BuiltIn.Count(analogy => analogy.Command is not null)));
        Add("hypotheses.count", "the hypotheses that ship", () => Number(e.Verdicts.Count));
        Add("anatomy.differing", "descriptions of the published configurations", () => Number(e.Anatomy.Differing.Count));
        Add("anatomy.primary", "descriptions of the published configurations", () => Number(e.Anatomy.Primary.Count()));
        var reference = JacobianReference.Shipped;
        foreach (var (name, isParallel) in new[] { ("parallel", true), ("sequential", false) })
        {
            var blocks = reference.Blocks.Where(block => block.Parallel == isParallel).ToList();
            Add($"jacobian.{name}.blocks", reference.Source, () => Number(blocks.Count));
            Add($"jacobian.{name}.largest", reference.Source, () => Size(blocks.Max(block => block.JhMinusH)));
            Add($"jacobian.{name}.smallest", reference.Source, () => Size(blocks.Min(block => block.JhMinusH)));
        }
    }

    static string Written(string field, double value) => value.ToString(field switch
    {
        "surviving_initialisation" => "0 %",
        "decay_e_folds" => "0.00",
        _ => "0.####",
    }, CultureInfo.InvariantCulture);

    static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);

    static string Size(double value) => value >= 0.01 ? value.ToString("0.##", CultureInfo.InvariantCulture) : value.ToString("0.0E+0", CultureInfo.InvariantCulture).Replace("E-", "E−", StringComparison.Ordinal);
}
