using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>One block forwards and backwards, over whole sequences: a tile of tokens at a time where tokens do not meet, a sequence and head at a time in attention.</summary>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
/// <param name="sums">Where gradients of weights go.</param>
sealed unsafe class BlockGradient(Architecture a, Crew crew, GradientSums sums) : IDisposable
{
    readonly AttentionGradient _attention = new(a, crew);
    readonly LinearGradient _linear = new(crew, sums);
    readonly BlockPanels _panels = new(crew, a);
    readonly PaddedRows _dz = new(), _dq = new(), _dk = new(), _dv = new(), _dNormed = new();
    readonly PaddedRows _mid = new(), _byGate = new(), _byUp = new();
    readonly TileSums _ofOut = new(), _ofMid = new(), _ofQuery = new(), _ofKey = new(), _ofValue = new(), _ofGate = new(), _ofUp = new();
    readonly TileSums _attnWeight = new(), _attnBias = new(), _mlpWeight = new(), _mlpBias = new();
    readonly PaddedRows[] _rows = Each(crew);

    static PaddedRows[] Each(Crew crew) => [.. Enumerable.Range(0, crew.Threads).Select(_ => new PaddedRows())];

    bool IsSequential => a.Wiring == Wiring.Sequential;

    bool IsShared => a.Wiring == Wiring.ParallelOneNorm;

    bool IsGated => a.Mlp == MlpKind.Gated;

    /// <summary>h + attention + MLP, and the record of it.</summary>
    /// <param name="w">The block.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="record">resid_pre read, the rest written.</param>
    /// <param name="h">resid_post, [tokens × d_model], written; not resid_pre itself.</param>
    public void Forward(BlockWeights w, TokenBatch batch, BlockRecord record, PaddedRows h)
    {
        var tiles = batch.Tiles;
        var mlp = w.Mlps[0];
        _panels.Lay(w, isBackward: false);
        record.Resize(batch.Tokens);
        record.Query.Resize(batch.Tokens, w.Query.Weight.Rows);
        record.Key.Resize(batch.Tokens, w.Key.Weight.Rows);
        record.Value.Resize(batch.Tokens, w.Value.Weight.Rows);
        record.AttnIn.Resize(batch.Tokens, a.DModel);
        Tiles(tiles, (tile, first, rows, worker) =>
        {
            Read(w.AttnNorm!, record.Pre, first, rows, record.AttnIn, record.AttnNorm);
            Product(record.AttnIn, first, rows, _panels.Query, record.Query, w.Query.Bias);
            Product(record.AttnIn, first, rows, _panels.Key, record.Key, w.Key.Bias);
            Product(record.AttnIn, first, rows, _panels.Value, record.Value, w.Value.Bias);
            batch.Turn(w.Layer, a.HeadDim, tile, record.Query, back: false);
            batch.Turn(w.Layer, a.HeadDim, tile, record.Key, back: false);
        });
        _attention.Forward(w.Layer, batch.Starts, record);
        h.Resize(batch.Tokens, a.DModel);
        if (IsSequential) record.Mid.Resize(batch.Tokens, a.DModel);
        if (!IsShared) record.MlpIn.Resize(batch.Tokens, a.DModel);
        record.Post.Resize(batch.Tokens, a.DFf);
        record.ByUp.Resize(batch.Tokens, a.DFf);
        if (IsGated) record.ByGate.Resize(batch.Tokens, a.DFf);
        var mlpIn = IsShared ? record.AttnIn : record.MlpIn;
        Tiles(tiles, (tile, first, rows, worker) =>
        {
            var sublayer = _rows[worker].Resize(tiles.Size, a.DModel);
            Write(_panels.AttnOut, record.Z, first, rows, sublayer, w.AttnOut.Bias);
            for (int t = 0; t < rows; t++)
            {
                record.Pre[first + t].CopyTo(h[first + t]);
                Elementwise.Add(h[first + t], sublayer[t]);
                if (IsSequential) h[first + t].CopyTo(record.Mid[first + t]);
            }
            if (!IsShared) Read(w.MlpNorm!, IsSequential ? record.Mid : record.Pre, first, rows, mlpIn, record.MlpNorm);
            Product(mlpIn, first, rows, IsGated ? _panels.Gate : _panels.Up, record.Post, (mlp.Gate ?? mlp.Up).Bias);
            if (IsGated) Product(mlpIn, first, rows, _panels.Up, record.ByGate, mlp.Up.Bias);
            for (int t = first; t < first + rows; t++)
            {
                ActivationGradient.Both(a.Activation, record.Post[t], record.ByUp[t]);
                if (IsGated) Elementwise.Gate(record.Post[t], record.ByUp[t], record.ByGate[t]);
            }
            Write(_panels.Down, record.Post, first, rows, sublayer, mlp.Down.Bias);
            for (int t = 0; t < rows; t++) Elementwise.Add(h[first + t], sublayer[t]);
        });
    }

