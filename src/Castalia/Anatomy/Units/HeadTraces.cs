using Castalia.Anatomy.Spectra;
using Castalia.Forward;

namespace Castalia.Anatomy.Units;

/// <summary>Whether a head writes what it reads (τ near 1), its opposite (near −1), or something else (near 0).</summary>
static class HeadTraces
{
    /// <summary>τ of every query head; NaN where W_O,h·W_V,h·diag(γ) is 0. Heads of a group share W_V.</summary>
    /// <param name="attnOut">W_O, [d_model × n_heads·head_dim].</param>
    /// <param name="value">W_V, [n_kv_heads·head_dim × d_model].</param>
    /// <param name="gain">γ, [d_model]; null for ones.</param>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="crew">Threads.</param>
    public static double[] Of(HeldMatrix attnOut, HeldMatrix value, float[]? gain, int headDim, Crew crew)
    {
        int nHeads = attnOut.Columns / headDim, nKvHeads = value.Rows / headDim;
        var values = new RowQr[nKvHeads];
        crew.Run(nKvHeads, (head, _) => values[head] = HeadProducts.Triangle(headDim, value.Columns, (column, row) =>
        {
            for (int k = 0; k < headDim; k++) row[k] = Folded(value, head * headDim + k, column, gain);
        }));
        double[] traces = new double[nHeads];
        crew.Run(nHeads, (head, _) =>
        {
            int shared = head / (nHeads / nKvHeads);
            double trace = 0;
            var outs = HeadProducts.Triangle(headDim, attnOut.Rows, (d, row) =>
            {
                var from = attnOut.Row(d).Slice(head * headDim, headDim);
                for (int k = 0; k < headDim; k++)
                {
                    row[k] = from[k];
                    trace += from[k] * Folded(value, shared * headDim + k, d, gain);
                }
            });
            double nuclear = 0;
            foreach (double sigma in SmallSvd.Values(HeadProducts.Times(outs, values[shared]), headDim)) nuclear += sigma;
            traces[head] = trace / nuclear;
        });
        return traces;
    }

    static double Folded(HeldMatrix value, int row, int column, float[]? gain) => (double)value.Row(row)[column] * (gain is null ? 1 : gain[column]);
}
