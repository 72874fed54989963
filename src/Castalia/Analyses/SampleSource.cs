namespace Castalia.Analyses;

/// <summary>Where a sample of readings comes from: one model of one run.</summary>
/// <param name="Run">Name of the run folder.</param>
/// <param name="Model">Name of the model in that run.</param>
/// <param name="Weights">SHA-256 of the weights; null where the run states none.</param>
/// <param name="Activation">Activation that was computed.</param>
/// <param name="Bos">BOS policy.</param>
/// <param name="PromptSet">What the run says its prompts are.</param>
/// <param name="HasPositions">Whether the run recorded every position.</param>
/// <param name="Fed">What each prompt fed the model, its token ids spelled out: tells which prompts stand in two runs.</param>
public sealed record SampleSource(
    string Run, string Model, string? Weights, string Activation, string Bos, string PromptSet, bool HasPositions, IReadOnlySet<string> Fed)
{
    /// <summary>Whether both are the same weights under the same arithmetic.</summary>
    public bool IsModelOf(SampleSource other) => Weights is not null && Weights == other.Weights && Activation == other.Activation;
}
