using Castalia.Runs;

namespace Castalia.Analyses;

/// <summary>What a set of prompts says of the units of the last block that was attributed.</summary>
/// <param name="Block">The block.</param>
/// <param name="Stability">Whether the same ones lead in both halves; empty below two prompts.</param>
/// <param name="Concentrations">How concentration goes with entropy, over prompts, and over positions where these were attributed.</param>
sealed record UnitsOverPrompts(int Block, IReadOnlyList<RankStability> Stability, IReadOnlyList<Concentration> Concentrations)
{
    /// <summary>Both.</summary>
    /// <param name="run">The model.</param>
    /// <param name="seed">Of the bootstraps.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static UnitsOverPrompts Of(AttributedRun run, long seed, CancellationToken cancellation)
    {
        int block = run.Means[^1].Block;
        Sampling[] samplings = run.Options.AllPositions ? [Sampling.LastToken, Sampling.EveryPosition] : [Sampling.LastToken];
        return new(block, RankStability.All(run.Means[^1]), [.. samplings.Select(sampling => Concentration.Of(run, block, sampling, seed, cancellation)).OfType<Concentration>()]);
    }
}