    /// <summary>From ∂h after the block to that before it; gradients of its weights are added up.</summary>
    /// <param name="w">The block.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="record">Of the forward pass.</param>
    /// <param name="after">∂resid_post, [tokens × d_model].</param>
    /// <param name="before">∂resid_pre, [tokens × d_model], written; not <paramref name="after"/> itself.</param>
    public void Backward(BlockWeights w, TokenBatch batch, BlockRecord record, PaddedRows after, PaddedRows before)
    {
        _panels.Lay(w, isBackward: true);
        ThroughMlp(w, batch.Tiles, record, after, before);
        _attention.Backward(w.Layer, batch.Starts, record, _dz, _dq, _dk, _dv);
        ThroughAttention(w, batch, record, before);
        AddUp(w.Layer, batch.Tiles, record, after);
    }

    /// <summary>∂ of what the MLP reads, added; ∂z.</summary>
    void ThroughMlp(BlockWeights w, TokenTiles tiles, BlockRecord record, PaddedRows after, PaddedRows before)
    {
        before.Resize(after.Rows, a.DModel);
        _dNormed.Resize(after.Rows, a.DModel);
        _dz.Resize(after.Rows, record.Z.Columns);
        _byUp.Resize(after.Rows, a.DFf);
        if (IsGated) _byGate.Resize(after.Rows, a.DFf);
        if (IsSequential) _mid.Resize(after.Rows, a.DModel);
        foreach (var of in new[] { _ofOut, _ofMid, _mlpWeight, _mlpBias }) of.Clear(tiles, a.DModel);
        foreach (var of in new[] { _ofUp, _ofGate }) of.Clear(tiles, a.DFf);
        var mlp = w.Mlps[0];
        Tiles(tiles, (tile, first, rows, _) =>
        {
            _panels.Down.Multiply(after.At(first), after.Stride, rows, _byUp.At(first), _byUp.Stride);
            for (int t = first; t < first + rows; t++)
            {
                if (IsGated) Elementwise.Multiply(_byUp[t], record.ByGate[t], _byGate[t]);
                Elementwise.Multiply(_byUp[t], record.ByUp[t], _byUp[t]);
            }
            _panels.Up.Multiply(_byUp.At(first), _byUp.Stride, rows, _dNormed.At(first), _dNormed.Stride);
            if (IsGated) _panels.Gate.Multiply(_byGate.At(first), _byGate.Stride, rows, _dNormed.At(first), _dNormed.Stride, add: true);
            for (int t = first; t < first + rows; t++) after[t].CopyTo(before[t]);
            if (!IsShared) ThroughNorm(w.MlpNorm!, record.MlpNorm, IsSequential ? record.Mid : record.Pre, before, tile, first, rows, _mlpWeight, _mlpBias);
            if (IsSequential)
                for (int t = first; t < first + rows; t++) before[t].CopyTo(_mid[t]);
            var of = IsSequential ? _mid : after;
            _panels.AttnOut.Multiply(of.At(first), of.Stride, rows, _dz.At(first), _dz.Stride);
            if (mlp.Down.Bias is not null || w.AttnOut.Bias is not null) _ofOut.Add(tile, after, first, rows);
            if (IsSequential && w.AttnOut.Bias is not null) _ofMid.Add(tile, _mid, first, rows);
            if (mlp.Up.Bias is not null) _ofUp.Add(tile, _byUp, first, rows);
            if (mlp.Gate?.Bias is not null) _ofGate.Add(tile, _byGate, first, rows);
        });
    }

    /// <summary>∂ of what attention reads, added.</summary>
    void ThroughAttention(BlockWeights w, TokenBatch batch, BlockRecord record, PaddedRows before)
    {
        var tiles = batch.Tiles;
        foreach (var (of, d) in new[] { (_ofQuery, _dq), (_ofKey, _dk), (_ofValue, _dv) }) of.Clear(tiles, d.Columns);
        foreach (var of in new[] { _attnWeight, _attnBias }) of.Clear(tiles, a.DModel);
        Tiles(tiles, (tile, first, rows, _) =>
        {
            batch.Turn(w.Layer, a.HeadDim, tile, _dq, back: true);
            batch.Turn(w.Layer, a.HeadDim, tile, _dk, back: true);
            if (w.Query.Bias is not null) _ofQuery.Add(tile, _dq, first, rows);
            if (w.Key.Bias is not null) _ofKey.Add(tile, _dk, first, rows);
            if (w.Value.Bias is not null) _ofValue.Add(tile, _dv, first, rows);
            _panels.Query.Multiply(_dq.At(first), _dq.Stride, rows, _dNormed.At(first), _dNormed.Stride, add: IsShared);
            _panels.Key.Multiply(_dk.At(first), _dk.Stride, rows, _dNormed.At(first), _dNormed.Stride, add: true);
            _panels.Value.Multiply(_dv.At(first), _dv.Stride, rows, _dNormed.At(first), _dNormed.Stride, add: true);
            ThroughNorm(w.AttnNorm!, record.AttnNorm, record.Pre, before, tile, first, rows, _attnWeight, _attnBias);
        });
    }

