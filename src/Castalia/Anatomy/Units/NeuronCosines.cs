using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Anatomy.Units;

/// <summary>The angle between what neurons write and what they read.</summary>
/// <remarks>Weights are read a tile at a time; each sum is one chain of ascending dimensions in float64, whatever the threads.</remarks>
/// <param name="crew">Threads.</param>
sealed unsafe class NeuronCosines(Crew crew) : IDisposable
{
    const int NeuronsAtOnce = 256; // as long as stored blocks of weights
    const int RowsAtOnce = 64;

    readonly FloatBuffer[] _into = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];
    readonly FloatBuffer[] _down = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];

    /// <summary>cos(W_down[:, j], γ ⊙ W[j, :]) of every neuron j; NaN where either is 0.</summary>
    /// <param name="down">W_down, [d_model × d_ff].</param>
    /// <param name="into">W_up or W_gate, [d_ff × d_model].</param>
    /// <param name="gain">γ, [d_model]; null for ones.</param>
    /// <param name="isMeanFree">The norm takes off the mean, so that γ ⊙ w is seen without its own.</param>
    public double[] Of(IWeightRows down, IWeightRows into, float[]? gain, bool isMeanFree)
    {
        double[] cosines = new double[into.Rows];
        crew.Run((into.Rows + NeuronsAtOnce - 1) / NeuronsAtOnce, (piece, worker) =>
        {
            int first = piece * NeuronsAtOnce, count = Math.Min(NeuronsAtOnce, into.Rows - first), width = into.Columns;
            float* reads = _into[worker].Resize((long)count * width).Data, writes = _down[worker].Resize(RowsAtOnce * count).Data;
            into.Tile(first, count, 0, width, reads, width);
            var sums = new Sums[count];
            for (int row = 0; row < width; row += RowsAtOnce)
            {
                int rows = Math.Min(RowsAtOnce, width - row);
                down.Tile(row, rows, first, count, writes, count);
                for (int j = 0; j < count; j++)
                    for (int r = 0; r < rows; r++) sums[j].Add(writes[r * count + j], (double)reads[(long)j * width + row + r] * (gain is null ? 1 : gain[row + r]));
            }
            for (int j = 0; j < count; j++) cosines[first + j] = sums[j].Cosine(isMeanFree ? width : null);
        });
        return cosines;
    }

    struct Sums
    {
        double _product, _written, _read, _writtenSquares, _readSquares;

        public void Add(double written, double read)
        {
            _product += written * read;
            _written += written;
            _read += read;
            _writtenSquares += written * written;
            _readSquares += read * read;
        }

        /// <param name="width">Where the mean of what is read is taken off: over how many.</param>
        public readonly double Cosine(int? width)
        {
            double product = _product, squares = _readSquares;
            if (width is { } n) (product, squares) = (product - _read * _written / n, Math.Max(0, squares - _read * _read / n));
            return product / (Math.Sqrt(_writtenSquares) * Math.Sqrt(squares));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _into.Concat(_down)) buffer.Dispose();
    }
}
