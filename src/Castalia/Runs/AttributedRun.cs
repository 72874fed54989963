using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>One model of a run, and where the gain of its blocks comes from.</summary>
public sealed record AttributedRun
{
    /// <summary>Heads and neurons whose tokens are looked up.</summary>
    public const int MostNamed = 10;

    const int TokensOfEach = 4;

    /// <summary>The readings.</summary>
    public required ModelRun Model { get; init; }

    /// <summary>What was asked for.</summary>
    public required AttributionOptions Options { get; init; }

    /// <summary>The attributions, prompts in order.</summary>
    public required IReadOnlyList<PromptAttribution> Prompts { get; init; }

    /// <summary>Means over the prompts at their last position, by block that was attributed.</summary>
    public required IReadOnlyList<UnitMeans> Means { get; init; }

    /// <summary>Of the last of these blocks: the tokens that its leading neurons raise and lower.</summary>
    public required IReadOnlyList<NeuronTokens> Tokens { get; init; }

    /// <summary>Of the same block: the tokens that its leading heads raise and lower by what they write, averaged over prompts.</summary>
    public required IReadOnlyList<HeadTokens> HeadTokens { get; init; }

    /// <summary>Whether the final norm has a weight of its own.</summary>
    public required bool FinalNormHasWeight { get; init; }

    /// <summary>The table of the run folder.</summary>
    internal RunResult Result => RunResult.Of(RunTables.Attribution, AttributionRow.All(this));

    /// <summary>The table of what units are over all prompts.</summary>
    /// <param name="further">Rows besides the means.</param>
    internal RunResult Units(IEnumerable<UnitRow> further) => RunResult.Of(RunTables.Units, UnitRow.All(this).Concat(further));

    /// <summary>Opens, describes, tokenises, measures and attributes.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="name">Its short name.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="attribution">What is attributed.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <param name="say">Told, before the forward pass, what memory it needs; may be null.</param>
    /// <exception cref="Errors.InputException">As ModelMeasuring.Take and AttributedMeasurement.Take.</exception>
    public static AttributedRun Take(
        CheckpointSource source, string name, IReadOnlyList<Prompt> prompts, RunOptions options, AttributionOptions attribution,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation, Action<string>? say = null)
    {
        AttributedMeasurement? found = null;
        IReadOnlyList<NeuronTokens> tokens = [];
        IReadOnlyList<HeadTokens> ofHeads = [];
        var model = ModelMeasuring.Take(source, name, _ => prompts, options, new(
            (architecture, tokenized) => AttributionNeeds.Of(architecture, tokenized, attribution),
            (checkpoint, architecture, tokenized, tokenizer, measure) =>
            {
                found = AttributedMeasurement.Take(checkpoint, architecture, tokenized, tokenizer, measure, attribution, progress, cancellation);
                if (tokenizer is not null)
                {
                    var means = found.Means[^1];
                    tokens = UnitTokens.Of(checkpoint, architecture, [.. Leading(means.Neurons).Select(neuron => (means.Block, neuron))], TokensOfEach, tokenizer.IdCount, options.Threads, cancellation);
                    ofHeads = UnitTokens.OfHeads(checkpoint, architecture, means, [.. Leading(means.Heads)], TokensOfEach, tokenizer.IdCount, options.Threads, cancellation);
                }
                return found.Measurement;
            }), progress, say, cancellation);
        return new()
        {
            Model = model,
            Options = attribution,
            Prompts = found!.Prompts,
            Means = found.Means,
            Tokens = tokens,
            HeadTokens = ofHeads,
            FinalNormHasWeight = model.Measurement.Architecture.Tensors.ContainsKey(WeightRole.FinalNorm),
        };
    }

    /// <summary>The units of largest mean, by size.</summary>
    static IEnumerable<int> Leading(IEnumerable<double> means) => Parts.Of([.. means], MostNamed, isWhole: false).Leading.Select(part => part.Index);
}
