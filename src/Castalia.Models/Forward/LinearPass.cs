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
/// the first. The next panel is prefetched meanwhile, and with the last panels the rows to be widened next, so a thread takes its next piece
/// before it begins the present one. Prefetching is spread evenly over the columns the kernel goes through: in bursts, or a whole run
/// earlier, it left widening to wait for memory.
/// </remarks>
sealed unsafe class LinearPass : IDisposable
{
    const int MostTokens = 512;
    internal const int MostRows = 144;      // their run and their sums over 512 tokens take 430 KiB
    const int FewTokens = 32;               // for which widening takes as long as multiplying: rows stay in the first-level cache
    const int Step = 2 * MatMul.RowGroup;   // what the kernel for short prompts takes at once
    const int MostForFew = 4 * Step;        // copied and written together, so that a line of an output of rows is one thread's
    const int LeastRows = 36;               // fewer take longer to wait for x than to multiply, where it is large
    const int PiecesPerThread = 2;          // of what is left: pieces become smaller towards the end
    const int LatePanels = 3;               // of a run, during which the next run's rows are prefetched

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
            for (Piece? piece = Take(), next; piece is not null; piece = next)
            {
                _crew.ThrowIfCancelled();
                next = Take();
                Multiply(x, piece, next, worker);
            }
        });

        Piece? Take() => Interlocked.Increment(ref taken) - 1 is var i && i < pieces.Count ? pieces[i] : null;
    }

    /// <summary>Rows of a layer.</summary>
    sealed class Piece(LinearOutput layer, int firstRow, int rows)
    {
        public LinearOutput Layer { get; } = layer;

        public IWeightRows Weight { get; } = layer.Weights.Weight;

        public int FirstRow { get; } = firstRow;

        public int Rows { get; } = rows;

        /// <summary>Rows with those of 0 that make them a multiple of the kernels'.</summary>
        public int Padded { get; } = Up(rows, MatMul.RowGroup);

        /// <summary>As many of its rows as are multiplied at once for few tokens, or those that are left.</summary>
        public Piece Part(int first) => new(Layer, FirstRow + first, Math.Min(Step, Rows - first));

        /// <summary>Columns of the run that begins at one.</summary>
        public int RunAt(int column) => Math.Min(MatMul.Run, Weight.Columns - column);

        /// <summary>Where a part of the run that begins at a column is read, in so many places.</summary>
        public MatMul.Ahead RunAhead(int column, int part, int parts, int places) =>
            column < Weight.Columns ? Weight.Ahead(FirstRow, Rows, column, RunAt(column), part, parts, places) : default;
    }

    List<Piece> Split(PackedTokens x, LinearOutput[] layers)
    {
        bool isShort = x.PaddedTokens <= FewTokens;
        int least = isShort ? Step : LeastRows;
        long left = layers.Sum(layer => (long)layer.Weights.Weight.Rows);
        var pieces = new List<Piece>();
        foreach (var layer in layers)
        {
            int rows = layer.Weights.Weight.Rows, most = !isShort ? MostRows : layer.Packed is null ? MostForFew : Step;
            for (int row = 0; row < rows;)
            {
                int even = Up((int)Math.Min(most, left / (PiecesPerThread * _crew.Threads)), MatMul.RowGroup);
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
        int padded = piece.Padded, tokens = 0;
        for (int panel = firstPanel; panel < endPanel; panel++) tokens += x.PanelWidth(panel);
        if (x.PaddedTokens <= FewTokens && piece.Rows > Step)
        {
            MultiplyFew(x, piece, following, worker);
            return;
        }
        float* w = _rows[worker].Resize((long)padded * MatMul.Run).Data;
        float* sums = _sums[worker].Resize((long)padded * tokens).Data;
        if (padded > piece.Rows) new Span<float>(w + piece.Rows * MatMul.Run, (padded - piece.Rows) * MatMul.Run).Clear();
        if (endPanel - firstPanel == 1 && padded <= RowsOf(x, firstPanel)) MultiplyOnePanel(x, piece, firstPanel, following, w, sums);
        else MultiplyPanels(x, piece, firstPanel, endPanel, following, w, sums);
        WriteOut(x, piece, firstPanel, endPanel, sums);
    }

    /// <summary>For one panel of few tokens, some rows after the others: those that are widened stay in the first-level cache.</summary>
    void MultiplyFew(PackedTokens x, Piece piece, Piece? following, int worker)
    {
        int width = x.PanelWidth(0);
        float* w = _rows[worker].Resize((long)Step * MatMul.Run).Data, sums = _sums[worker].Resize((long)piece.Padded * width).Data;
        piece.Weight.Expect(piece.FirstRow, piece.Rows);
        Piece? part = piece.Part(0);
        for (int row = 0; part is not null; row += Step)
        {
            var after = row + Step < piece.Rows ? piece.Part(row + Step) : null;
            if (part.Padded > part.Rows) new Span<float>(w + part.Rows * MatMul.Run, (part.Padded - part.Rows) * MatMul.Run).Clear();
            if (part.Padded <= RowsOf(x, 0)) MultiplyOnePanel(x, part, 0, after ?? following, w, sums + row * width);
            else MultiplyPanels(x, part, 0, 1, after ?? following, w, sums + row * width);
            part = after;
        }
        WriteOut(x, piece, 0, 1, sums);
    }

    /// <summary>With one call of the kernel a run, rows are prefetched two runs ahead: one is over before they would be there.</summary>
    static void MultiplyOnePanel(PackedTokens x, Piece piece, int panel, Piece? following, float* w, float* sums)
    {
        int columns = piece.Weight.Columns, width = x.PanelWidth(panel);
        float* xs = x.Panel(panel);
        for (int k = 0, count; k < columns; k += MatMul.Run, xs += count * width)
        {
            count = piece.RunAt(k);
            piece.Weight.Tile(piece.FirstRow, piece.Rows, k, count, w, MatMul.Run);
            int later = k + 2 * MatMul.Run;
            var ahead = later < columns ? piece.RunAhead(later, 0, 1, count)
                : following?.RunAhead(later - Up(columns, MatMul.Run), 0, 1, count) ?? default;
            MatMul.Accumulate(xs, w, piece.Padded, count, sums, width, first: k == 0, ahead.Or(xs));
        }
    }

    static void MultiplyPanels(PackedTokens x, Piece piece, int firstPanel, int endPanel, Piece? following, float* w, float* sums)
    {
        int padded = piece.Padded, columns = piece.Weight.Columns, late = Math.Max(firstPanel, endPanel - LatePanels), parts = 0;
        for (int panel = late; panel < endPanel; panel++) parts += (CallsOf(x, panel, padded) + 1) / 2;
        for (int k = 0; k < columns; k += MatMul.Run)
        {
            int count = piece.RunAt(k), part = 0;
            piece.Weight.Tile(piece.FirstRow, piece.Rows, k, count, w, MatMul.Run);
            bool isLastRun = k + count == columns;
            var next = isLastRun ? following : piece;
            int nextRun = isLastRun ? 0 : k + count;
            float* c = sums;
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                int width = x.PanelWidth(panel), calls = CallsOf(x, panel, padded), rows = RowsOf(x, panel);
                bool isLate = panel >= late && next?.Weight.IsFar == true, isLastPanel = panel + 1 == endPanel;
                int others = isLate ? calls / 2 : calls;
                var other = isLastRun && piece.Layer.Packed is null
                    ? OutputAhead(x, piece, panel, count, others)
                    : PanelAhead(x, isLastPanel ? firstPanel : panel + 1, isLastPanel ? k + count : k, count, others);
                float* xs = x.Panel(panel) + (long)k * width;
                for (int call = 0, row = 0; call < calls; call++, row += rows)
                {
                    bool ofRows = isLate && call % 2 == 0;
                    var ahead = ofRows ? next!.RunAhead(nextRun, part++, parts, count) : other;
                    if (!ofRows) other = other.After(count);
                    MatMul.Accumulate(
                        xs, w + row * MatMul.Run, Math.Min(rows, padded - row), count, c + row * width, width, first: k == 0, ahead.Or(xs));
                }
                c += padded * width;
            }
        }
    }

    /// <summary>Rows that one call of the kernel takes: as many as it multiplies with a panel of this width at once.</summary>
    static int RowsOf(PackedTokens x, int panel) => x.PanelWidth(panel) == PackedTokens.Wide ? MatMul.RowGroup : Step;

    static int CallsOf(PackedTokens x, int panel, int padded) => (padded + RowsOf(x, panel) - 1) / RowsOf(x, panel);

    /// <summary>A run of a panel, in a number of calls of the kernel.</summary>
    static MatMul.Ahead PanelAhead(PackedTokens x, int panel, int k, int places, int calls)
    {
        int width = x.PanelWidth(panel), bytes = MatMul.Run * width * sizeof(float);
        return calls == 0 ? default : new((nint)(x.Panel(panel) + (long)k * width), (bytes + calls * places - 1) / (calls * places));
    }

    /// <summary>Where the sums of this panel will be written, some tokens with every call of the kernel.</summary>
    static MatMul.Ahead OutputAhead(PackedTokens x, Piece piece, int panel, int places, int calls)
    {
        if (calls == 0) return default;
        int tokens = Math.Min((x.PanelWidth(panel) + calls - 1) / calls, places);
        int inRow = places / tokens, rowBytes = piece.Rows * sizeof(float), step = (rowBytes + inRow - 1) / inRow;
        float* y = piece.Layer.Rows + (long)panel * PackedTokens.Wide * piece.Weight.Rows + piece.FirstRow;
        return new((nint)y, step, inRow, (long)piece.Weight.Rows * sizeof(float) - inRow * step);
    }

    /// <summary>Adds the bias to the sums, [panel][row][token], applies the function and puts them where they belong.</summary>
    static void WriteOut(PackedTokens x, Piece piece, int firstPanel, int endPanel, float* c)
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
            c += piece.Padded * width;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _rows) buffer.Dispose();
        foreach (var buffer in _sums) buffer.Dispose();
    }
}
