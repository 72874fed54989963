using Castalia.Architectures;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>What the forward pass of a block keeps for its derivatives, [tokens × width] each.</summary>
sealed class BlockRecord : IDisposable
{
    /// <summary>resid_pre.</summary>
    public FloatRows Pre { get; } = new();

    /// <summary>Queries as they go into the scores.</summary>
    public FloatRows Query { get; } = new();

    /// <summary>Keys as they go into the scores.</summary>
    public FloatRows Key { get; } = new();

    /// <summary>Values.</summary>
    public FloatRows Value { get; } = new();

    /// <summary>z.</summary>
    public FloatRows Z { get; } = new();

    /// <summary>resid_mid; empty in parallel blocks.</summary>
    public FloatRows Mid { get; } = new();

    /// <summary>Gate before the activation; empty in plain MLPs.</summary>
    public FloatRows Gate { get; } = new();

    /// <summary>Up projection: of plain MLPs before the activation.</summary>
    public FloatRows Up { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var rows in new[] { Pre, Query, Key, Value, Z, Mid, Gate, Up }) rows.Dispose();
    }
}

/// <summary>One block forwards and backwards, over whole sequences. What is cheap is computed again: norms, activations, sums.</summary>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="linear">Linear layers.</param>
/// <param name="sums">Where gradients of weights go.</param>
sealed class BlockGradient(Architecture a, Crew crew, LinearGradient linear, GradientSums sums) : IDisposable
{
    readonly NormGradient _norm = new(a, crew);
    readonly AttentionGradient _attention = new(a, crew);
    readonly FloatRows _normed = new(), _out = new(), _post = new(), _dq = new(), _dk = new(), _dv = new(), _dz = new(), _dInput = new(), _dPost = new(), _dUp = new(), _dw = new();

    bool IsSequential => a.Wiring == Wiring.Sequential;

    /// <summary>h ← h + attention + MLP, and the record of it.</summary>
    /// <param name="w">The block.</param>
    /// <param name="starts">First token of each sequence, and the end.</param>
    /// <param name="rotary">Angles.</param>
    /// <param name="h">[tokens × d_model].</param>
    /// <param name="record">Written.</param>
    public void Forward(BlockWeights w, IReadOnlyList<int> starts, RotaryTables rotary, FloatRows h, BlockRecord record)
    {
        Copy(h, record.Pre);
        Read(w.AttnNorm, record.Pre);
        linear.Forward(_normed, w.Query, record.Query);
        linear.Forward(_normed, w.Key, record.Key);
        linear.Forward(_normed, w.Value, record.Value);
        Turn(w.Layer, starts, rotary, record.Query, record.Key, back: false);
        _attention.Forward(w.Layer, starts, record.Query, record.Key, record.Value, record.Z);
        linear.Forward(record.Z, w.AttnOut, _out);
        Add(h, _out);
        if (IsSequential) Copy(h, record.Mid);
        ReadForMlp(w, record);
        linear.Forward(_normed, w.Mlps[0].Up, record.Up);
        if (w.Mlps[0].Gate is { } gate) linear.Forward(_normed, gate, record.Gate);
        Post(w.Mlps[0], record);
        linear.Forward(_post, w.Mlps[0].Down, _out);
        Add(h, _out);
    }

    /// <summary>∂h after the block becomes that before it; gradients of its weights are added up.</summary>
    /// <param name="w">The block.</param>
    /// <param name="starts">First token of each sequence, and the end.</param>
    /// <param name="rotary">Angles.</param>
    /// <param name="record">Of the forward pass.</param>
    /// <param name="dh">[tokens × d_model], changed.</param>
    public void Backward(BlockWeights w, IReadOnlyList<int> starts, RotaryTables rotary, BlockRecord record, FloatRows dh)
    {
        int layer = w.Layer, tokens = dh.Rows;
        // Both sublayers of a parallel block are told of ∂h after the block; what they give back is added when both have been.
        using var after = new FloatRows();
        Copy(dh, after);
        var of = IsSequential ? dh : after;

        ReadForMlp(w, record);
        _dInput.Clear(tokens, a.DModel);
        MlpBackward(w, layer, record, of);
        var mlpReads = IsSequential ? record.Mid : record.Pre;
        bool isShared = a.Wiring == Wiring.ParallelOneNorm;
        if (!isShared)
        {
            ReadBackward(w.MlpNorm, WeightRole.MlpNorm, layer, mlpReads, dh);
            _dInput.Clear(tokens, a.DModel);
        }
        if (IsSequential) Copy(dh, after);

        Read(w.AttnNorm, record.Pre);
        AttentionBackward(w, layer, starts, rotary, record, after);
        ReadBackward(w.AttnNorm, WeightRole.AttnNorm, layer, record.Pre, dh);
    }

