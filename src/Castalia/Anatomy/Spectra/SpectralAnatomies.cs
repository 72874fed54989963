using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Forward;

namespace Castalia.Anatomy.Spectra;

/// <summary>Decomposes the matrices that write to the stream, and those that read and write its ends.</summary>
static class SpectralAnatomies
{
    /// <summary>Directions on either side of the overlap of embedding and unembedding.</summary>
    public const int Directions = 64;

    /// <summary>The spectra of a model; see <see cref="SpectralCost"/> for how long it will take.</summary>
    /// <param name="model">The model.</param>
    /// <param name="vocabularyIds">Ids its tokenizer has, so that padding rows are left out; null where that is not known.</param>
    /// <param name="threads">Threads; the figures do not depend on them.</param>
    /// <param name="progress">Told after every block, and at the end, how many of NLayers + 1 are done; may be null.</param>
    /// <param name="cancellation">Stops between products.</param>
    /// <param name="directions">Directions on either side of the overlap, at most as many as the stream is wide.</param>
    /// <exception cref="InputException">A value that is no number, or a file that cannot be read.</exception>
    public static SpectralAnatomy Read(
        OpenWeights model, int? vocabularyIds, int threads, IProgress<int>? progress, CancellationToken cancellation, int directions = Directions)
    {
        using var crew = new Crew(threads, cancellation);
        var a = model.Architecture;
        var blocks = new BlockSpectra[a.NLayers];
        for (int layer = 0; layer < blocks.Length; layer++)
        {
            blocks[layer] = Block(model, layer, crew);
            progress?.Report(layer + 1);
        }
        var folded = Folded(model, vocabularyIds, crew);
        var overlap = Overlap(model, vocabularyIds, directions, crew);
        progress?.Report(blocks.Length + 1);
        return new(model.Name, blocks, folded, overlap);
    }

    static BlockSpectra Block(OpenWeights model, int layer, Crew crew)
    {
        int headDim = model.Architecture.HeadDim;
        using var attnOut = Held(model, new(WeightRole.AttnOut, layer, 0), crew);
        using var value = Held(model, new(WeightRole.Value, layer, 0), crew);
        var down = model.Of(layer).Where(place => place.Role == WeightRole.MlpDown).Select(place =>
        {
            using var matrix = Held(model, place, crew);
            return SpectralNorm.Of(matrix);
        }).ToArray();
        return new(
            layer, SpectralNorm.Of(attnOut), down, SpectralNorm.Of(new ValueOut(attnOut, value, headDim)),
            HeadProducts.Frobenius(attnOut, value, headDim, crew), HeadProducts.Of(attnOut, value, headDim, crew));
    }

    static SpectralNorm Folded(OpenWeights model, int? vocabularyIds, Crew crew)
    {
        using var unembedding = Held(model, new(WeightRole.Unembedding, null, 0), crew, vocabularyIds);
        return SpectralNorm.Of(new ScaledColumns(unembedding, [.. model.FinalGain.Select(g => (double)g)]));
    }

    static EmbeddingOverlap Overlap(OpenWeights model, int? vocabularyIds, int directions, Crew crew)
    {
        var a = model.Architecture;
        int rows = Math.Min(a.DVocab, vocabularyIds ?? a.DVocab), count = Math.Min(directions, a.DModel);
        if (a.TiedUnembedding)
            return new(count, rows, new([.. Enumerable.Repeat(1.0, count)], [.. Enumerable.Repeat(0.0, count)]), 0, IsTied: true);
        try
        {
            var (first, second) = (Leading(WeightRole.Embedding), Leading(WeightRole.Unembedding));
            double error = Math.Max(first.Error, second.Error);
            return new(count, rows, error <= EmbeddingOverlap.MostError ? PrincipalAngles.Between(first.Vectors, second.Vectors) : null, error, IsTied: false);
        }
        catch (ArithmeticException) // a direction was missed: of equal singular values
        {
            return new(count, rows, null, Error: 1, IsTied: false); // a sine is at most that: nothing is known
        }

        LeadingDirections Leading(WeightRole role)
        {
            using var scan = new WeightScan(crew);
            var place = new WeightPlace(role, null, 0);
            double[] mean = VocabularyMean.Of(model.Matrix(place), rows, scan);
            using var matrix = Held(model, place, crew, rows);
            return LeadingDirections.Of(matrix, mean, count);
        }
    }

    static HeldMatrix Held(OpenWeights model, WeightPlace place, Crew crew, int? rows = null)
    {
        var matrix = model.Matrix(place);
        var held = new HeldMatrix(matrix, Math.Min(matrix.Rows, rows ?? matrix.Rows), crew);
        model.Drop(place);
        for (int row = 0; row < held.Rows; row++)
            if (!double.IsFinite(Vectors.SumOfSquares(held.Row(row))))
            {
                held.Dispose();
                throw WeightAnatomies.NotFinite(model, place);
            }
        return held;
    }
}
