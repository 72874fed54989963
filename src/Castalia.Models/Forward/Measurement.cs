using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia.Forward;

/// <summary>What to read, and with how many threads.</summary>
sealed record MeasureOptions
{
    /// <summary>Worker threads; results do not depend on it.</summary>
    public required int Threads { get; init; }

    /// <summary>Entropy and top token at every position instead of the last only.</summary>
    public bool AllPositions { get; init; }

    /// <summary>Read entropy through final norm and unembedding after every block.</summary>
    public bool LogitLens { get; init; }

    /// <summary>Whole prompts go through the model together up to this many tokens, so that the stream of no more is held; a longer prompt goes alone.</summary>
    public int PortionTokens { get; init; } = MostPortionTokens;

    /// <summary>Tokens of a portion unless there is less memory: weights are read again for each portion; bench/README.md has what half of it took.</summary>
    public const int MostPortionTokens = 8_192;
}

/// <summary>How far a run has come.</summary>
/// <param name="Block">Blocks done.</param>
/// <param name="Blocks">Blocks in all; one more step is the unembedding.</param>
/// <param name="Bytes">Bytes of weights read so far.</param>
/// <param name="TotalBytes">Bytes of weights in all.</param>
readonly record struct MeasureProgress(int Block, int Blocks, long Bytes, long TotalBytes)
{
    /// <summary>Tokens that go through every block; 0 where it is not said.</summary>
    public long Tokens { get; init; }

    /// <summary>Floating-point operations of the blocks done.</summary>
    public double Operations { get; init; }

    /// <summary>Mean gain of each block done, at the last token of the prompts that have one; NaN where none has; null where it is not said.</summary>
    public IReadOnlyList<double>? Gains { get; init; }

    /// <summary>Portions of the prompts, each of which goes through every block; the rest is of the one at hand.</summary>
    public int Portions { get; init; } = 1;

    /// <summary>Portions that are done.</summary>
    public int Portion { get; init; }

    /// <summary>Tokens, operations and bytes of the portions that are done.</summary>
    public (long Tokens, double Operations, long Bytes) Earlier { get; init; }
}

/// <summary>The readings of one model over one set of prompts.</summary>
sealed record Measurement
{
    /// <summary>The description that drove the forward pass.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>Parameters, counted from the tensors the model uses (a tied matrix once).</summary>
    public required long Parameters { get; init; }

    /// <summary>Prompts in the order given, with the ids fed.</summary>
    public required IReadOnlyList<TokenizedPrompt> Prompts { get; init; }

    /// <summary>Readings in the same order.</summary>
    public required IReadOnlyList<PromptReadings> Readings { get; init; }

    /// <summary>Vocabulary rows that exist but that no token of the tokenizer uses: left out of softmax and entropy.</summary>
    public required int PaddedVocabularyRows { get; init; }

    /// <summary>What the run must say: tensors known to be unused, values rounded from F64, a tied head found stored twice.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Measures the prompts as the checkpoint describes itself.</summary>
    public static Measurement Take(
        Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation) =>
        Take(checkpoint, ArchitectureReader.Read(checkpoint), prompts, tokenizer, options, progress, cancellation);

    /// <summary>Measures the prompts.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="architecture">Its description, or another that its tensors fit.</param>
    /// <param name="prompts">Prompts with their ids.</param>
    /// <param name="tokenizer">Names which vocabulary rows are padding; null when ids were given and there is none: no row is left out.</param>
    /// <param name="options">What to read.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">Config, tensors or ids that cannot be measured; NaN or infinity, with layer, position and dimension.</exception>
    public static Measurement Take(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        IProgress<MeasureProgress>? progress, CancellationToken cancellation) =>
        Take(checkpoint, architecture, prompts, tokenizer, options, besides: null, readings: null, progress, cancellation);

    /// <summary>The same, with somebody else who looks at the activations of the pass; called before its first block.</summary>
    /// <exception cref="InputException">The same.</exception>
    internal static Measurement Take(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        Func<ForwardPass, IBlockObserver>? besides, IProgress<MeasureProgress>? progress, CancellationToken cancellation) =>
        Take(checkpoint, architecture, prompts, tokenizer, options, besides, readings: null, progress, cancellation);

