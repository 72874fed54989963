using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Interventions;

/// <summary>What one changed block has along the direction that it is changed along, at the last position; in the unit of the stream.</summary>
/// <param name="Block">The block.</param>
/// <param name="Pre">Component of resid_pre as the block reads it.</param>
/// <param name="Written">Component of what the block adds, resid_post − resid_pre.</param>
/// <param name="CleanPre">The first in the clean pass.</param>
/// <param name="CleanWritten">The second in the clean pass.</param>
readonly record struct AlongReading(int Block, double Pre, double Written, double CleanPre, double CleanWritten);

/// <summary>Components of a portion's streams along the directions of its interventions; float64.</summary>
/// <remarks>Of the first change of the block that has one direction, at a site of the stream; the span of several has no one component.</remarks>
sealed class VariantComponents(int nLayers, Crew crew, VariantBatch variants, SiteEdits edits)
{
    readonly List<AlongReading>?[] _found = new List<AlongReading>?[variants.Batch.Prompts.Count];
    readonly (double[] Pre, double[] Written)[] _clean = new (double[], double[])[variants.CleanEntries];

    /// <summary>Those of an entry, blocks ascending.</summary>
    public IReadOnlyList<AlongReading> Of(int entry) => _found[entry] ?? [];

    /// <summary>Reads one block of one chunk; the clean entries' chunks come first.</summary>
    public void Read(int layer, Chunk chunk, BlockActivations at)
    {
        if (!variants.Interventions.Any(one => ChangeOf(one, layer) is not null)) return;
        crew.Run(chunk.Prompts, (i, _) =>
        {
            int entry = chunk.FirstPrompt + i, row = variants.Batch.Starts[entry + 1] - 1 - chunk.FirstToken;
            if (variants.Of(entry) is not { } variant) _clean[entry] = Streams(at, row);
            else if (ChangeOf(variant.Intervention, layer) is { } direction && edits.DirectionAt(direction, entry, variants.Batch.Prompts[entry].Ids.Count - 1) is { } along)
                (_found[entry] ??= []).Add(Along(layer, along, Streams(at, row), _clean[variants.CleanOf(entry)]));
        });
    }

    Direction? ChangeOf(Intervention intervention, int layer) => intervention.Changes
        .Where(change => change.Blocks.Has(layer, nLayers) && change.Site is not (null or ResidualSite.Z or ResidualSite.MlpPost))
        .Select(change => (change.Unit as Unit.Along)?.Of).FirstOrDefault(direction => direction is not null);

    (double[] Pre, double[] Written) Streams(BlockActivations at, int row)
    {
        double[] pre = Row(at, ResidualSite.Pre, row);
        bool isSum = !edits.Rewritten.Contains(row);
        double[] written = Row(at, isSum ? ResidualSite.AttnOut : ResidualSite.Post, row);
        double[] other = isSum ? Row(at, ResidualSite.MlpOut, row) : pre;
        for (int d = 0; d < written.Length; d++) written[d] += isSum ? other[d] : -other[d];
        return (pre, written);
    }

    static double[] Row(BlockActivations at, ResidualSite site, int row)
    {
        float[] read = new float[at.Width(site)];
        at.Read(site, row, read);
        double[] wide = new double[read.Length];
        Wide.Copy(read, wide);
        return wide;
    }

    static AlongReading Along(int layer, double[] direction, (double[] Pre, double[] Written) own, (double[] Pre, double[] Written) clean)
    {
        double length = Math.Sqrt(Wide.Dot(direction, direction));
        return new(layer, Wide.Dot(own.Pre, direction) / length, Wide.Dot(own.Written, direction) / length, Wide.Dot(clean.Pre, direction) / length, Wide.Dot(clean.Written, direction) / length);
    }
}
