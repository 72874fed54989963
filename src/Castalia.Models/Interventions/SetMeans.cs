using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Means of sites over the texts of a set, in the clean pass; float64.</summary>
/// <remarks>Positions are added in the order of texts and positions, so that neither threads nor chunks matter.</remarks>
sealed class SetMeans : IBlockObserver
{
    readonly RaggedBatch _batch;
    readonly Crew _crew;
    readonly HashSet<(int Block, ResidualSite Site, bool IncludesFirst)> _wanted;
    readonly Dictionary<(int Block, ResidualSite Site, bool IncludesFirst), (double[] Sums, int Count)> _sums = [];

    SetMeans(ForwardPass pass, IEnumerable<(int Block, ResidualSite Site, bool IncludesFirst)> wanted) => (_batch, _crew, _wanted) = (pass.Batch, pass.Crew, [.. wanted]);

    /// <summary>Runs the texts once.</summary>
    public static SetMeans Of(
        Checkpoint checkpoint, Architecture a, IReadOnlyList<TokenizedPrompt> texts, IEnumerable<(int Block, ResidualSite Site, bool IncludesFirst)> wanted, int threads,
        CancellationToken cancellation)
    {
        PromptLimits.Check(texts, a);
        using var pass = new ForwardPass(checkpoint, a, texts, threads, null, cancellation);
        var means = new SetMeans(pass, wanted);
        pass.Run(means);
        return means;
    }

    /// <summary>A mean.</summary>
    public double[] this[int block, ResidualSite site, bool includesFirst] =>
        _sums[(block, site, includesFirst)] is var (sums, count) ? [.. sums.Select(sum => sum / count)] : [];

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        var here = _wanted.Where(one => one.Block == layer).ToArray();
        _crew.Run(here.Length, (i, _) =>
        {
            var key = here[i];
            int width = activations.Width(key.Site);
            float[] row = new float[width];
            (double[] Sums, int Count) so;
            lock (_sums) so = _sums.TryGetValue(key, out var found) ? found : (new double[width], 0);
            for (int token = 0; token < chunk.Tokens; token++)
            {
                if (!key.IncludesFirst && _batch.At(chunk.FirstToken + token).Position == 0) continue;
                activations.Read(key.Site, token, row);
                for (int d = 0; d < width; d++) so.Sums[d] += row[d];
                so.Count++;
            }
            lock (_sums) _sums[key] = so;
        });
    }
}
