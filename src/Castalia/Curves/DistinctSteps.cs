using Castalia.Audit;
using Castalia.Errors;
using Castalia.Store;

namespace Castalia.Curves;

/// <summary>What becomes of steps that hold the same weights.</summary>
enum DuplicateSteps
{
    /// <summary>They are refused.</summary>
    Refuse,
    /// <summary>They are drawn, and named.</summary>
    Keep,
}

/// <summary>Steps of series after the audit's rule on equal weights: step 1 that equals step 0 is left out for it, others are refused or named.</summary>
/// <param name="Series">The series, step 1 merged into an equal step 0.</param>
/// <param name="Kept">Groups of further steps that hold the same weights; empty unless they were to be kept.</param>
/// <param name="Unknown">Labels of series of which some steps are known by their names alone, so that equal ones would not show.</param>
sealed record DistinctSteps(IReadOnlyList<StepSeries> Series, IReadOnlyList<(string Label, IReadOnlyList<long> Steps)> Kept, IReadOnlyList<string> Unknown)
{
    /// <summary>Applies the rule.</summary>
    /// <param name="series">The series.</param>
    /// <param name="duplicates">What becomes of other steps of equal weights.</param>
    /// <exception cref="InputException">There are some, and they are refused.</exception>
    public static DistinctSteps Of(IReadOnlyList<StepSeries> series, DuplicateSteps duplicates)
    {
        List<(string Label, IReadOnlyList<long> Steps)> equal = [];
        List<StepSeries> merged = [];
        foreach (var one in series)
        {
            var known = one.Steps.Where(step => step.Identity.Basis != IdentityBasis.Name);
            var same = SameWeights.Among(known.Select(step => ($"step{step.Step}", (long?)step.Step, step.Identity.Weights)));
            equal.AddRange(same.Where(group => !group.IsFirstStep && !equal.Any(other => other.Label == one.Training && other.Steps.SequenceEqual(group.Steps))).Select(group => (one.Training, group.Steps)));
            merged.Add(same.Any(group => group.IsFirstStep) ? one with { Steps = [one.Steps[0] with { Merged = one.Steps[1].Step }, .. one.Steps.Skip(2)] } : one);
        }
        return duplicates == DuplicateSteps.Refuse && equal.Count > 0 ? throw CurveErrors.SameWeights(equal)
            : new(merged, equal, [.. series.Where(one => one.Steps.Any(step => step.Identity.Basis == IdentityBasis.Name)).Select(one => one.Label)]);
    }
}
