using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Residual;
using Castalia.Untrained;

namespace Castalia.Derivatives;

/// <summary>Reads blocks as maps of each prompt's last position while their activations pass.</summary>
/// <remarks>The block is computed again in float64 from the float32 stream of the pass and its keys and values before the position.</remarks>
sealed class DynamicsPass : IBlockObserver, IDisposable
{
    readonly ForwardPass _pass;
    readonly Architecture _a;
    readonly DynamicsOptions _options;
    readonly WeightReader _read;
    readonly WideLinear _linear;
    readonly BlockMap _map;
    readonly BlockTangents _tangents;
    readonly JacobianFile? _file;
    readonly double[][] _directions;
    readonly List<BlockDynamics>[] _found;
    readonly Action<string>? _say;
    BlockWeights? _weights;

    /// <param name="pass">The pass.</param>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="say">Told of every prompt that is done; may be null.</param>
    public DynamicsPass(ForwardPass pass, Checkpoint checkpoint, DynamicsOptions options, Action<string>? say)
    {
        (_pass, _a, _options, _say) = (pass, pass.Architecture, options, say);
        if (options.Blocks.Missing(_a.NLayers) is { } missing) throw DynamicsErrors.NoSuchBlock(missing, _a.NLayers, checkpoint.Path);
        _read = new WeightReader(pass.Weights, _a, checkpoint);
        int[] blocks = [.. Enumerable.Range(0, _a.NLayers).Where(block => options.Blocks.Has(block, _a.NLayers))];
        _file = options.JacobianFile is { } path ? new(path, pass.Batch.Prompts.Count, blocks, _a.DModel) : null;
        _linear = new(pass.Crew);
        _map = new(_a, pass.Crew, _linear);
        _tangents = new(_a, pass.Crew, _linear);
        _found = [.. pass.Batch.Prompts.Select(_ => new List<BlockDynamics>())];
        _directions = [.. Enumerable.Range(0, DynamicsOptions.Directions).Select(k => Direction(options.Seed, k, _a.DModel))];
    }

    /// <summary>What was found, by prompt and block.</summary>
    public IReadOnlyList<IReadOnlyList<BlockDynamics>> Prompts => _found;

    /// <summary>The Jacobians have all been written.</summary>
    public void Complete() => _file?.Complete();

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        if (!_options.Blocks.Has(layer, _a.NLayers)) return;
        if (_weights?.Layer != layer) _weights = BlockWeights.Read(_read, _a, layer);
        var waiting = new List<(int Prompt, BlockDynamics Found, double[] Jacobian)>();
        for (int p = chunk.FirstPrompt; p < chunk.FirstPrompt + chunk.Prompts; p++)
        {
            waiting.Add(Read(_weights, chunk, activations, p));
            if (waiting.Count < _pass.Crew.Threads && p < chunk.FirstPrompt + chunk.Prompts - 1) continue;
            var spectra = new Spectrum[waiting.Count];
            _pass.Crew.Run(waiting.Count, (i, _) => spectra[i] = _options.Spectrum(waiting[i].Jacobian, _a.DModel));
            for (int i = 0; i < spectra.Length; i++) _found[waiting[i].Prompt].Add(waiting[i].Found with { Spectrum = spectra[i] });
            waiting.Clear();
            _say?.Invoke(FormattableString.Invariant($"block {layer}: {p + 1} of {_pass.Batch.Prompts.Count} prompts"));
        }
    }

    (int, BlockDynamics, double[]) Read(BlockWeights weights, Chunk chunk, BlockActivations activations, int p)
    {
        var batch = _pass.Batch;
        int tokens = batch.Prompts[p].Ids.Count, position = tokens - 1, firstToken = batch.Starts[p] - chunk.FirstToken;
        float[] pre = new float[_a.DModel];
        activations.Read(ResidualSite.Pre, firstToken + position, pre);
        double[] h = [.. pre];
        double norm = StreamResponse.Length(h);
        if (norm == 0) throw DynamicsErrors.NoStream(batch.Prompts[p].Prompt, weights.Layer, position);
        var held = new HeldPositions(_a, weights.Layer, activations.Attention!, firstToken, position, tokens, batch.Longest);
        var at = _map.At(weights, held, [h])[0];
        var response = StreamResponse.Of(_a, weights, at, _tangents);
        double[] jacobian = _tangents.Jacobian(weights, at);
        if (!jacobian.All(double.IsFinite)) throw DynamicsErrors.NotFinite(batch.Prompts[p].Prompt, weights.Layer, position);
        _file?.Write(p, weights.Layer, jacobian);
        double[] step = Difference(at.Post, h);
        double length = StreamResponse.Length(step);
        var found = new BlockDynamics
        {
            Block = weights.Layer,
            Position = position,
            Along = LaneSums.Dot(h, response.Jh) / (norm * norm),
            Departure = response.Departure(h, norm),
            KappaAttn = Kappa(h, response.Attention, norm),
            KappaMlp = Kappa(h, response.Mlp, norm),
            Gain = StreamResponse.Length(at.Post) / norm,
            CosTheta = length == 0 ? double.NaN : LaneSums.Dot(step, h) / (length * norm),
            StepRatio = length / norm,
            ParticipationBefore = DerivedFigures.Participation(h),
            ParticipationAfter = DerivedFigures.Participation(at.Post),
            Spectrum = null!, // found for several prompts at once
            Recovery = [],
            Perturbations = [],
        };
        return (p, new FinitePoints(_map, weights, held, at, _directions).Fill(found, response, jacobian), jacobian);
    }

    static double? Kappa(double[] h, double[]? along, double norm) => along is null ? null : LaneSums.Dot(h, along) / (norm * norm);

    /// <summary>x − y.</summary>
    internal static double[] Difference(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a - b)];

    /// <summary>A unit vector of normal deviates.</summary>
    static double[] Direction(long seed, int index, int width)
    {
        ulong key = NormalDeviates.Key((ulong)seed, FormattableString.Invariant($"perturbation {index}"));
        double[] u = [.. Enumerable.Range(0, width).Select(i => NormalDeviates.At(key, i))];
        double length = StreamResponse.Length(u);
        return [.. u.Select(value => value / length)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _map.Dispose();
        _tangents.Dispose();
        _linear.Dispose();
    }
}
