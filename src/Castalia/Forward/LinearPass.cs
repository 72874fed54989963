using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>A weight matrix with its bias.</summary>
/// <param name="Weight">[out × in].</param>
/// <param name="Bias">[out]; null for none.</param>
sealed record LinearWeights(IWeightRows Weight, float[]? Bias);

/// <summary>A linear layer and where its output goes.</summary>
readonly unsafe struct LinearOutput
{
    /// <summary>A function of every value by itself.</summary>
    public delegate void Change(Span<float> values);

    /// <param name="weights">The layer.</param>
    /// <param name="y">[tokens × out], written.</param>
    public LinearOutput(LinearWeights weights, float* y)
    {
        Weights = weights;
        Rows = y;
    }

    /// <param name="weights">The layer.</param>
    /// <param name="y">Written in the layout of packed tokens.</param>
    /// <param name="function">What becomes of every value; null for nothing.</param>
    public LinearOutput(LinearWeights weights, PackedTokens y, Change? function = null) => (Weights, Packed, Function) = (weights, y, function);

    public LinearWeights Weights { get; }

    public Change? Function { get; }

    /// <summary>[tokens × out]; null where the output is packed.</summary>
    public float* Rows { get; }

    /// <summary>Where the output is packed.</summary>
    public PackedTokens? Packed { get; }
}

/// <summary>Linear layers over packed tokens, split over threads by output rows.</summary>
/// <remarks>
/// A piece is some rows of w, for up to <see cref="MostTokens"/> tokens at a time. It goes through k a run at a time: the run of its rows is widened
/// once and multiplied with the same run of every panel, so rows and running sums stay in the second-level cache while x passes through
/// the first. The next panel and the rows to be widened next are prefetched meanwhile, a little with every call of the kernel, so a thread
/// takes its next piece before it begins the present one.
/// </remarks>
sealed unsafe class LinearPass : IDisposable
{
    const int MostTokens = 512;
    internal const int MostRows = 144;      // their run and their sums over 512 tokens take 430 KiB
    const int FewTokens = 32;               // for which widening takes as long as multiplying: rows stay in the first-level cache
    const int Step = 2 * MatMul.RowGroup;   // what the kernel for short prompts takes at once
    const int PiecesPerThread = 3;          // of what is left: pieces become smaller towards the end

    readonly Crew _crew;
    readonly FloatBuffer[] _rows, _sums;

