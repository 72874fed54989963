using Castalia.Errors;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Reads norms and inner products at every site while the activations pass.</summary>
sealed class Recording : IBlockObserver
{
    readonly RaggedBatch _batch;
    readonly Crew _crew;
    readonly BlockReading[][][] _blocks;    // [prompt][layer][position]

    public Recording(RaggedBatch batch, Crew crew, int nLayers)
    {
        (_batch, _crew) = (batch, crew);
        _blocks = [.. batch.Prompts.Select(p => Layers(p.Ids.Count))];

        BlockReading[][] Layers(int tokens)
        {
            crew.ThrowIfCancelled(); // room for many prompts takes seconds to make
            return [.. Enumerable.Range(0, nLayers).Select(_ => new BlockReading[tokens])];
        }
    }

    /// <summary>One prompt's readings, [layer][position].</summary>
    public BlockReading[][] Of(int prompt) => _blocks[prompt];

    /// <inheritdoc/>
    public void Seen(int layer, Chunk chunk, BlockActivations activations)
    {
        const int tokensPerPiece = 8;
        _crew.Run((chunk.Tokens + tokensPerPiece - 1) / tokensPerPiece, (piece, _) =>
        {
            for (int t = piece * tokensPerPiece; t < Math.Min(chunk.Tokens, (piece + 1) * tokensPerPiece); t++)
            {
                var (prompt, position) = _batch.At(chunk.FirstToken + t);
                _blocks[prompt][layer][position] = Read(layer, prompt, position, activations, t);
            }
        });
    }

    BlockReading Read(int layer, int prompt, int position, BlockActivations at, int t)
    {
        var sums = ResidualSums.Of(at.Row(ResidualSite.Pre, t), at.Row(ResidualSite.AttnOut, t), at.Row(ResidualSite.MlpOut, t));
        var reading = new BlockReading
        {
            NormPre = Math.Sqrt(sums.Pre),
            NormAttnIn = Norm(ResidualSite.AttnIn),
            NormZ = Norm(ResidualSite.Z),
            NormAttnOut = Math.Sqrt(sums.Attn),
            NormMid = Norm(ResidualSite.Mid),
            NormMlpIn = Norm(ResidualSite.MlpIn),
            NormMlpPost = Norm(ResidualSite.MlpPost),
            NormMlpOut = Math.Sqrt(sums.Mlp),
            NormPost = Math.Sqrt(sums.Post),
            NormDelta = Math.Sqrt(sums.Delta),
            AttnDotPre = sums.AttnPre,
            MlpDotPre = sums.MlpPre,
            AttnDotMlp = sums.AttnMlp,
        };
        // Any NaN or infinity at a site makes its norm one; looked for only then.
        foreach (var site in at.Sites)
            if (!double.IsFinite(reading.Norm(site))) throw NotFinite(layer, prompt, position, site, at.Row(site, t));
        return reading;

        double Norm(ResidualSite site) => at.Width(site) > 0 ? Math.Sqrt(DoubleSum.OfSquaresAbout(at.Row(site, t), 0)) : double.NaN;
    }

    InputException NotFinite(int layer, int prompt, int position, ResidualSite site, ReadOnlySpan<float> values) =>
        MeasurementErrors.NotFinite(_batch.Prompts[prompt].Prompt, layer, site.Name(), position, values);
}
