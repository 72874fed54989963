using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.Wording;

namespace Castalia.Anatomy.Spectra;

/// <summary>Decomposes W_U·diag(γ) whole, float64: QR of its rows in stripes, then the singular value decomposition of R. MathNet's own, of the matrix itself, forms a square of the vocabulary.</summary>
/// <remarks>
/// Rows are parted into as many stripes whatever the number of threads, and the stripes' triangles are put together in order. On the mean-free subspace the
/// coordinates are those of a Householder reflection that takes the mean to the last of them, which is dropped.
/// </remarks>
static class BandDecomposition
{
    const int RowsAtOnce = 128, Stripes = 4, MatricesOfSvd = 6;
    const double ShareOfPeak = 0.03;

    /// <summary>The bands of a model, from the cache where they are there.</summary>
    /// <param name="model">The model.</param>
    /// <param name="vocabularyIds">Ids its tokenizer has; null where that is not known: every row counts.</param>
    /// <param name="cache">Where they are kept; null for nowhere.</param>
    /// <param name="threads">Threads; the figures do not depend on them.</param>
    /// <param name="say">Told, before the work, what it will take; may be null.</param>
    /// <param name="cancellation">Stops between pieces of the QR decomposition.</param>
    /// <exception cref="InputException">A stream too narrow for bands, or a weight that is no number.</exception>
    public static UnembeddingBands Of(OpenWeights model, int? vocabularyIds, BandCache? cache, int threads, Action<string>? say, CancellationToken cancellation)
    {
        var a = model.Architecture;
        if (a.DModel < UnembeddingBands.Count) throw AnatomyErrors.TooNarrowForBands(model.Name, a.DModel, UnembeddingBands.Count);
        using var crew = new Crew(threads, cancellation);
        using var scan = new WeightScan(crew);
        var place = new WeightPlace(WeightRole.Unembedding, null, 0);
        var matrix = model.Matrix(place);
        int rows = Math.Min(matrix.Rows, vocabularyIds ?? matrix.Rows);
        bool isMeanFree = a.Norm == NormKind.LayerNorm;
        int directions = isMeanFree ? a.DModel - 1 : a.DModel;
        float[] gain = model.FinalGain;
        string key = Key(scan.Each(matrix, rows, (_, _, values) => SHA256.HashData(MemoryMarshal.AsBytes(values))), gain, isMeanFree);
        var found = cache?.Find(key, directions, a.DModel);
        if (found is null)
        {
            say?.Invoke(Cost(rows, a.DModel, threads));
            found = Decompose(model, place, rows, gain, isMeanFree, scan, crew);
            cache?.Keep(key, found.Value.Values, found.Value.Right);
        }
        model.Drop(place);
        return new()
        {
            Directions = DirectionSet.Of(UnembeddingBands.Name, a.DModel, found.Value.Right, UnembeddingBands.Sizes(a.DModel, directions)),
            Values = found.Value.Values,
            Rows = rows,
            HasWeight = a.Tensors.ContainsKey(WeightRole.FinalNorm),
            IsMeanFree = isMeanFree,
        };
    }

    /// <summary>Of the values that the arithmetic reads, whatever type and file they are in.</summary>
    static string Key(byte[][] tiles, float[] gain, bool isMeanFree)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"castalia bands 1, mean-free {isMeanFree}\n"));
        hash.AppendData(MemoryMarshal.AsBytes(gain.AsSpan()));
        foreach (byte[] tile in tiles) hash.AppendData(tile);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static string Cost(int rows, int dModel, int threads)
    {
        double d = dModel, stripes = 2 * rows * d * d / Math.Min(threads, Stripes) + 2 * Stripes * d * d * d, whole = 20 * d * d * d;
        double seconds = (stripes + whole) / (ShareOfPeak * FmaPeak.Measure(1) / 2);
        return $"bands of the unembedding, once for these weights: about {Amounts.Time(seconds)} and {Amounts.Of((long)((MatricesOfSvd + Stripes) * d * d * sizeof(double)))} of memory";
    }

    static (double[] Values, double[] Right) Decompose(OpenWeights model, WeightPlace place, int rows, float[] gain, bool isMeanFree, WeightScan scan, Crew crew)
    {
        double[] mean = VocabularyMean.Of(model.Matrix(place), rows, scan);
        if (!Array.TrueForAll(mean, double.IsFinite)) throw WeightAnatomies.NotFinite(model, place);
        int width = gain.Length, columns = isMeanFree ? width - 1 : width;
        double[]? reflection = isMeanFree ? Reflection(width) : null;
        var matrix = model.Matrix(place);
        int ofStripe = (rows + Stripes - 1) / Stripes;
        var parts = new RowQr[Stripes];
        crew.Run(Stripes, (stripe, _) =>
        {
            var qr = parts[stripe] = new RowQr(columns);
            using var buffer = new FloatBuffer();
            double[] some = new double[RowsAtOnce * columns], row = new double[width];
            int end = Math.Min(rows, (stripe + 1) * ofStripe);
            for (int first = stripe * ofStripe; first < end; first += RowsAtOnce)
            {
                crew.ThrowIfCancelled();
                int count = Math.Min(RowsAtOnce, end - first);
                Read(matrix, first, count, buffer);
                for (int i = 0; i < count; i++)
                {
                    var values = buffer.Row(i, width);
                    for (int d = 0; d < width; d++) row[d] = (values[d] - mean[d]) * gain[d];
                    if (reflection is not null) Vectors.Add(-2 * Vectors.Dot(reflection, row), reflection, row);
                    row.AsSpan(0, columns).CopyTo(some.AsSpan(i * columns, columns));
                }
                qr.Add(some.AsSpan(0, count * columns));
            }
        });
        foreach (var part in parts[1..])
        {
            crew.ThrowIfCancelled();
            parts[0].Add(part.Triangle.ToArray());
        }
        var (values, right) = SmallSvd.RightVectors(parts[0].Triangle, columns);
        double[] rowsOfRight = new double[columns * width];
        for (int i = 0; i < columns; i++)
        {
            var to = rowsOfRight.AsSpan(i * width, width);
            right[i].CopyTo(to);
            if (reflection is not null) Vectors.Add(-2 * Vectors.Dot(reflection, to), reflection, to);
        }
        return (values, rowsOfRight);
    }

    static unsafe void Read(Kernels.IWeightRows matrix, int first, int count, FloatBuffer buffer) =>
        matrix.Tile(first, count, 0, matrix.Columns, buffer.Resize((long)count * matrix.Columns).Data, matrix.Columns);

    /// <summary>u of 1 − 2·u·uᵀ, which takes (1, …, 1)/√d to the last coordinate.</summary>
    static double[] Reflection(int width)
    {
        double[] u = [.. Enumerable.Repeat(1 / Math.Sqrt(width), width)];
        u[^1] -= 1;
        Vectors.Scale(u, 1 / Vectors.Norm(u));
        return u;
    }
}
