using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Hypotheses.Separation;

/// <summary>What <c>castalia hypotheses --separate --json</c> prints.</summary>
sealed record SeparationDocument(
    string Source, IReadOnlyList<ModelStatusDocument> Models, int Dampeners, int Expanders, int Fields, int FieldsThatDoNotDiffer, int Perfect, int Assignments, bool AssignmentsAreAll,
    long? Seed, double MeanPerfectByChance, double FamilyWisePOfAPerfectSplit, double? POfAsManyPerfect, IReadOnlyList<string> InWords, IReadOnlyList<SeparatingDocument> Separating)
{
    /// <summary>The document.</summary>
    /// <param name="models">Every model with its status.</param>
    /// <param name="s">The search.</param>
    /// <param name="source">Where the models are.</param>
    public static SeparationDocument Of(IReadOnlyList<ModelStatus> models, FieldSeparation s, string source) => new(
        source, [.. models.Select(ModelStatusDocument.Of)], s.Dampeners.Count, s.Expanders.Count, s.Fields.Count, s.Constant, s.Perfect, s.Assignments, s.AreAll,
        s.AreAll ? null : ModelStatuses.Seed, s.MeanPerfect, s.AnyPerfect, s.AsManyPerfect, [.. SeparationWords.Of(s)],
        [.. s.Fields.Select(f => new SeparatingDocument(f.Field.Name, f.Question.Text, f.YesDampens, f.Errors, f.P, f.FamilyP))]);
}

/// <summary>A model and what its gains say.</summary>
sealed record ModelStatusDocument(
    string Model, string Run, int? Prompts, IReadOnlyList<string> OtherRuns, double? MeanGain, IReadOnlyList<double>? Interval_95, string IntervalMethod, string Status)
{
    public static ModelStatusDocument Of(ModelStatus m) => new(
        m.Choice.Model, m.Choice.Run, m.Choice.Prompts, m.Choice.OtherRuns, m.Mean.Value, StatisticDocuments.Ends(m.Interval95),
        "BCa bootstrap of the mean, 10,000 resamples, seed 1", m.Status.ToString().ToLowerInvariant());
}

/// <summary>A field and how well it separates.</summary>
sealed record SeparatingDocument(string Field, string Question, bool YesDampens, int Errors, double P, double FamilyP);
