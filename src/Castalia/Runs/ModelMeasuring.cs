using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>One checkpoint, from its path to its readings.</summary>
static class ModelMeasuring
{
    /// <summary>Opens, describes, tokenises and measures.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="name">Its short name.</param>
    /// <param name="prompts">The prompts for a model of this description.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <param name="say">Told, before the forward pass, what memory it needs; null: it is not compared with what there is.</param>
    /// <exception cref="InputException">Anything in checkpoint, tokenizer or prompts that cannot be measured.</exception>
    public static ModelRun Take(
        CheckpointSource source, string name, Func<Architecture, IReadOnlyList<Prompt>> prompts, RunOptions options,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation, Action<string>? say = null) =>
        Take(source, name, prompts, options, measuring: null, progress, say, cancellation);

    /// <summary>How a model is measured once its prompts are tokenised, where that is more than reading it.</summary>
    /// <param name="Needs">Bytes it takes beside the readings.</param>
    /// <param name="Take">Measures.</param>
    internal sealed record Measuring(
        Func<Architecture, IReadOnlyList<TokenizedPrompt>, ITokenizer?, long> Needs,
        Func<Checkpoint, Architecture, IReadOnlyList<TokenizedPrompt>, ITokenizer?, MeasureOptions, Measurement> Take);

    /// <summary>The same, measured in a way of its own.</summary>
    /// <exception cref="InputException">The same.</exception>
    internal static ModelRun Take(
        CheckpointSource source, string name, Func<Architecture, IReadOnlyList<Prompt>> prompts, RunOptions options,
        Measuring? measuring, IProgress<MeasureProgress>? progress, Action<string>? say, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(source.Path);
        // What takes time and waits for nothing else has a thread of its own; errors appear in the order of the lines below.
        using var vocabulary = new Ahead<ITokenizer?>("castalia tokenizer", () => TokenizerFile.ForCheckpoint(checkpoint));
        using var kernels = new Ahead<bool>("castalia kernels", () => KernelPreparation.Of(checkpoint));
        var architecture = ArchitectureReader.Read(checkpoint).With(options.Activation, checkpoint.Path);
        var given = prompts(architecture);
        var weights = WeightMap.Of(architecture, checkpoint);
        var description = DescriptionJson.Of(architecture, weights, checkpoint.Path);
        var (tokenizer, unread) = Tokenization.TokenizerFor(vocabulary.Result, given);
        var tokenized = Tokenization.UntilCancelled(given, tokenizer, options.Bos, name, cancellation);
        PromptLimits.Check(tokenized, architecture);
        var measureOptions = new MeasureOptions
        {
            Threads = options.Threads,
            AllPositions = options.AllPositions,
            LogitLens = options.LogitLens,
        };
        var needs = MemoryNeeds.Of(weights, tokenized, tokenizer, measureOptions) with
        {
            Writing = WritingNeeds.Of(architecture, tokenized, options.AllPositions),
        };
        if (measuring is not null) needs = needs with { Readings = needs.Readings + measuring.Needs(architecture, tokenized, tokenizer) };
        say?.Invoke(MemoryCheck.Of(needs, AvailableMemory.Bytes(), name));
        var measurement = measuring?.Take(checkpoint, architecture, tokenized, tokenizer, measureOptions)
            ?? Measurement.Take(checkpoint, architecture, tokenized, tokenizer, measureOptions, progress, cancellation);
        return new()
        {
            Name = name,
            Path = checkpoint.Path,
            Hub = source.Hub,
            Format = checkpoint.Format,
            Files = checkpoint.Files,
            Weights = WeightsLayout.Of(checkpoint, weights),
            Config = checkpoint.Config ?? (checkpoint.Metadata is { } metadata ? Scalars(metadata) : null),
            Description = description,
            Tokenizer = tokenizer,
            TokenizerUnreadBecause = unread,
            Measurement = measurement,
        };
    }

    /// <summary>Metadata without its arrays, which are the vocabulary: the file's hash stands for them.</summary>
    static JsonObject Scalars(GgufMetadata metadata)
    {
        var scalars = new JsonObject();
        foreach (string key in metadata.Values.Keys.Order(StringComparer.Ordinal))
            if (metadata.Values[key] is not Array and var value) scalars[key] = Scalar(value);
        return scalars;
    }

    static JsonNode Scalar(object value) => value switch
    {
        bool b => b,
        string s => s,
        byte n => n,
        sbyte n => n,
        short n => n,
        ushort n => n,
        int n => n,
        uint n => n,
        long n => n,
        ulong n => n,
        float n => float.IsFinite(n) ? n : $"{n}",
        double n => double.IsFinite(n) ? n : $"{n}",
        _ => throw new ArgumentException($"GGUF has no values of type {value.GetType()}.", nameof(value)),
    };
}
