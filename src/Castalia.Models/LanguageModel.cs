using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia;

/// <summary>An open checkpoint, ready to be run.</summary>
/// <remarks>
/// Weights stay in their files, which are mapped: opened twice they are in memory once. One thread at a time calls a model; its arithmetic uses
/// <see cref="Threads"/>. No figure depends on threads, on the width of the processor's vectors, or on what else runs in a batch, to the bit.
/// </remarks>
/// <example>
/// <code>
/// using LanguageModel opened = LanguageModel.Open(model.Path);
/// TokenSequence text = opened.Tokenise("the cat sat");
/// PassResult pass = opened.Pass().Keep("blocks.1.hook_resid_post").Run(text);
/// Show(pass["blocks.1.resid_post"].Row(0, 0)[0]);
/// </code>
/// </example>
public sealed class LanguageModel : IDisposable
{
    readonly Lazy<TextTokenizer?> _tokenizer;
    bool _disposed;
    int _users, _uses;

    LanguageModel(Checkpoint checkpoint, Architecture described, WeightMap weights, int threads)
    {
        (Checkpoint, Described, Weights, Threads) = (checkpoint, described, weights, threads);
        Architecture = new(described, weights.Parameters);
        _tokenizer = new(() => TokenizerFile.ForCheckpoint(checkpoint) is { } found ? new(found) : null);
    }

