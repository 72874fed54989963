using Castalia.Anatomy;
using Castalia.Anatomy.Units;
using Castalia.Attribution;
using Castalia.Cli.Progress;
using Castalia.Hub;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>What is to be explained of a model, and beside what.</summary>
/// <param name="Attribution">What is attributed.</param>
/// <param name="Weights">Whether what weights alone say is read.</param>
/// <param name="Reference">A set or file of texts to compare with; null for none.</param>
/// <param name="Bands">Whether it is split by bands of the unembedding.</param>
/// <param name="Directions">A file of directions; null for none.</param>
/// <param name="Orthonormalise">Whether their rows are made orthonormal.</param>
sealed record ExplainChoices(AttributionOptions Attribution, bool Weights, string? Reference, bool Bands, string? Directions, bool Orthonormalise);

/// <summary>A model that was explained, before its run folder is written.</summary>
/// <param name="Run">The run.</param>
/// <param name="Found">Where the gain of its blocks comes from.</param>
/// <param name="Weights">What the weights alone say; null where they were not asked.</param>
sealed record Explaining(Run Run, AttributedRun Found, ModelUnitWeights? Weights)
{
    /// <summary>Explains, with progress on standard error.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="set">What the run calls its prompts.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="choices">What is explained.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <param name="display">Where it reports; null for standard error.</param>
    public static Explaining Take(
        CheckpointSource source, string set, IReadOnlyList<Prompt> prompts, RunOptions options, ExplainChoices choices, CancellationToken cancellation, Action<Action<ProgressSink>>? display = null)
    {
        display ??= ProgressDisplay.Run;
        var started = DateTime.UtcNow;
        string name = ModelNames.Of([source.Name])[0];
        AttributedRun? found = null;
        display(progress => found = AttributedRun.Take(
            source, name, prompts, options, choices.Attribution, progress.Model(name), cancellation, needs => progress.Message($"{name}: {needs}"),
            Derived(choices, name, options.Threads, text => progress.Message($"{name}: {text}"), cancellation)));
        var run = new Run
        {
            StartedUtc = started,
            Options = options,
            PromptSet = set,
            Models = [found!.Model],
            Derived = DerivedManifest.Of(found),
            Explained = new($"{choices.Attribution.Blocks}", choices.Attribution.AllParts, choices.Weights),
        };
        ClosureCheck.Verify(found.Model);
        ModelUnitWeights? weights = null;
        if (choices.Weights)
            display(progress =>
            {
                progress.Message($"{name}: reading what the weights alone say of {Figures.Of(found.Means.Count, "block")}");
                weights = UnitWeights.Read(source, [.. found.Means.Select(means => means.Block)], found.Model.Tokenizer?.IdCount, options.Threads, cancellation);
            });
        return new(run, found, weights);
    }

    /// <summary>The tables beside the readings.</summary>
    public IReadOnlyList<RunResult> Results => [Found.Result, Found.Units(Weights?.Rows(Found.Model.Name) ?? [])];

    /// <summary>Writes the run folder.</summary>
    /// <param name="parent">Where it is made.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public WrittenRun Write(string parent, CancellationToken cancellation)
    {
        WrittenRun written = default;
        ProgressDisplay.Run(progress => written = RunFolder.WriteAndTell(
            Run, Results, parent, cancellation, progress.Hash("run folder")));
        return written;
    }

    static DerivedOptions Derived(ExplainChoices choices, string name, int threads, Action<string> say, CancellationToken cancellation)
    {
        var find = Finders.Of(name, threads, say, cancellation);
        return new()
        {
            ReferenceName = choices.Reference is null ? null : PromptOptions.SetName(choices.Reference),
            Reference = choices.Reference is null ? [] : PromptOptions.Read(choices.Reference, []),
            Components = find.Components,
            Bands = choices.Bands ? find.Bands : null,
            DirectionsFile = choices.Directions,
            Orthonormalise = choices.Orthonormalise,
        };
    }
}