    void MlpBackward(BlockWeights w, int layer, BlockRecord record, FloatRows of)
    {
        var mlp = w.Mlps[0];
        Post(mlp, record);
        Layer(WeightRole.MlpDown, WeightRole.MlpDownBias, layer, of, _post);
        _dPost.Clear(of.Rows, a.DFf);
        linear.AddInput(of, mlp.Down.Weight, _dPost);
        _dUp.Resize(of.Rows, a.DFf);
        crew.Run(of.Rows, (t, _) =>
        {
            Span<float> d = _dPost[t], dUp = _dUp[t], value = _post[t], up = record.Up[t];
            if (mlp.Gate is null)
            {
                up.CopyTo(value);
                ActivationGradient.Slope(a.Activation, value);
                for (int j = 0; j < d.Length; j++) dUp[j] = d[j] * value[j];
                return;
            }
            record.Gate[t].CopyTo(value);
            MlpPass.Apply(a.Activation, value);
            for (int j = 0; j < d.Length; j++) dUp[j] = d[j] * value[j];
            record.Gate[t].CopyTo(value);
            ActivationGradient.Slope(a.Activation, value);
            for (int j = 0; j < d.Length; j++) d[j] *= up[j] * value[j]; // of the gate
        });
        Layer(WeightRole.MlpUp, WeightRole.MlpUpBias, layer, _dUp, _normed);
        linear.AddInput(_dUp, mlp.Up.Weight, _dInput);
        if (mlp.Gate is not { } gate) return;
        Layer(WeightRole.MlpGate, WeightRole.MlpGateBias, layer, _dPost, _normed);
        linear.AddInput(_dPost, gate.Weight, _dInput);
    }

    void AttentionBackward(BlockWeights w, int layer, IReadOnlyList<int> starts, RotaryTables rotary, BlockRecord record, FloatRows of)
    {
        Layer(WeightRole.AttnOut, WeightRole.AttnOutBias, layer, of, record.Z);
        _dz.Clear(of.Rows, record.Z.Columns);
        linear.AddInput(of, w.AttnOut.Weight, _dz);
        _attention.Backward(layer, starts, record.Query, record.Key, record.Value, _dz, _dq, _dk, _dv);
        Turn(layer, starts, rotary, _dq, _dk, back: true);
        Layer(WeightRole.Query, WeightRole.QueryBias, layer, _dq, _normed);
        Layer(WeightRole.Key, WeightRole.KeyBias, layer, _dk, _normed);
        Layer(WeightRole.Value, WeightRole.ValueBias, layer, _dv, _normed);
        linear.AddInput(_dq, w.Query.Weight, _dInput);
        linear.AddInput(_dk, w.Key.Weight, _dInput);
        linear.AddInput(_dv, w.Value.Weight, _dInput);
    }

    /// <summary>Gradients of a layer's weight and bias.</summary>
    void Layer(WeightRole role, WeightRole bias, int layer, FloatRows dy, FloatRows x)
    {
        linear.Weights(dy, x, _dw);
        sums.Add(role, layer, _dw);
        sums.Add(bias, layer, linear.Bias(dy));
    }

    /// <summary>mlp_in, written to what a sublayer reads.</summary>
    void ReadForMlp(BlockWeights w, BlockRecord record) =>
        Read(a.Wiring == Wiring.ParallelOneNorm ? w.AttnNorm : w.MlpNorm, IsSequential ? record.Mid : record.Pre);

    /// <summary>What a sublayer reads.</summary>
    void Read(NormWeights? norm, FloatRows x)
    {
        if (norm is null) Copy(x, _normed);
        else _norm.Forward(norm, x, _normed);
    }

    /// <summary>∂ of what was read, through the norm, added to ∂h.</summary>
    void ReadBackward(NormWeights? norm, WeightRole role, int layer, FloatRows x, FloatRows dh)
    {
        if (norm is null)
        {
            Add(dh, _dInput);
            return;
        }
        var (weight, bias) = _norm.Add(norm, x, _dInput, dh);
        sums.Add(role, layer, weight);
        sums.Add(role == WeightRole.AttnNorm ? WeightRole.AttnNormBias : WeightRole.MlpNormBias, layer, bias);
    }

    /// <summary>mlp_post.</summary>
    void Post(MlpWeights mlp, BlockRecord record)
    {
        _post.Resize(record.Up.Rows, record.Up.Columns);
        crew.Run(record.Up.Rows, (t, _) =>
        {
            var to = _post[t];
            var up = record.Up[t];
            (mlp.Gate is null ? up : record.Gate[t]).CopyTo(to);
            MlpPass.Apply(a.Activation, to);
            if (mlp.Gate is null) return;
            for (int j = 0; j < to.Length; j++) to[j] *= up[j];
        });
    }

    void Turn(int layer, IReadOnlyList<int> starts, RotaryTables rotary, FloatRows q, FloatRows k, bool back)
    {
        for (int sequence = 0; sequence + 1 < starts.Count; sequence++)
        {
            int first = starts[sequence], tokens = starts[sequence + 1] - first;
            if (rotary.Of(layer, tokens) is not { } table) return;
            crew.Run(tokens, (t, _) =>
            {
                foreach (var rows in new[] { q, k })
                {
                    if (back) table.TurnBack(rows[first + t], a.HeadDim, t);
                    else table.Turn(rows[first + t], a.HeadDim, t);
                }
            });
        }
    }

    void Copy(FloatRows from, FloatRows to)
    {
        to.Resize(from.Rows, from.Columns);
        crew.Run(from.Rows, (t, _) => from[t].CopyTo(to[t]));
    }

    void Add(FloatRows to, FloatRows from) => crew.Run(to.Rows, (t, _) =>
    {
        Span<float> sum = to[t], more = from[t];
        for (int i = 0; i < sum.Length; i++) sum[i] += more[i];
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _attention.Dispose();
        _norm.Dispose();
        foreach (var rows in new[] { _normed, _out, _post, _dq, _dk, _dv, _dz, _dInput, _dPost, _dUp, _dw }) rows.Dispose();
    }
}
