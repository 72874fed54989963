using System.CommandLine;

namespace Castalia.Cli.Verbs;

/// <summary>The seed of an analysis that resamples stored readings.</summary>
static class AnalysisSeed
{
    /// <summary>--seed; 1 unless told, and printed with the results.</summary>
    public static WholeNumber Option() => new("--seed", "Seed of permutations and bootstraps.", 0, long.MaxValue, () => ("1", "--seed"));
}