    void ThroughNorm(NormWeights norm, NormStatistics[] statistics, PaddedRows x, PaddedRows dx, int tile, int first, int rows, TileSums weight, TileSums bias)
    {
        for (int t = first; t < first + rows; t++) NormGradient.Add(a, norm, statistics[t], x[t], _dNormed[t], dx[t], weight[tile], norm.Bias is null ? [] : bias[tile]);
    }

    /// <summary>Gradients of the block's weights, from what was kept of every tile.</summary>
    void AddUp(int layer, TokenTiles tiles, BlockRecord record, PaddedRows after)
    {
        var mlpIn = IsShared ? record.AttnIn : record.MlpIn;
        List<LinearGradient.Factors> layers =
        [
            new(WeightRole.MlpDown, after, record.Post), new(WeightRole.MlpUp, _byUp, mlpIn), new(WeightRole.AttnOut, IsSequential ? _mid : after, record.Z),
            new(WeightRole.Query, _dq, record.AttnIn), new(WeightRole.Key, _dk, record.AttnIn), new(WeightRole.Value, _dv, record.AttnIn),
        ];
        if (IsGated) layers.Add(new(WeightRole.MlpGate, _byGate, mlpIn));
        _linear.Add(layer, layers);
        sums.Add(WeightRole.MlpDownBias, layer, _ofOut.Total(tiles));
        sums.Add(WeightRole.MlpUpBias, layer, _ofUp.Total(tiles));
        sums.Add(WeightRole.AttnOutBias, layer, (IsSequential ? _ofMid : _ofOut).Total(tiles));
        sums.Add(WeightRole.QueryBias, layer, _ofQuery.Total(tiles));
        sums.Add(WeightRole.KeyBias, layer, _ofKey.Total(tiles));
        sums.Add(WeightRole.ValueBias, layer, _ofValue.Total(tiles));
        sums.Add(WeightRole.MlpGateBias, layer, _ofGate.Total(tiles));
        sums.Add(WeightRole.AttnNorm, layer, _attnWeight.Total(tiles));
        sums.Add(WeightRole.AttnNormBias, layer, _attnBias.Total(tiles));
        sums.Add(WeightRole.MlpNorm, layer, _mlpWeight.Total(tiles));
        sums.Add(WeightRole.MlpNormBias, layer, _mlpBias.Total(tiles));
    }

    /// <summary>What a sublayer reads.</summary>
    void Read(NormWeights norm, PaddedRows x, int first, int rows, PaddedRows normed, NormStatistics[] statistics)
    {
        for (int t = first; t < first + rows; t++) statistics[t] = NormGradient.Forward(a, norm, x[t], normed[t]);
    }

    /// <summary>A linear layer of a tile's tokens.</summary>
    static void Product(PaddedRows x, int first, int rows, WeightPanels w, PaddedRows y, float[]? bias)
    {
        w.Multiply(x.At(first), x.Stride, rows, y.At(first), y.Stride);
        if (bias is null) return;
        for (int t = first; t < first + rows; t++) Elementwise.Add(y[t], bias);
    }

    /// <summary>What a sublayer writes, from row 0.</summary>
    static void Write(WeightPanels w, PaddedRows x, int first, int rows, PaddedRows y, float[]? bias)
    {
        w.Multiply(x.At(first), x.Stride, rows, y.At(0), y.Stride);
        if (bias is null) return;
        for (int t = 0; t < rows; t++) Elementwise.Add(y[t], bias);
    }

    void Tiles(TokenTiles tiles, Action<int, int, int, int> work) => crew.Run(tiles.Count, (tile, worker) =>
    {
        crew.ThrowIfCancelled();
        work(tile, tiles.First(tile), tiles.RowsOf(tile), worker);
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _attention, _linear, _panels, _dz, _dq, _dk, _dv, _dNormed, _mid, _byGate, _byUp }) part.Dispose();
        foreach (var rows in _rows) rows.Dispose();
    }
}