    /// <summary>The same, with readings that go to a store, portion by portion; null for one in memory.</summary>
    /// <exception cref="InputException">The same.</exception>
    internal static Measurement Take(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        Func<ForwardPass, IBlockObserver>? besides, ReadingsStore? readings, IProgress<MeasureProgress>? progress, CancellationToken cancellation)
    {
        PromptLimits.Check(prompts, architecture);
        // What somebody else looks at is a pass of all.
        var portions = besides is null ? Portions.Of(prompts, options.PortionTokens) : [prompts];
        var store = readings ?? new KeptReadings();
        Measurement? measured = null;
        PortionProgress? told = null;
        for (int i = 0; i < portions.Count; i++)
        {
            told = portions.Count == 1 || progress is null ? null : new(progress, i, portions.Count, told);
            measured = Portion(checkpoint, architecture, portions[i], tokenizer, options, besides, store, told ?? progress, cancellation);
        }
        return measured! with { Prompts = prompts, Readings = store };
    }

    /// <summary>One portion; its readings go to the store.</summary>
    static Measurement Portion(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        Func<ForwardPass, IBlockObserver>? besides, ReadingsStore store, IProgress<MeasureProgress>? progress, CancellationToken cancellation)
    {
        using var pass = new ForwardPass(checkpoint, architecture, prompts, options.Threads, progress, cancellation);
        int rows = pass.Architecture.DVocab, vocabulary = Math.Min(rows, tokenizer?.IdCount ?? rows);
        var recording = new Recording(pass.Batch, pass.Crew, pass.Architecture.NLayers);
        var outputs = new Outputs(pass, vocabulary, options.AllPositions);
        var lens = new List<OutputReading?[][]>();
        var gains = new List<double>();
        pass.Gains = gains;
        pass.Run(besides is null ? recording : new Both(recording, besides(pass)), layer =>
        {
            gains.Add(Enumerable.Range(0, prompts.Count).Select(p => recording.Of(p)[layer][^1].Gain).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average());
            if (options.LogitLens) lens.Add(outputs.Read());
        });
        double[][] finalNorms = outputs.FinalNorms();
        var last = options.LogitLens ? lens[^1] : outputs.Read();
        pass.ReportDone();
        store.Add([.. Enumerable.Range(0, prompts.Count).Select(p => new PromptReadings
        {
            Tokens = prompts[p].Ids.Count,
            Blocks = recording.Of(p),
            FinalNorm = finalNorms[p],
            Outputs = last[p],
            Lens = options.LogitLens ? [.. lens.Select(layer => layer[p])] : null,
        })]);
        return new Measurement
        {
            Architecture = pass.Architecture,
            Parameters = pass.Weights.Parameters,
            Prompts = prompts,
            Readings = store,
            PaddedVocabularyRows = rows - vocabulary,
            Notes = [.. pass.Weights.Notes, .. RoundedNotes(pass.Weights)],
        };
    }

    /// <summary>Says of which portion progress is, and what those before it came to.</summary>
    sealed class PortionProgress(IProgress<MeasureProgress> all, int portion, int portions, PortionProgress? before) : IProgress<MeasureProgress>
    {
        readonly (long Tokens, double Operations, long Bytes) _earlier = before is null ? default : before.Through();
        MeasureProgress _last;

        public void Report(MeasureProgress value) => all.Report(_last = value with { Portions = portions, Portion = portion, Earlier = _earlier });

        (long Tokens, double Operations, long Bytes) Through() => (_earlier.Tokens + _last.Tokens, _earlier.Operations + _last.Operations, _earlier.Bytes + _last.TotalBytes);
    }

    /// <summary>The recording first: it stops the run at a NaN or infinity.</summary>
    sealed class Both(IBlockObserver first, IBlockObserver second) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations)
        {
            first.Seen(layer, chunk, activations);
            second.Seen(layer, chunk, activations);
        }
    }

    static IEnumerable<string> RoundedNotes(WeightMap weights)
    {
        long wide = weights.Tensors.Where(t => t.DType == DType.F64).Sum(t => t.Count), rounded = weights.Tensors.Sum(Widen.Rounded);
        if (wide > 0) yield return $"{wide} weights are stored as F64; {rounded} of them are not a float32 and were rounded to the nearest.";
    }
}
