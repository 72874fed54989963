using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Wording;

namespace Castalia.Anatomy.Weights;

/// <summary>How far a reading has come.</summary>
/// <param name="Bytes">Bytes of weights read.</param>
/// <param name="TotalBytes">Bytes in all.</param>
readonly record struct WeightProgress(long Bytes, long TotalBytes);

/// <summary>Reads weights once, block by block, in the type they are stored in.</summary>
static class WeightAnatomies
{
    /// <summary>The figures of every weight; the unembedding is read a second and a third time, for its folded norms.</summary>
    /// <param name="model">The model.</param>
    /// <param name="vocabularyIds">Ids its tokenizer has, so that padding rows are left out of the folded unembedding; null where that is not known.</param>
    /// <param name="threads">Threads; the figures do not depend on them.</param>
    /// <param name="progress">Told after every weight; may be null.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    /// <exception cref="InputException">A value that is no number, or a file that cannot be read.</exception>
    public static WeightAnatomy Read(OpenWeights model, int? vocabularyIds, int threads, IProgress<WeightProgress>? progress, CancellationToken cancellation)
    {
        using var crew = new Crew(threads, cancellation);
        using var scan = new WeightScan(crew);
        long done = 0, total = model.Weights.Bytes, rounded = model.Weights.Tensors.Sum(Widen.Rounded);
        WeightFigures[] others = [.. model.Unowned.Select(Figures)];
        BlockAnatomy[] blocks = [.. Enumerable.Range(0, model.Architecture.NLayers).Select(layer => new BlockAnatomy(layer, [.. model.Of(layer).Select(Figures)]))];
        return new(model.Name, blocks, others, FoldedUnembeddings.Of(model, vocabularyIds, scan), rounded);

        WeightFigures Figures(WeightPlace place)
        {
            var sums = WeightShapes.IsVector(place.Role) ? ValueSums.Of(model.Vector(place)) : scan.Sums(model.Matrix(place));
            if (!double.IsFinite(sums.Squares)) throw NotFinite(model, place);
            model.Drop(place);
            done += BytesOf(model, place);
            progress?.Report(new(done, total));
            return WeightFigures.Of(place.Role, place.Layer, place.Part, sums);
        }
    }

    /// <summary>Every weight beside the same of another revision, W₀.</summary>
    /// <param name="model">The model.</param>
    /// <param name="other">The other revision; stored in whatever types, files and format.</param>
    /// <param name="threads">Threads; the figures do not depend on them.</param>
    /// <param name="progress">Told after every weight; may be null.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    /// <exception cref="InputException">The two are not one model, a value that is no number, or a file that cannot be read.</exception>
    public static RevisionComparison Compare(OpenWeights model, OpenWeights other, int threads, IProgress<WeightProgress>? progress, CancellationToken cancellation)
    {
        Revisions.CheckSameModel(model, other);
        using var crew = new Crew(threads, cancellation);
        using var scan = new WeightScan(crew);
        long done = 0, total = model.Weights.Bytes;
        var places = model.Unowned.Concat(Enumerable.Range(0, model.Architecture.NLayers).SelectMany(model.Of));
        return new(model.Name, other.Name, [.. places.Select(Figures)]);

        RevisionFigures Figures(WeightPlace place)
        {
            var sums = WeightShapes.IsVector(place.Role)
                ? PairSums.Of(model.Vector(place), other.Vector(place))
                : scan.Sums(model.Matrix(place), other.Matrix(place));
            if (!double.IsFinite(sums.Squares)) throw NotFinite(model, place);
            if (!double.IsFinite(sums.OtherSquares)) throw NotFinite(other, place);
            model.Drop(place);
            other.Drop(place);
            done += BytesOf(model, place);
            progress?.Report(new(done, total));
            return RevisionFigures.Of(place.Role, place.Layer, place.Part, model.TensorOf(place).Name, sums);
        }
    }

    /// <summary>A role's share of the bytes of the tensor it is stored in.</summary>
    static long BytesOf(OpenWeights model, WeightPlace place)
    {
        var stored = model.Weights.Find(place.Role, place.Layer, place.Part)!;
        return stored.Tensor.ByteLength * ((long)stored.Out * stored.In) / Math.Max(1, stored.Tensor.Count);
    }

    /// <summary>The error that names the first row with a value that is no number.</summary>
    internal static InputException NotFinite(OpenWeights model, WeightPlace place)
    {
        var tensor = model.TensorOf(place);
        float[] row = new float[tensor.Columns];
        for (long at = 0; at < tensor.Rows; at++)
        {
            Widen.Row(tensor, at, 0, row);
            if (!Array.TrueForAll(row, float.IsFinite)) return AnatomyErrors.NotFinite(tensor, place.Layer ?? -1, at);
        }
        return AnatomyErrors.NotFinite(tensor, place.Layer ?? -1, 0);
    }
}
