namespace Castalia.Analyses;

/// <summary>Where a sample of readings comes from: one model of one run.</summary>
/// <param name="Run">Name of the run folder.</param>
/// <param name="Model">Name of the model in that run.</param>
/// <param name="Weights">By what its weights are told from others: their SHA-256, or what stands for it (<see cref="Store.ModelIdentity"/>).</param>
/// <param name="Activation">Activation that was computed.</param>
/// <param name="Bos">BOS policy.</param>
/// <param name="PromptSet">What the run says its prompts are.</param>
/// <param name="HasPositions">Whether the run recorded every position.</param>
/// <param name="Fed">What each prompt fed the model, its token ids spelled out: tells which prompts stand in two runs.</param>
sealed record SampleSource(
    string Run, string Model, string Weights, string Activation, string Bos, string PromptSet, bool HasPositions, IReadOnlySet<string> Fed)
{
    /// <summary>What the model is called on a page: its name, with digits of its hash where another has that name too.</summary>
    public string Label { get; init; } = Model;

    /// <summary>What each prompt is: its text, or its ids where it has none. The same under every BOS policy.</summary>
    public IReadOnlySet<string> Texts { get; init; } = Fed;

    /// <summary>Hash of what is computed with the weights.</summary>
    public string Arithmetic { get; init; } = "";

    /// <summary>Whether both are the same weights under the same arithmetic.</summary>
    public bool IsModelOf(SampleSource other) => Weights == other.Weights && Activation == other.Activation && Arithmetic == other.Arithmetic;
}
