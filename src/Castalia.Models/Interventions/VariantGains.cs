using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>Gains of a portion's entries at their last position, block by block.</summary>
sealed class VariantGains
{
    readonly Crew _crew;
    readonly VariantBatch _variants;
    readonly SiteEdits _edits;
    readonly double[][] _gains;

    public VariantGains(Architecture architecture, Crew crew, VariantBatch variants, SiteEdits edits)
    {
        (_crew, _variants, _edits) = (crew, variants, edits);
        _gains = [.. Enumerable.Range(0, variants.Batch.Prompts.Count).Select(_ => new double[architecture.NLayers])];
    }

    /// <summary>Gains of an entry, by block; of blocks before it began 0.</summary>
    public double[] Of(int entry) => _gains[entry];

    /// <summary>Reads one block of one chunk.</summary>
    public void Read(int layer, Chunk chunk, BlockActivations at)
    {
        var batch = _variants.Batch;
        var strips = Enumerable.Range(chunk.FirstPrompt, chunk.Prompts)
            .GroupBy(entry => (batch.Starts[entry + 1] - 1 - chunk.FirstToken) / Strip.Tokens).ToArray();
        _crew.Run(strips.Length, (i, _) =>
        {
            int strip = strips[i].Key;
            Span<ResidualSums> sums = stackalloc ResidualSums[at[ResidualSite.Pre].InStrip(strip)];
            StripSums.Of(at[ResidualSite.Pre].StripAt(strip), at[ResidualSite.AttnOut].StripAt(strip), at[ResidualSite.MlpOut].StripAt(strip), sums);
            foreach (int entry in strips[i])
            {
                int row = batch.Starts[entry + 1] - 1 - chunk.FirstToken;
                var of = sums[row % Strip.Tokens];
                double post = _edits.Rewritten.Contains(row) ? SquareOfPost(at, row) : of.Post;
                if (!double.IsFinite(of.Pre + post)) throw NotFinite(entry, layer);
                _gains[entry][layer] = Math.Sqrt(post) / Math.Sqrt(of.Pre);
            }
        });
    }

    static double SquareOfPost(BlockActivations at, int row)
    {
        float[] post = new float[at.Width(ResidualSite.Post)];
        at.Read(ResidualSite.Post, row, post);
        return DoubleSum.OfSquaresAbout(post, 0);
    }

    InputException NotFinite(int entry, int layer)
    {
        var prompt = _variants.Batch.Prompts[entry].Prompt;
        return _variants.Of(entry) is { Intervention: var intervention }
            ? InterventionErrors.NotFinite(intervention.Place, intervention.Name, prompt, layer)
            : throw new InvalidOperationException($"The clean pass of {prompt.Name} was finite and is not any more in block {layer}.");
    }
}
