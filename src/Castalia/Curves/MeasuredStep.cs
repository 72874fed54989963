using Castalia.Store;

namespace Castalia.Curves;

/// <summary>One step of a training, as one run measured it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Run">Name of the run.</param>
/// <param name="Model">Name of the model there.</param>
/// <param name="Identity">By what its weights are known.</param>
/// <param name="Values">The reading by prompt; NaN where a prompt has none.</param>
sealed record MeasuredStep(long Step, string Run, string Model, ModelIdentity Identity, double[] Values)
{
    /// <summary>A further step that holds the same weights and is left out for this one; null for none.</summary>
    public long? Merged { get; init; }
}

/// <summary>The steps of one training on the same prompts under the same arithmetic, ascending.</summary>
/// <param name="Training">Which training, as its sources say.</param>
/// <param name="PromptSet">Name of the prompts.</param>
/// <param name="Category">Category of the prompts; null for all.</param>
/// <param name="Prompts">How many there are.</param>
/// <param name="Steps">The steps.</param>
sealed record StepSeries(string Training, string PromptSet, string? Category, int Prompts, IReadOnlyList<MeasuredStep> Steps)
{
    /// <summary>What tells it from series of the same training on the same prompts; empty where nothing does.</summary>
    public string Setting { get; init; } = "";

    /// <summary>What it is called on a page, unique there.</summary>
    public string Label { get; init; } = Training;
}
