using Castalia.Errors;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Forward;

/// <summary>Reads norms and inner products at every site while the activations pass.</summary>
sealed unsafe class Recording : IBlockObserver
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
    public void Seen(int layer, Chunk chunk, BlockActivations activations) =>
        _crew.Run(activations[ResidualSite.Pre].Strips, (strip, _) => Read(layer, chunk, activations, strip));

    /// <summary>Sixteen tokens.</summary>
    void Read(int layer, Chunk chunk, BlockActivations at, int strip)
    {
        int first = strip * Strip.Tokens, tokens = at[ResidualSite.Pre].InStrip(strip);
        Span<ResidualSums> all = stackalloc ResidualSums[tokens];
        StripSums.Of(at[ResidualSite.Pre].StripAt(strip), at[ResidualSite.AttnOut].StripAt(strip), at[ResidualSite.MlpOut].StripAt(strip), all);
        double* attnIn = stackalloc double[Strip.Tokens], mid = stackalloc double[Strip.Tokens];
        double* mlpIn = stackalloc double[Strip.Tokens], mlpPost = stackalloc double[Strip.Tokens];
        Norms(at, ResidualSite.AttnIn, strip, attnIn);
        Norms(at, ResidualSite.Mid, strip, mid);
        if (at[ResidualSite.MlpIn] == at[ResidualSite.AttnIn]) new Span<double>(attnIn, tokens).CopyTo(new(mlpIn, tokens));
        else Norms(at, ResidualSite.MlpIn, strip, mlpIn);
        Norms(at, ResidualSite.MlpPost, strip, mlpPost);
        for (int i = 0; i < tokens; i++)
        {
            var sums = all[i];
            var (prompt, position) = _batch.At(chunk.FirstToken + first + i);
            var reading = new BlockReading
            {
                NormPre = Math.Sqrt(sums.Pre),
                NormAttnIn = attnIn[i],
                NormZ = Math.Sqrt(DoubleSum.OfSquaresAbout(at.RowOfZ(first + i), 0)),
                NormAttnOut = Math.Sqrt(sums.Attn),
                NormMid = mid[i],
                NormMlpIn = mlpIn[i],
                NormMlpPost = mlpPost[i],
                NormMlpOut = Math.Sqrt(sums.Mlp),
                NormPost = Math.Sqrt(sums.Post),
                NormDelta = Math.Sqrt(sums.Delta),
                AttnDotPre = sums.AttnPre,
                MlpDotPre = sums.MlpPre,
                AttnDotMlp = sums.AttnMlp,
            };
            // Any NaN or infinity at a site makes its norm one; looked for only then.
            foreach (var site in at.Sites)
                if (!double.IsFinite(reading.Norm(site))) throw NotFinite(layer, prompt, position, at, site, first + i);
            _blocks[prompt][layer][position] = reading;
        }
    }

    /// <summary>Of a strip's tokens at a site; NaN where the architecture has no such site.</summary>
    static void Norms(BlockActivations at, ResidualSite site, int strip, double* norms)
    {
        var each = new Span<double>(norms, Strip.Tokens);
        each.Fill(at.Width(site) > 0 ? 0 : double.NaN);
        if (at.Width(site) == 0) return;
        StripSums.OfSquaresAbout(at[site].StripAt(strip), norms, norms);
        foreach (ref double norm in each) norm = Math.Sqrt(norm);
    }

    InputException NotFinite(int layer, int prompt, int position, BlockActivations at, ResidualSite site, int token)
    {
        float[] values = new float[at.Width(site)];
        at.Read(site, token, values);
        return MeasurementErrors.NotFinite(_batch.Prompts[prompt].Prompt, layer, site.Name(), position, values);
    }
}