    public LinearPass(Crew crew)
    {
        _crew = crew;
        _rows = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];
        _sums = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];
    }

    /// <summary>y[t, n] = Σ_k x[t, k]·w[n, k] + bias[n].</summary>
    /// <param name="x">Packed tokens, width = w.Columns.</param>
    /// <param name="linear">The weights.</param>
    /// <param name="y">[tokens × w.Rows], written.</param>
    public void Run(PackedTokens x, LinearWeights linear, float* y) => Run(x, [new LinearOutput(linear, y)]);

    /// <summary>The same, the output in the layout of the input.</summary>
    public void Run(PackedTokens x, LinearWeights linear, PackedTokens y) => Run(x, [new LinearOutput(linear, y)]);

    /// <summary>The same for several layers of the same input.</summary>
    public void Run(PackedTokens x, params LinearOutput[] layers)
    {
        foreach (var layer in layers)
        {
            if (x.Width != layer.Weights.Weight.Columns)
                throw new ArgumentException($"Tokens of width {x.Width} for a matrix of {layer.Weights.Weight.Columns} columns.", nameof(x));
            if (ReferenceEquals(layer.Packed, x)) throw new ArgumentException("A layer cannot write its own input.", nameof(layers));
            layer.Packed?.Resize(x.Tokens, layer.Weights.Weight.Rows);
        }
        if (x.Tokens == 0) return;
        var pieces = Split(x, layers);
        int taken = 0;
        _crew.Run(Math.Min(_crew.Threads, pieces.Count), (_, worker) =>
        {
            Piece? present = Take(), next;
            for (; present is { } piece; present = next)
            {
                _crew.ThrowIfCancelled();
                next = Take();
                Multiply(x, piece, next, worker);
            }
        });

        Piece? Take() => Interlocked.Increment(ref taken) - 1 is var i && i < pieces.Count ? pieces[i] : null;
    }

    /// <summary>Rows of a layer.</summary>
    readonly record struct Piece(LinearOutput Layer, int FirstRow, int Rows)
    {
        public IWeightRows Weight => Layer.Weights.Weight;

        /// <summary>Columns of the run that begins at one.</summary>
        public int RunAt(int column) => Math.Min(MatMul.Run, Weight.Columns - column);
    }

    List<Piece> Split(PackedTokens x, LinearOutput[] layers)
    {
        bool isShort = x.PaddedTokens <= FewTokens;
        int most = isShort ? Step : MostRows, least = isShort ? Step : MatMul.RowGroup;
        long left = layers.Sum(layer => (long)layer.Weights.Weight.Rows);
        var pieces = new List<Piece>();
        foreach (var layer in layers)
        {
            int rows = layer.Weights.Weight.Rows;
            for (int row = 0; row < rows;)
            {
                int even = Up((int)Math.Min(most, left / (PiecesPerThread * _crew.Threads)), least);
                int take = Math.Min(Math.Clamp(even, least, most), rows - row);
                pieces.Add(new(layer, row, take));
                row += take;
                left -= take;
            }
        }
        return pieces;
    }

    static int Up(int rows, int step) => (rows + step - 1) / step * step;

    /// <summary>A piece for every token, some panels at a time: as even as panels allow.</summary>
    void Multiply(PackedTokens x, Piece piece, Piece? following, int worker)
    {
        int blocks = (x.PaddedTokens + MostTokens - 1) / MostTokens, panels = (x.Panels + blocks - 1) / blocks;
        for (int first = 0; first < x.Panels; first += panels)
        {
            int end = Math.Min(first + panels, x.Panels);
            Multiply(x, piece, first, end, end < x.Panels ? piece : following, worker);
        }
    }

    void Multiply(PackedTokens x, Piece piece, int firstPanel, int endPanel, Piece? following, int worker)
    {
        var weight = piece.Weight;
        int padded = Up(piece.Rows, MatMul.RowGroup), panels = endPanel - firstPanel, tokens = 0;
        for (int panel = firstPanel; panel < endPanel; panel++) tokens += x.PanelWidth(panel);
        float* w = _rows[worker].Resize((long)padded * MatMul.Run).Data;
        float* sums = _sums[worker].Resize((long)padded * tokens).Data;
        if (padded > piece.Rows) new Span<float>(w + piece.Rows * MatMul.Run, (padded - piece.Rows) * MatMul.Run).Clear();
        bool isNarrow = panels == 1 && padded <= Step && x.PanelWidth(firstPanel) < PackedTokens.Wide;
        for (int k = 0; k < weight.Columns; k += MatMul.Run)
        {
            int count = piece.RunAt(k), calls = panels * ((padded + Step - 1) / Step);
            weight.Tile(piece.FirstRow, piece.Rows, k, count, w, MatMul.Run);
            bool isLastRun = k + count == weight.Columns;
            var rowsAhead = !isLastRun ? new RowsAhead(piece, k + count) : following is { } f ? new RowsAhead(f, 0) : default;
            float* c = sums;
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                int width = x.PanelWidth(panel);
                bool isLastPanel = panel + 1 == endPanel;
                var ahead = isNarrow ? rowsAhead.Places
                    : isLastRun && piece.Layer.Packed is null ? OutputAhead(x, piece, panel, padded, count)
                    : PanelAhead(x, isLastPanel ? firstPanel : panel + 1, isLastPanel ? k + count : k, padded);
                float* xs = x.Panel(panel) + (long)k * width;
                for (int row = 0; row < padded; row += Step, ahead = ahead.After(2 * count))
                {
                    if (!isNarrow) rowsAhead.Prefetch(calls--);
                    MatMul.Accumulate(xs, w + row * MatMul.Run, Math.Min(Step, padded - row), count, c + row * width, width, first: k == 0, ahead);
                }
                c += padded * width;
            }
        }
        WriteOut(x, piece, firstPanel, endPanel, sums, padded);
    }

    /// <summary>A run of a panel, the same share with every call of the kernel.</summary>
    static MatMul.Ahead PanelAhead(PackedTokens x, int panel, int k, int padded)
    {
        int width = x.PanelWidth(panel), step = (width * sizeof(float) * MatMul.RowGroup + padded - 1) / padded;
        return new((nint)(x.Panel(panel) + (long)k * width), step);
    }

    /// <summary>Where the sums of this panel will be written, some tokens with every call of the kernel.</summary>
    static MatMul.Ahead OutputAhead(PackedTokens x, Piece piece, int panel, int padded, int count)
    {
        int groups = padded / MatMul.RowGroup, tokens = Math.Min((x.PanelWidth(panel) + groups - 1) / groups, count);
        int inRow = count / tokens, rowBytes = piece.Rows * sizeof(float), step = (rowBytes + inRow - 1) / inRow;
        float* y = piece.Layer.Rows + (long)panel * PackedTokens.Wide * piece.Weight.Rows + piece.FirstRow;
        return new((nint)y, step, inRow, (long)piece.Weight.Rows * sizeof(float) - inRow * step);
    }

    /// <summary>The rows' run that is widened next, and how many of the rows have been prefetched.</summary>
    struct RowsAhead(Piece piece, int k)
    {
        int _done;

        /// <summary>All of them, for the kernel.</summary>
        public readonly MatMul.Ahead Places => piece.Rows == 0 ? default : piece.Weight.Ahead(piece.FirstRow, piece.Rows, k, piece.RunAt(k));

        /// <summary>A share of what is left, if there are so many more calls.</summary>
        public void Prefetch(int calls)
        {
            int share = (piece.Rows - _done + calls - 1) / calls;
            if (share <= 0) return;
            piece.Weight.Prefetch(piece.FirstRow + _done, share, k, piece.RunAt(k));
            _done += share;
        }
    }

    /// <summary>Adds the bias to the sums, [panel][row][token], applies the function and puts them where they belong.</summary>
    static void WriteOut(PackedTokens x, Piece piece, int firstPanel, int endPanel, float* c, int padded)
    {
        int outputs = piece.Weight.Rows;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            int width = x.PanelWidth(panel), firstToken = panel * PackedTokens.Wide, tokens = Math.Min(width, x.Tokens - firstToken);
            if (piece.Layer.Weights.Bias is { } bias) MatMul.AddBias(c, width, bias.AsSpan(piece.FirstRow, piece.Rows));
            var sums = new Span<float>(c, piece.Rows * width);
            piece.Layer.Function?.Invoke(sums);
            if (piece.Layer.Packed is { } packed) sums.CopyTo(packed.Columns(panel, piece.FirstRow, piece.Rows));
            else Transpose.Run(c, width, piece.Rows, tokens, piece.Layer.Rows + (long)firstToken * outputs + piece.FirstRow, outputs);
            c += padded * width;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _rows) buffer.Dispose();
        foreach (var buffer in _sums) buffer.Dispose();
    }
}
