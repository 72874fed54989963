using Castalia.Forward;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>What the clean pass has at some sites of the present block, [tokens × width] of each prompt of a portion; and their means.</summary>
sealed class CleanSites(RaggedBatch batch, int cleanEntries, Crew crew)
{
    readonly Dictionary<(ResidualSite Site, int Entry), float[]> _rows = [];
    readonly Dictionary<(ResidualSite Site, int Entry), double[]> _means = [];

    /// <summary>Another block begins.</summary>
    public void Clear()
    {
        _rows.Clear();
        _means.Clear();
    }

    /// <summary>Keeps a site of those of a chunk's entries that are clean.</summary>
    public void Keep(ResidualSite site, Chunk chunk, BlockActivations at)
    {
        int width = at.Width(site), entries = Math.Min(cleanEntries, chunk.FirstPrompt + chunk.Prompts) - chunk.FirstPrompt;
        crew.Run(Math.Max(0, entries), (i, _) =>
        {
            int entry = chunk.FirstPrompt + i, tokens = batch.Prompts[entry].Ids.Count, first = batch.Starts[entry] - chunk.FirstToken;
            float[] rows = new float[tokens * width];
            double[] mean = new double[width];
            for (int t = 0; t < tokens; t++)
            {
                var row = rows.AsSpan(t * width, width);
                at.Read(site, first + t, row);
                for (int d = 0; d < width; d++) mean[d] += row[d];
            }
            for (int d = 0; d < width; d++) mean[d] /= tokens;
            lock (_rows) (_rows[(site, entry)], _means[(site, entry)]) = (rows, mean);
        });
    }

    /// <summary>A position of an entry.</summary>
    public ReadOnlySpan<float> Row(ResidualSite site, int entry, int position)
    {
        float[] rows = _rows[(site, entry)];
        int width = rows.Length / batch.Prompts[entry].Ids.Count;
        return rows.AsSpan(position * width, width);
    }

    /// <summary>The mean over all positions of an entry.</summary>
    public double[] Mean(ResidualSite site, int entry) => _means[(site, entry)];
}
