using Castalia.Forward;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>What the clean pass has in its last block at the last position of each prompt.</summary>
/// <param name="Pre">resid_pre.</param>
/// <param name="AttnOut">attn_out.</param>
/// <param name="MlpOut">mlp_out.</param>
/// <param name="MlpPost">mlp_post.</param>
/// <param name="Z">z.</param>
/// <param name="MeanZ">Its mean over all positions of the prompt; null where nobody asked for it.</param>
/// <param name="Post">resid_post, as the stream has it.</param>
sealed record LastRow(float[] Pre, float[] AttnOut, float[] MlpOut, float[] MlpPost, float[] Z, double[]? MeanZ, float[] Post);

/// <summary>Keeps them while they pass.</summary>
/// <param name="pass">The clean pass.</param>
/// <param name="means">Whether means of z are asked for.</param>
sealed class LastRows(ForwardPass pass, bool means) : IBlockObserver
{
    readonly LastRow[] _rows = new LastRow[pass.Batch.Prompts.Count];

    /// <summary>By prompt.</summary>
    public IReadOnlyList<LastRow> Rows => _rows;

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        if (layer != pass.Architecture.NLayers - 1 || activations.Width(ResidualSite.MlpPost) == 0) return;
        pass.Crew.Run(chunk.Prompts, (i, _) =>
        {
            int prompt = chunk.FirstPrompt + i, token = pass.Batch.Starts[prompt + 1] - 1 - chunk.FirstToken;
            _rows[prompt] = new(
                Row(activations, ResidualSite.Pre, token), Row(activations, ResidualSite.AttnOut, token), Row(activations, ResidualSite.MlpOut, token),
                Row(activations, ResidualSite.MlpPost, token), Row(activations, ResidualSite.Z, token),
                means ? Mean(activations, ResidualSite.Z, pass.Batch.Starts[prompt] - chunk.FirstToken, token) : null, Row(activations, ResidualSite.Post, token));
        });
    }

    static double[] Mean(BlockActivations at, ResidualSite site, int first, int last)
    {
        double[] mean = new double[at.Width(site)];
        for (int token = first; token <= last; token++)
        {
            float[] row = Row(at, site, token);
            for (int d = 0; d < mean.Length; d++) mean[d] += row[d];
        }
        for (int d = 0; d < mean.Length; d++) mean[d] /= last + 1 - first;
        return mean;
    }

    static float[] Row(BlockActivations at, ResidualSite site, int token)
    {
        float[] row = new float[at.Width(site)];
        at.Read(site, token, row);
        return row;
    }
}