    /// <summary>Opens a checkpoint. Weights are not read yet.</summary>
    /// <param name="checkpoint">A Hugging Face folder, a GGUF file, or a model in the hub's cache, as <c>EleutherAI/pythia-70m@step1000</c>; nothing is fetched.</param>
    /// <param name="threads">Threads of its arithmetic; null for one for each core that the process may use.</param>
    /// <exception cref="InputException">It is not there, damaged, or of a family, key or type that is not understood.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    /// <example>
    /// <code>
    /// using LanguageModel two = LanguageModel.Open(model.Path, threads: 2);
    /// Show(two.Architecture.Title);
    /// </code>
    /// </example>
    public static LanguageModel Open(string checkpoint, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (threads is < 1) throw new ArgumentOutOfRangeException(nameof(threads), threads, "A model needs at least one thread. To do: give 1 or more, or null for one for each core.");
        string path = CheckpointSource.Find(checkpoint, Wanted.Weights, () => new HubCache(HubSettings.FromEnvironment().CacheFolder)).Path;
        var opened = Checkpoint.Open(path);
        try
        {
            var described = ArchitectureReader.Read(opened);
            return new(opened, described, WeightMap.Of(described, opened), threads ?? PhysicalCores.Count);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Where it lies, absolute.</summary>
    /// <example><code>Show(System.IO.Path.IsPathRooted(model.Path));</code></example>
    public string Path => Checkpoint.Path;

    /// <summary>Threads of its arithmetic.</summary>
    /// <example><code>Show(model.Threads);</code></example>
    public int Threads { get; }

    /// <summary>What it is beside its weights.</summary>
    public ModelArchitecture Architecture { get; }

    /// <summary>Everything that the arithmetic takes beside the weights, and where it was read: what <c>castalia describe --json</c> prints.</summary>
    /// <example><code>Show((double)model.Describe()["attention_scale"]!);</code></example>
    public JsonObject Describe() => DescriptionJson.Of(Described, Weights, Path);

    /// <summary>What a user of its figures must be told: tensors that are left out, a tied head stored twice, keys that ask for nothing.</summary>
    /// <example><code>Show(model.Notes);</code></example>
    public IReadOnlyList<string> Notes => [.. Checkpoint.Notes, .. Weights.Notes, .. Described.Caveats];

    /// <summary>Its tokenizer.</summary>
    /// <exception cref="InputException">It has none, or one of a kind that is not read; ids can be given all the same.</exception>
    public TextTokenizer Tokenizer => FindTokenizer() ?? throw Misuse.NoTokenizer(Path);

    /// <summary>Names of the stored tensors that the arithmetic reads, a tied one once, in order.</summary>
    /// <example><code>Show(model.WeightNames[0]);</code></example>
    public IReadOnlyList<string> WeightNames => [.. Weights.Tensors.Select(tensor => tensor.Name)];

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bos">What is put before it.</param>
    /// <exception cref="InputException">As <see cref="TextTokenizer.Encode"/>; the model has no tokenizer.</exception>
    /// <example><code>Show(model.Tokenise("the cat").Ids);</code></example>
    public TokenSequence Tokenise(string text, BeginningOfSequence bos = BeginningOfSequence.AsTokenizer) => Tokenizer.Encode(text, bos);

    /// <summary>A site of every block.</summary>
    /// <param name="kind">The site.</param>
    /// <exception cref="InputException">The family has no such site.</exception>
    /// <example><code>Show(model.Sites(ResidualSite.Post).Count == model.Architecture.NLayers);</code></example>
    public IReadOnlyList<Site> Sites(ResidualSite kind)
    {
        var sites = Enumerable.Range(0, Described.NLayers).Select(block => new Site(kind, block)).ToArray();
        WidthOf(sites[0]);
        return sites;
    }

    /// <summary>Width of a site, values: d_model, of z n_heads·head_dim, of mlp_post d_ff.</summary>
    /// <exception cref="InputException">The family has no such site, or the model no such block.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is no site at all.</exception>
    /// <example><code>Show(model.WidthOf("blocks.0.mlp_post") == model.Architecture.DFf);</code></example>
    public int WidthOf(Site site)
    {
        CheckBlock(site.Block);
        if (!Enum.IsDefined(site.Kind)) throw new ArgumentOutOfRangeException(nameof(site), site.Kind, "It is no site. To do: name one of ResidualSite.");
        int width = BlockActivations.WidthOf(Described, site.Kind);
        return width > 0 ? width : throw Misuse.NoSuchSite(site, Described, Path);
    }

    /// <summary>The values of a stored tensor, widened to float32 exactly but for F64, which is rounded to nearest.</summary>
    /// <param name="name">One of <see cref="WeightNames"/>.</param>
    /// <returns>Row-major, in the order and shape that they are stored in.</returns>
    /// <exception cref="InputException">There is no such tensor.</exception>
    /// <example><code>Show(model.ReadWeight(model.WeightNames[0]).Length);</code></example>
    public float[] ReadWeight(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        using var use = Use();
        var tensor = Weights.Tensors.FirstOrDefault(tensor => tensor.Name == name) ?? throw Misuse.NoSuchTensor(name, Path, WeightNames);
        var values = new float[tensor.Count];
        for (long row = 0; row < tensor.Rows; row++) Widen.Row(tensor, row, 0, values.AsSpan(checked((int)(row * tensor.Columns)), (int)tensor.Columns));
        return values;
    }

    /// <summary>A pass forwards, to be told what to read and change.</summary>
    /// <example>
    /// <code>
    /// PassResult result = model.Pass().Keep("blocks.0.mlp_out").WithLogits(PositionRange.Last).Run(model.Tokenise("the cat"));
    /// Show(result.Logits(0).Length);
    /// </code>
    /// </example>
    public ModelPass Pass() => new(this);

    /// <summary>Reads norms, gains and the parts of every block, and what the model predicts.</summary>
    /// <param name="positions">Where predictions are read; blocks are read at every position.</param>
    /// <param name="sequences">What is read, in one batch.</param>
    /// <exception cref="InputException">A sequence that is too long, or an id without an embedding; activations that leave float32.</exception>
    /// <example>
    /// <code>
    /// ModelReadings readings = model.Measure(PositionRange.Last, model.Tokenise("the cat"), model.Tokenise("a dog"));
    /// Show(readings[0].LastGain, readings[1].Next.EntropyNats);
    /// </code>
    /// </example>
    public ModelReadings Measure(PositionRange positions, params ReadOnlySpan<TokenSequence> sequences)
    {
        using var use = Use();
        var options = new MeasureOptions { Threads = Threads, AllPositions = positions == PositionRange.All };
        return new(Measurement.Take(Checkpoint, Described, TokenSequence.Fed(sequences), FindTokenizer()?.Inner, options, progress: null, CancellationToken.None));
    }

    /// <summary>The reverse pass: the gradient of the mean cross-entropy by every stored tensor.</summary>
    /// <exception cref="InputException">A family, or a trait of one, whose reverse is not computed.</exception>
    /// <example>
    /// <code>
    /// using LossGradient gradient = model.Gradient();
    /// Show(gradient.Take(model.Tokenise("the cat sat")));
    /// </code>
    /// </example>
    public LossGradient Gradient()
    {
        using var use = Use();
        return new(this, new ModelGradient(Checkpoint, Described, Threads, CancellationToken.None));
    }

    /// <summary>One block as a map of one position's stream, the positions before it held: its derivative there.</summary>
    /// <param name="block">The block, from 0.</param>
    /// <param name="sequence">Where; the position is its last.</param>
    /// <exception cref="InputException">There is no such block; as <see cref="Measure"/>.</exception>
    /// <example>
    /// <code>
    /// using BlockDerivative derivative = model.Linearise(0, model.Tokenise("the cat"));
    /// Show(derivative.Apply(derivative.Input).Length);
    /// </code>
    /// </example>
    public BlockDerivative Linearise(int block, TokenSequence sequence)
    {
        CheckBlock(block);
        using var use = Use();
        return BlockDerivative.Of(this, block, TokenSequence.Fed([sequence]));
    }

    internal Checkpoint Checkpoint { get; }

    internal Architecture Described { get; }

    internal WeightMap Weights { get; }

    internal void CheckBlock(int block)
    {
        if (block < 0 || block >= Described.NLayers) throw Misuse.NoSuchBlock(block, Described.NLayers, Path);
    }

    TextTokenizer? FindTokenizer()
    {
        ObjectDisposedException? disposed = _disposed ? Misuse.Disposed(Path) : null;
        return disposed is null ? _tokenizer.Value : throw disposed;
    }

    /// <summary>Until it is given back the model is this caller's.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else has it.</exception>
    internal Usage Use()
    {
        if (Interlocked.Increment(ref _users) != 1)
        {
            Interlocked.Decrement(ref _users);
            throw Misuse.InUse(Path);
        }
        var usage = new Usage(this);
        if (_disposed)
        {
            usage.Dispose();
            throw Misuse.Disposed(Path);
        }
        if (++_uses == 2) StayMapped();
        return usage;
    }

    /// <summary>Who asks a second time will ask again: weights stay mapped, where they leave room for half of the memory.</summary>
    void StayMapped()
    {
        if (Weights.Bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2) return;
        foreach (var tensor in Weights.Tensors) Checkpoint.RangeOf(tensor)?.Populate();
        Checkpoint.StaysMapped = true;
    }

    /// <summary>Gives the model back.</summary>
    internal readonly struct Usage(LanguageModel model) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref model._users);
    }

    /// <summary>Closes its files. Every result that was read stays.</summary>
    /// <exception cref="InvalidOperationException">It is at work in another thread, which would read what is no longer there.</exception>
    /// <example>
    /// <code>
    /// LanguageModel closed = LanguageModel.Open(model.Path);
    /// closed.Dispose();
    /// </code>
    /// </example>
    public void Dispose()
    {
        if (_disposed) return;
        using var use = Use();
        _disposed = true;
        Checkpoint.Dispose();
    }
}
