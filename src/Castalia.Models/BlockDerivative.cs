using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia;

/// <summary>One block as a map of one position's stream, resid_pre to resid_post, the positions before it held; and its derivative J there.</summary>
/// <remarks>
/// The block is computed again in float64 from the float32 stream, keys and values of the pass. Own query, key and value move with the stream; of a
/// mixture the experts stay those that were chosen.
/// </remarks>
/// <example>
/// <code>
/// using BlockDerivative derivative = model.Linearise(1, model.Tokenise("the cat"));
/// double[] longer = derivative.Apply(derivative.Input);
/// Show(derivative.Block, derivative.Position, derivative.Output[0], longer[0]);
/// </code>
/// </example>
public sealed class BlockDerivative : IDisposable
{
    readonly LanguageModel _model;
    readonly Crew _crew;
    readonly WideLinear _linear;
    readonly BlockTangents _tangents;
    readonly BlockWeights _weights;
    readonly BlockPoint _at;
    bool _isDisposed;

    BlockDerivative(LanguageModel model, Crew crew, WideLinear linear, BlockWeights weights, BlockPoint at, int position)
    {
        (_model, _crew, _linear, _weights, _at, Position) = (model, crew, linear, weights, at, position);
        _tangents = new(model.Described, crew, linear);
    }

    internal static BlockDerivative Of(LanguageModel model, int block, TokenizedPrompt[] fed)
    {
        PromptLimits.Check(fed, model.Described);
        var crew = new Crew(model.Threads, CancellationToken.None);
        var linear = new WideLinear(crew);
        try
        {
            var weights = BlockWeights.Read(new WeightReader(model.Weights, model.Described, model.Checkpoint), model.Described, block);
            using var pass = new ForwardPass(model.Checkpoint, model.Described, fed, model.Threads, progress: null, CancellationToken.None);
            var place = new Place(model, pass, crew, linear, weights);
            pass.Run(place, blocks: block + 1);
            return new(model, crew, linear, weights, place.At!, fed[0].Ids.Count - 1);
        }
        catch
        {
            linear.Dispose();
            crew.Dispose();
            throw;
        }
    }

    /// <summary>The block, from 0.</summary>
    public int Block => _weights.Layer;

    /// <summary>The position, from 0.</summary>
    public int Position { get; }

    /// <summary>resid_pre there, [d_model].</summary>
    public ReadOnlySpan<double> Input => _at.Pre;

    /// <summary>resid_post there, [d_model], in float64.</summary>
    public ReadOnlySpan<double> Output => _at.Post;

    /// <summary>J·v: the tangent of resid_post from one of resid_pre.</summary>
    /// <param name="tangent">v, [d_model].</param>
    /// <returns>[d_model].</returns>
    /// <exception cref="ArgumentException">It is of another length.</exception>
    public double[] Apply(ReadOnlySpan<double> tangent)
    {
        int width = _model.Described.DModel;
        if (tangent.Length != width) throw Misuse.WrongLength("The tangent", tangent.Length, width, "d_model", nameof(tangent));
        using var use = Use();
        return _tangents.Run(_weights, _at, tangent.ToArray());
    }

    /// <summary>J, [d_model × d_model], row-major: row i holds the derivatives of resid_post's value i.</summary>
    /// <example>
    /// <code>
    /// using BlockDerivative whole = model.Linearise(0, TokenSequence.Of(1, 2));
    /// Show(whole.Jacobian().Length);
    /// </code>
    /// </example>
    public double[] Jacobian()
    {
        using var use = Use();
        return _tangents.Jacobian(_weights, _at);
    }

    LanguageModel.Usage Use()
    {
        if (_isDisposed) throw Misuse.GivenBack(nameof(BlockDerivative));
        return _model.Use();
    }

    /// <summary>Gives its memory back.</summary>
    /// <example><code>model.Linearise(0, TokenSequence.Of(1)).Dispose();</code></example>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _tangents.Dispose();
        _linear.Dispose();
        _crew.Dispose();
    }

    /// <summary>Takes the last position's stream, and what it sees, while the block is there.</summary>
    sealed class Place(LanguageModel model, ForwardPass pass, Crew crew, WideLinear linear, BlockWeights weights) : IBlockObserver
    {
        public BlockPoint? At { get; private set; }

        public void Seen(int layer, Chunk chunk, BlockActivations activations)
        {
            if (layer != weights.Layer) return;
            var a = model.Described;
            int tokens = chunk.Tokens;
            float[] pre = new float[a.DModel];
            activations.Read(ResidualSite.Pre, tokens - 1, pre);
            var prompt = pass.Batch.Prompts[0].Prompt;
            if (!double.IsFinite(Kernels.DoubleSum.Of(pre))) throw MeasurementErrors.NotFinite(prompt, layer, ResidualSite.Pre.Name(), tokens - 1, pre);
            using var map = new BlockMap(a, crew, linear);
            At = map.At(weights, new HeldPositions(a, layer, activations.Attention!, firstToken: 0, tokens - 1, tokens, pass.Batch.Longest), [[.. pre]])[0];
        }
    }
}
