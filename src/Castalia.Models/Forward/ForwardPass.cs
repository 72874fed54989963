using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>A model over a batch: block by block, so that one block's weights are read at a time.</summary>
sealed class ForwardPass : IDisposable
{
    readonly WeightMap _map;
    readonly WeightStream _weights;
    readonly WeightReader _read;
    readonly LinearPass _linear;
    readonly BlockPass _block;
    readonly IProgress<MeasureProgress>? _progress;
    readonly double _operationsOfBlock;
    long _bytes;

    /// <summary>Binds every tensor and embeds the prompts.</summary>
    public ForwardPass(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, int threads, IProgress<MeasureProgress>? progress,
        CancellationToken cancellation)
    {
        Architecture = architecture;
        if (checkpoint.StaysMapped) checkpoint.CheckLengths();
        _map = WeightMap.Of(Architecture, checkpoint);
        _read = new WeightReader(_map, Architecture, checkpoint);
        _progress = progress;
        var operations = PassOperations.Of(Architecture, prompts, allPositions: false, logitLens: false);
        _operationsOfBlock = (operations.Blocks + operations.Attention) / Architecture.NLayers;
        Batch = new RaggedBatch(prompts);
        var embedding = _map.Find(WeightRole.Embedding)!;
        if (!checkpoint.StaysMapped) WeightStream.ReadRows(checkpoint, embedding, prompts.SelectMany(prompt => prompt.Ids));
        Crew = new Crew(threads, cancellation);
        _linear = new LinearPass(Crew);
        _block = new BlockPass(Architecture, Crew, _linear, new RotaryTables(Architecture, Batch));
        Unembedding = new Unembedding(Architecture, Crew, _linear, _read);
        Stream = new ResidualStream(Batch, Architecture.DModel);
        Embedding.Write(Architecture, _read, Batch, prompts, Stream, Crew);
        _weights = new WeightStream(_map, checkpoint, cancellation); // last: nothing after it can fail and leave its thread behind
        _weights.EndRows(embedding);
    }

    /// <summary>The description.</summary>
    public Architecture Architecture { get; }

    /// <summary>Where each weight is.</summary>
    public WeightMap Weights => _map;

    /// <summary>The prompts.</summary>
    public RaggedBatch Batch { get; }

    /// <summary>The threads.</summary>
    public Crew Crew { get; }

    /// <summary>Final norm and logits.</summary>
    public Unembedding Unembedding { get; }

    /// <summary>The residual stream: the embedding before the first block, resid_post of the last one after <see cref="Run"/>.</summary>
    public ResidualStream Stream { get; }

    /// <summary>Told with every block: its gains so far; null where nobody reads them.</summary>
    public IReadOnlyList<double>? Gains { get; set; }

    /// <summary>Takes the stream through every block.</summary>
    /// <param name="observer">Shown every site of every chunk; may be null.</param>
    /// <param name="afterBlock">Called with the layer when the whole stream has passed it; may be null.</param>
    /// <param name="edits">What changes a chunk in a block, null for nothing; may be null.</param>
    /// <param name="blocks">How many blocks; null for all, after which the unembedding may follow.</param>
    public void Run(IBlockObserver? observer, Action<int>? afterBlock = null, Func<int, Chunk, IBlockEdits?>? edits = null, int? blocks = null)
    {
        Report(0);
        for (int layer = 0; layer < (blocks ?? Architecture.NLayers); layer++)
        {
            _weights.Begin(layer);
            var weights = BlockWeights.Read(_read, Architecture, layer);
            for (int chunk = 0; chunk < Batch.Chunks.Count; chunk++)
            {
                _block.Run(Batch, Batch.Chunks[chunk], weights, Stream.Of(chunk), edits?.Invoke(layer, Batch.Chunks[chunk]));
                observer?.Seen(layer, Batch.Chunks[chunk], _block.Activations);
                Stream.Advance(chunk, _block.Activations);
            }
            _weights.End(layer);
            afterBlock?.Invoke(layer);
            _bytes += _map.BlockBytes(layer);
            Report(layer + 1);
        }
        if (blocks is null) _weights.Begin(_weights.Head);
    }

    /// <summary>Says that the unembedding is done too.</summary>
    public void ReportDone()
    {
        _bytes = _map.Bytes;
        Report(Architecture.NLayers);
    }

    void Report(int blocks) => _progress?.Report(new(blocks, Architecture.NLayers, _bytes, _map.Bytes) { Tokens = Batch.Starts[^1], Operations = blocks * _operationsOfBlock, Gains = Gains });

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _block.Dispose();
        _linear.Dispose();
        Unembedding.Dispose();
        Stream.Dispose();
        Crew.Dispose();
    }
}
