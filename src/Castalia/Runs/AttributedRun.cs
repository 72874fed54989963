using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>One model of a run, and where the gain of its blocks comes from.</summary>
sealed record AttributedRun
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

    /// <summary>What was derived besides.</summary>
    public DerivedOptions DerivedOptions { get; init; } = DerivedOptions.None;

    /// <summary>The reference texts; null for none.</summary>
    public ReferenceTexts? Reference { get; init; }

    /// <summary>What they say, of each block that was attributed; none without reference texts.</summary>
    public IReadOnlyList<ReferenceBlock> ReferenceBlocks { get; init; } = [];

    /// <summary>Bands of the unembedding; null where they were not asked for.</summary>
    public UnembeddingBands? Bands { get; init; }

    /// <summary>SHA-256 of the file of directions as it was read; null for none.</summary>
    public string? DirectionsSha256 { get; init; }

    /// <summary>Seed of the random sets of coordinates.</summary>
    public long Seed { get; init; }

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
    /// <param name="derived">What is derived besides; null for nothing.</param>
    /// <exception cref="InputException">As ModelMeasuring.Take and AttributedMeasurement.Take; reference texts or directions that cannot be used.</exception>
    public static AttributedRun Take(
        CheckpointSource source, string name, IReadOnlyList<Prompt> prompts, RunOptions options, AttributionOptions attribution,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation, Action<string>? say = null, DerivedOptions? derived = null)
    {
        AttributedMeasurement? found = null;
        IReadOnlyList<NeuronTokens> tokens = [];
        IReadOnlyList<HeadTokens> ofHeads = [];
        derived ??= DerivedOptions.None;
        ReferenceTexts? reference = null;
        UnembeddingBands? bands = null;
        IReadOnlyList<DirectionSet> given = [];
        string? directionsSha256 = null;
        var model = ModelMeasuring.Take(source, name, _ => prompts, options, new(
            (architecture, tokenized, tokenizer) =>
            {
                reference = derived.Tokenized(architecture, tokenized, tokenizer, options.Bos, name, cancellation);
                if (derived.DirectionsFile is { } file)
                {
                    given = DirectionFile.Read(file, architecture.DModel, derived.Orthonormalise);
                    directionsSha256 = Sha256.OfFile(file, cancellation);
                }
                return AttributionNeeds.Of(architecture, tokenized, attribution) +
                    AttributionNeeds.OfDerived(architecture, tokenized, reference, attribution, given.Sum(set => (long)set.Count), derived.Bands is not null);
            },
            (checkpoint, architecture, tokenized, tokenizer, measure) =>
            {
                bands = derived.Bands?.Invoke(checkpoint, architecture, tokenizer);
                attribution = attribution with
                {
                    Derivation = new()
                    {
                        Reference = reference is null ? [] : ReferencePass.Take(checkpoint, architecture, reference.Texts, attribution.Blocks, derived.Components, options.Threads, progress, cancellation),
                        Random = reference is null ? null : new(architecture.DModel, options.Seed),
                        Bands = bands?.Directions,
                        Given = given,
                    },
                };
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
            DerivedOptions = derived,
            Reference = reference,
            ReferenceBlocks = attribution.Derivation.Reference,
            Bands = bands,
            DirectionsSha256 = directionsSha256,
            Seed = options.Seed,
            FinalNormHasWeight = model.Measurement.Architecture.Tensors.ContainsKey(WeightRole.FinalNorm),
        };
    }

    /// <summary>The units of largest mean, by size.</summary>
    static IEnumerable<int> Leading(IEnumerable<double> means) => Parts.Of([.. means], MostNamed, isWhole: false).Leading.Select(part => part.Index);
}
