using System.Runtime.CompilerServices;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A matrix laid out for products with rows of tokens: panels of 32 columns, [panel × depth × 32], the last filled up with 0.</summary>
/// <remarks>Forwards columns are outputs and depth inputs; backwards, where ∂x = ∂y·W, columns are inputs and depth outputs.</remarks>
sealed unsafe class WeightPanels : IDisposable
{
    const int Panel = PlainMatMul.Panel, Some = 128; // columns read, and depth multiplied, at a time

    readonly FloatBuffer _values = new();
    IWeightRows? _weight;
    bool _isBackward;
    int _depth, _columns;

    /// <summary>Takes a matrix, not yet read.</summary>
    /// <param name="weight">[out × in].</param>
    /// <param name="isBackward">For ∂x = ∂y·W.</param>
    public WeightPanels Of(IWeightRows weight, bool isBackward)
    {
        (_weight, _isBackward) = (weight, isBackward);
        (_depth, _columns) = isBackward ? (weight.Rows, weight.Columns) : (weight.Columns, weight.Rows);
        _values.Resize((long)PaddedRows.Up(_columns) * _depth);
        return this;
    }

    /// <summary>Lays out matrices, each once.</summary>
    public static void Pack(Crew crew, IReadOnlyList<WeightPanels> matrices)
    {
        int[] starts = new int[matrices.Count + 1];
        for (int i = 0; i < matrices.Count; i++) starts[i + 1] = starts[i] + (matrices[i]._weight!.Rows + Panel - 1) / Panel;
        crew.Run(starts[^1], (piece, _) =>
        {
            int matrix = Array.FindLastIndex(starts, start => start <= piece);
            matrices[matrix].Pack((piece - starts[matrix]) * Panel);
        });
    }

    /// <summary>Lays out some rows of the matrix.</summary>
    [SkipLocalsInit]
    void Pack(int first)
    {
        int rows = Math.Min(Panel, _weight!.Rows - first), inputs = _weight.Columns;
        float* tile = stackalloc float[Panel * Some];
        float* outputs = _values.Data + (long)first * _depth;
        if (!_isBackward && rows < Panel) new Span<float>(outputs, Panel * _depth).Clear();
        for (int column = 0; column < inputs; column += Some)
        {
            int width = Math.Min(Some, inputs - column);
            _weight.Tile(first, rows, column, width, tile, Some);
            if (_isBackward)
                for (int at = 0; at < width; at += Panel) Rows(tile + at, Some, rows, Math.Min(Panel, width - at), _values.Data + ((long)(column + at) * _depth + (long)first * Panel));
            else
                Transpose.Run(tile, Some, rows, width, outputs + (long)column * Panel, Panel);
        }
    }

    /// <summary>Rows of a panel, filled up with 0.</summary>
    static void Rows(float* from, long stride, int rows, int width, float* to)
    {
        for (int row = 0; row < rows; row++, from += stride, to += Panel)
        {
            new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, Panel));
            if (width < Panel) new Span<float>(to + width, Panel - width).Clear();
        }
    }

    /// <summary>y = x·this, or that added to it; every entry one chain over ascending depth.</summary>
    /// <param name="x">[rows × depth].</param>
    /// <param name="xStride">From one row to the next.</param>
    /// <param name="rows">Of x.</param>
    /// <param name="y">[rows × columns, filled up to whole panels].</param>
    /// <param name="yStride">From one row to the next.</param>
    /// <param name="add">Adds to what y holds instead of to 0.</param>
    public void Multiply(float* x, long xStride, int rows, float* y, long yStride, bool add = false)
    {
        int column = 0;
        for (; column + Panel < _columns; column += 2 * Panel)
        {
            float* panel = _values.Data + (long)column * _depth;
            for (int k = 0; k < _depth; k += Some)
                PlainMatMul.Four(x + k, xStride, 1, panel + (long)k * Panel, Panel, (long)_depth * Panel, y + column, yStride, Panel, rows, Math.Min(Some, _depth - k), add || k > 0);
        }
        if (column < _columns)
        {
            float* panel = _values.Data + (long)column * _depth;
            for (int k = 0; k < _depth; k += Some)
                PlainMatMul.Two(x + k, xStride, 1, panel + (long)k * Panel, Panel, y + column, yStride, rows, Math.Min(Some, _depth - k), add || k > 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _values.Dispose();
}
