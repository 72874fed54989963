using Castalia.Anatomy.Weights;
using Castalia.Checkpoints;

namespace Castalia.Audit;

/// <summary>How far one tensor of two open revisions is apart.</summary>
/// <param name="open">The revisions by name.</param>
sealed class TensorDistance(IReadOnlyDictionary<string, Checkpoint> open)
{
    /// <summary>‖W − W′‖/‖W′‖, float64; infinite where W′ is 0.</summary>
    public double Between(string revision, string other, string tensor)
    {
        Tensor first = open[revision].Tensors[tensor], second = open[other].Tensors[tensor];
        if (!first.Shape.SequenceEqual(second.Shape)) return double.PositiveInfinity;
        var sums = default(PairSums);
        int width = (int)first.Columns;
        float[] x = new float[width], y = new float[width];
        for (long row = 0; row < first.Rows; row++)
        {
            Widen.Row(first, row, 0, x);
            Widen.Row(second, row, 0, y);
            sums += PairSums.Of(x, y);
        }
        return Math.Sqrt(sums.Distance / sums.OtherSquares);
    }
}
