using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Store;

/// <summary>What verbs say of runs that are damaged or unverified, and of models that are one.</summary>
static class RunWarnings
{
    /// <summary>What it means that a manifest states no SHA-256.</summary>
    internal const string Unverified = "it was written before castalia stated one, or the entry was taken out since, and a change there would not be noticed";

    const int Named = 3;

    /// <summary>What a reader must know of runs that were left out, a sentence each; of many, the rest by their number.</summary>
    public static IEnumerable<string> LeftOut(IReadOnlyList<ListedRun> damaged) =>
    [
        .. damaged.Take(Named).Select(run => $"{run.Name} is left out, for it is damaged: {run.Fault!.Cause}"),
        .. damaged.Count > Named ? new[] { $"{Figures.Of(damaged.Count - Named, "more run")} left out, damaged too; 'castalia runs' says how." } : [],
    ];

    /// <summary>What a reader of unverified runs must know, a sentence for those that lack the same; none where all are verified.</summary>
    public static IEnumerable<string> OfUnverified(IReadOnlyList<StoredRun> runs) => runs.Where(run => !run.IsVerified)
        .GroupBy(run => string.Join(", of ", run.Unprotected), run => run.Name)
        .Select(lack => $"{string.Join(", ", lack.Take(Named))}{(lack.Count() > Named ? $" and {lack.Count() - Named} more" : "")}: the manifest states no SHA-256 of {lack.Key}: {Unverified}.");

    /// <summary>Which models of a run are one model under several names, a sentence for each.</summary>
    /// <param name="run">The run.</param>
    /// <param name="weights">Hashes of the models' weights, by name.</param>
    public static IEnumerable<string> SameWeights(Run run, IReadOnlyDictionary<string, string> weights) => run.Models.Where(model => weights.ContainsKey(model.Name))
        .GroupBy(model => (Weights: weights[model.Name], Arithmetic: ArithmeticHash.Of(model.Description))).Where(same => same.Count() > 1)
        .Select(same => $"{string.Join(", ", same.Skip(1).Select(model => model.Name))}: the same weights ({ModelIdentity.Digits(same.Key.Weights)}) and arithmetic as " +
            $"{same.First().Name}; verbs over stored runs count them once.");
}
