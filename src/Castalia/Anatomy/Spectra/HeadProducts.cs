using Castalia.Forward;

namespace Castalia.Anatomy.Spectra;

/// <summary>Norms of W_O·W_V, head by head and of all heads together.</summary>
static class HeadProducts
{
    const int RowsAtOnce = 64;

    /// <summary>Of every query head: of W_O,h = Q·R and W_V,hᵀ = Q′·R′ the product R·R′ᵀ has the same norms, and is as small as a head is wide.</summary>
    /// <param name="attnOut">W_O.</param>
    /// <param name="value">W_V.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="crew">Threads.</param>
    public static HeadProduct[] Of(HeldMatrix attnOut, HeldMatrix value, int headDim, Crew crew)
    {
        int nHeads = attnOut.Columns / headDim, nKvHeads = value.Rows / headDim;
        var values = new RowQr[nKvHeads];
        crew.Run(nKvHeads, (head, _) => values[head] = Triangle(headDim, value.Columns, (column, row) =>
        {
            for (int k = 0; k < headDim; k++) row[k] = value.Row(head * headDim + k)[column];
        }));
        var products = new HeadProduct[nHeads];
        crew.Run(nHeads, (head, _) =>
        {
            var outs = Triangle(headDim, attnOut.Rows, (at, row) =>
            {
                var from = attnOut.Row(at).Slice(head * headDim, headDim);
                for (int k = 0; k < headDim; k++) row[k] = from[k];
            });
            double[] small = Times(outs, values[head / (nHeads / nKvHeads)]), sigma = SmallSvd.Values(small, headDim);
            products[head] = new(head, Vectors.Norm(small), sigma[0]);
        });
        return products;
    }

    /// <summary>Writes one row.</summary>
    public delegate void FillRow(int index, Span<double> row);

    /// <summary>R of rows that are made as they are needed.</summary>
    public static RowQr Triangle(int columns, int rows, FillRow fill)
    {
        var qr = new RowQr(columns);
        var some = new double[RowsAtOnce * columns];
        for (int row = 0; row < rows; row += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - row);
            for (int i = 0; i < count; i++) fill(row + i, some.AsSpan(i * columns, columns));
            qr.Add(some.AsSpan(0, count * columns));
        }
        return qr;
    }

    /// <summary>R·R′ᵀ, row-major.</summary>
    public static double[] Times(RowQr r, RowQr other)
    {
        int n = r.Columns;
        var product = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) product[i * n + j] = Vectors.Dot(r.Triangle.Slice(i * n, n), other.Triangle.Slice(j * n, n));
        return product;
    }

    /// <summary>Frobenius norm of W_O·W_V with every head in it: the product is made a few rows at a time and not kept.</summary>
    public static double Frobenius(HeldMatrix attnOut, HeldMatrix value, int headDim, Crew crew)
    {
        int group = attnOut.Columns / value.Rows, width = value.Columns;
        var squares = new double[attnOut.Rows];
        const int rowsAtOnce = 256; // that share what is laid side by side
        // Query heads that share a key/value head multiply the same rows: their weights are added first, exactly enough in float64.
        crew.Run((attnOut.Rows + rowsAtOnce - 1) / rowsAtOnce, (piece, _) =>
        {
            int first = piece * rowsAtOnce, count = Math.Min(rowsAtOnce, attnOut.Rows - first);
            var folded = new double[count * value.Rows];
            for (int i = 0; i < count; i++)
            {
                var row = attnOut.Row(first + i);
                for (int k = 0; k < row.Length; k++) folded[i * value.Rows + k / headDim / group * headDim + k % headDim] += row[k];
            }
            RowProduct.Squares(folded, count, value, squares.AsSpan(first, count));
        });
        double sum = 0;
        foreach (double one in squares) sum += one;
        return Math.Sqrt(sum);
    }
}
