using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>A weight matrix with its bias.</summary>
/// <param name="Weight">[out × in].</param>
/// <param name="Bias">[out]; null for none.</param>
sealed record LinearWeights(IWeightRows Weight, float[]? Bias);

/// <summary>Linear layers over packed tokens, split over threads by output rows.</summary>
sealed unsafe class LinearPass : IDisposable
{
    const int ScratchBytes = 192 * 1024;    // running sums of one piece: they should stay in the second-level cache
    const int MostGroups = 8;
    const int PiecesPerThread = 6;

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
    public void Run(PackedTokens x, LinearWeights linear, float* y)
    {
        var weight = linear.Weight;
        if (x.Width != weight.Columns)
            throw new ArgumentException($"Tokens of width {x.Width} for a matrix of {weight.Columns} columns.", nameof(x));
        int rowGroups = (weight.Rows + MatMul.RowGroup - 1) / MatMul.RowGroup;
        int fit = ScratchBytes / (MatMul.RowGroup * sizeof(float) * x.PaddedTokens);
        int share = rowGroups / (PiecesPerThread * _crew.Threads);
        int groups = Math.Clamp(Math.Min(fit, share), 1, MostGroups);
        _crew.Run((rowGroups + groups - 1) / groups, (piece, worker) =>
            Piece(x, linear, y, piece * groups * MatMul.RowGroup, groups * MatMul.RowGroup, worker));
    }

    /// <summary>Output rows firstRow … firstRow + rowCount of every token.</summary>
    void Piece(PackedTokens x, LinearWeights linear, float* y, int firstRow, int rowCount, int worker)
    {
        var weight = linear.Weight;
        int present = Math.Min(rowCount, weight.Rows - firstRow);
        int groups = (present + MatMul.RowGroup - 1) / MatMul.RowGroup;
        float* w = _rows[worker].Resize((long)rowCount * MatMul.Run).Data;
        float* sums = _sums[worker].Resize((long)rowCount * x.PaddedTokens).Data;
        for (int k = 0; k < weight.Columns; k += MatMul.Run)
        {
            int count = Math.Min(MatMul.Run, weight.Columns - k);
            weight.Tile(firstRow, present, k, count, w, MatMul.Run);
            for (int row = present; row < groups * MatMul.RowGroup; row++) new Span<float>(w + row * MatMul.Run, count).Clear();
            float* c = sums;
            for (int panel = 0; panel < x.Panels; panel++)
            {
                int width = x.PanelWidth(panel);
                float* xs = x.Panel(panel) + (long)k * width;
                for (int group = 0; group < groups; group++, c += MatMul.RowGroup * width)
                    MatMul.Accumulate(xs, w + group * MatMul.RowGroup * MatMul.Run, count, c, width, first: k == 0);
            }
        }
        WriteOut(x, linear.Bias, sums, y, firstRow, present, groups, weight.Rows);
    }

    /// <summary>Turns the sums, [panel][group][row][token], into rows of y and adds the bias.</summary>
    static void WriteOut(PackedTokens x, float[]? bias, float* sums, float* y, int firstRow, int present, int groups, int rowsOfY)
    {
        float* c = sums;
        for (int panel = 0; panel < x.Panels; panel++)
        {
            int width = x.PanelWidth(panel), firstToken = panel * 32, tokens = Math.Min(width, x.Tokens - firstToken);
            for (int group = 0; group < groups; group++, c += MatMul.RowGroup * width)
            {
                int row = group * MatMul.RowGroup, rows = Math.Min(MatMul.RowGroup, present - row);
                for (int t = 0; t < tokens; t++)
                {
                    float* to = y + (long)(firstToken + t) * rowsOfY + firstRow + row;
                    if (bias is null)
                        for (int j = 0; j < rows; j++) to[j] = c[j * width + t];
                    else
                        for (int j = 0; j < rows; j++) to[j] = c[j * width + t] + bias[firstRow + row + j];
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _rows) buffer.Dispose();
        foreach (var buffer in _sums) buffer.Dispose();
    }
}
