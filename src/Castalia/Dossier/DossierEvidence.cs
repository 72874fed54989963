using Castalia.Analyses;
using Castalia.Anatomy;
using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Published;
using Castalia.Store;
using Castalia.Wording;

namespace Castalia.Dossier;

/// <summary>One model's mean gain of the last block with its interval, and how its blocks are built.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Wiring">parallel or sequential.</param>
/// <param name="Norm">LayerNorm or RMSNorm.</param>
/// <param name="Mean">Mean over prompts.</param>
/// <param name="Low">Lower end of the interval; null where undefined.</param>
/// <param name="High">Upper end; null where undefined.</param>
/// <param name="N">Prompts.</param>
/// <param name="Source">The run or the study.</param>
/// <param name="Prompts">Which prompts.</param>
/// <param name="Parameters">Weights counted from its tensors; null of the study's.</param>
sealed record GainOfModel(string Model, string Wiring, string Norm, double Mean, double? Low, double? High, int N, string Source, string Prompts, long? Parameters = null);

/// <summary>Everything the dossier is made from: what ships, and the stored runs.</summary>
/// <param name="Figures">Of the study's models.</param>
/// <param name="Review">Of the study.</param>
/// <param name="Verdicts">On every hypothesis, over the study's figures.</param>
/// <param name="StoredVerdicts">The same over the stored runs; empty without any.</param>
/// <param name="Stored">Gains of the stored runs' models that read texts.</param>
/// <param name="Anatomy">What differs between Pythia-6.9B and GPT-J-6B.</param>
/// <param name="Training">What differs in how they were trained.</param>
sealed record DossierEvidence(
    IReadOnlyList<StudyFigures> Figures, StudyReview Review, IReadOnlyList<Verdict> Verdicts, IReadOnlyList<Verdict> StoredVerdicts,
    IReadOnlyList<GainOfModel> Stored, AnatomyDifference Anatomy, CardComparison Training)
{
    /// <summary>What other sciences would measure, of models whose blocks stored runs read.</summary>
    public IReadOnlyList<StoredIsomorphisms> Isomorphisms { get; init; } = [];

    /// <summary>Gathers it.</summary>
    /// <param name="store">The runs; null without any.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DossierEvidence Of(RunStore? store, CancellationToken cancellation)
    {
        var study = PublishedStudy.Shipped;
        var review = StudyReview.Of(study);
        var hypotheses = HypothesisFiles.BuiltIn();
        using var published = new PublishedEvidence(study, store?.Cards ?? CardSet.Shipped, cancellation);
        return new(
            review.Figures, review, Verdicts(hypotheses, published), store is null ? [] : Verdicts(hypotheses, new StoredEvidence(store)), store is null ? [] : Gains(store, cancellation),
            AnatomyDifference.Of([.. StudyComparison.Models.Select(model => StudyConfigs.Of(model).Facts())], StudyAnatomy.Shipped),
            CardComparison.Of([.. StudyComparison.Models.Select(ModelCards.Named)]))
        {
            Isomorphisms = store is null ? [] : StoredIsomorphisms.Of(store, cancellation),
        };

        IReadOnlyList<Verdict> Verdicts(IReadOnlyList<Hypothesis> all, IEvidenceSource source)
        {
            Binding.Check(all, source, cancellation);
            return HypothesisEvaluation.Of(all, source, cancellation);
        }
    }

    /// <summary>The study's models.</summary>
    public IEnumerable<GainOfModel> Published => Figures.Select(f =>
    {
        var facts = ModelFacts.Of(f.Model.Model);
        return new GainOfModel(f.Model.Model, Word(facts.Wiring.ToString()), facts.Norm.ToString().Replace("RmsNorm", "RMSNorm", StringComparison.Ordinal), f.Gain.Mean.Value!.Value,
            f.Gain.Interval95.Value?.Low, f.Gain.Interval95.Value?.High, f.Gain.N, "the study", "the study");
    });

    static List<GainOfModel> Gains(RunStore store, CancellationToken cancellation)
    {
        var runs = store.Runs.ToDictionary(run => run.Name, StringComparer.Ordinal);
        return
        [
            .. from row in GainEstimate.All(MeasuredModels.Counted(store, cancellation), GainGrouping.Model, cancellation)
               let model = runs[row.Model.Settings.Run].Models.First(m => m.Name == row.Model.Name)
               where row.Gain.Mean.Value is not null && model.Untrained != true && model.Prompts.All(prompt => prompt.Text is not null)
               select new GainOfModel(Name(model), Word((string)model.Architecture["wiring"]!), ((string)model.Architecture["norm"]!).Replace("RmsNorm", "RMSNorm", StringComparison.Ordinal),
                   row.Gain.Mean.Value!.Value, row.Gain.Interval95.Value?.Low, row.Gain.Interval95.Value?.High, row.Gain.N, row.Model.Settings.Run, $"{Path.GetFileName(row.Model.Settings.PromptSet)}, --bos {row.Model.Settings.Bos}", model.Parameters),
        ];
    }

    /// <summary>The repository, with the revision where that is not main; without one the folder's name.</summary>
    static string Name(StoredModel model) => model.Hub is not { } hub ? model.Name : hub.Revision == "main" ? hub.Repository : $"{hub.Repository}@{hub.Revision}";

    static string Word(string wiring) => wiring.StartsWith("Parallel", StringComparison.Ordinal) ? "parallel" : "sequential";
}
