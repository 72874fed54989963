using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;

namespace Castalia.Anatomy.Units;

/// <summary>Reads what weights alone say of heads, neurons and biases of some blocks.</summary>
static class UnitWeights
{
    /// <summary>The figures of some blocks, and of the unembedding, of a checkpoint that is opened for it.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="blocks">Blocks, from 0.</param>
    /// <param name="vocabularyIds">Ids its tokenizer has; null where that is not known and no row counts as padding.</param>
    /// <param name="threads">Threads; the figures do not depend on them.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    /// <exception cref="InputException">The same.</exception>
    public static ModelUnitWeights Read(CheckpointSource source, IReadOnlyList<int> blocks, int? vocabularyIds, int threads, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(source.Path);
        var a = ArchitectureReader.Read(checkpoint);
        using var crew = new Crew(threads, cancellation);
        using var scan = new WeightScan(crew);
        var folded = FoldedUnembeddings.Of(new OpenWeights(source.Name, WeightMap.Outline(a, checkpoint), checkpoint), vocabularyIds, scan);
        return new(Read(checkpoint, a, blocks, threads, cancellation), folded.Frobenius / Math.Sqrt(folded.Rows));
    }

    /// <summary>The figures of some blocks, in their order.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="a">Their description.</param>
    /// <param name="blocks">Blocks, from 0.</param>
    /// <param name="threads">Threads; the figures do not depend on them.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    /// <exception cref="InputException">A file that cannot be read.</exception>
    public static IReadOnlyList<BlockUnitWeights> Read(Checkpoint checkpoint, Architecture a, IReadOnlyList<int> blocks, int threads, CancellationToken cancellation)
    {
        var read = new WeightReader(WeightMap.Outline(a, checkpoint), a, checkpoint);
        using var crew = new Crew(threads, cancellation);
        using var cosines = new NeuronCosines(crew);
        return [.. blocks.Select(block => Of(a, BlockWeights.Read(read, a, block), cosines, crew))];
    }

    static BlockUnitWeights Of(Architecture a, BlockWeights weights, NeuronCosines cosines, Crew crew)
    {
        // What stands before a sublayer; without a norm there it reads the stream itself.
        float[]? attention = weights.AttnNorm?.Weight, mlp = (weights.MlpNorm ?? weights.AttnNorm)?.Weight;
        bool isMeanFree = a.Norm == NormKind.LayerNorm && mlp is not null;
        var biases = weights.Mlps.Select(m => m.Down.Bias).OfType<float[]>().Where(_ => weights.AttnOut.Bias is not null).ToList();
        using HeldMatrix attnOut = new(weights.AttnOut.Weight, crew), value = new(weights.Value.Weight, crew);
        return new()
        {
            Block = weights.Layer,
            BiasCosines = [.. biases.Select(bias => Dot(weights.AttnOut.Bias!, bias) / (Length(weights.AttnOut.Bias!) * Length(bias)))],
            BiasDifferences = [.. biases.Select(bias => Length([.. bias.Zip(weights.AttnOut.Bias!, (x, y) => (double)x - y)]) * 2 / (Length(weights.AttnOut.Bias!) + Length(bias)))],
            Tau = HeadTraces.Of(attnOut, value, attention, a.HeadDim, crew),
            Up = [.. weights.Mlps.SelectMany(m => cosines.Of(m.Down.Weight, m.Up.Weight, mlp, isMeanFree))],
            Gate = weights.Mlps[0].Gate is null ? null : [.. weights.Mlps.SelectMany(m => cosines.Of(m.Down.Weight, m.Gate!.Weight, mlp, isMeanFree))],
        };
    }

    static double Dot(float[] x, float[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += (double)x[i] * y[i];
        return sum;
    }

    static double Length(float[] x) => Math.Sqrt(Dot(x, x));

    static double Length(double[] x) => Vectors.Norm(x);
}
