using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Runs;

/// <summary>What is behind the largest value of a profile of means over the blocks: many prompts, or one.</summary>
/// <param name="Block">Index of the block with the largest mean, from 0.</param>
/// <param name="N">Prompts in which its gain is defined; two at least.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Median">Their median.</param>
/// <param name="Low">The smallest.</param>
/// <param name="High">The largest.</param>
/// <param name="Prompt">Name of the prompt that has the largest.</param>
/// <param name="Without">The mean without that prompt.</param>
/// <param name="IsOnePrompts">Whether that prompt makes the peak: without it the block's mean falls by more than half, or another block's is the largest.</param>
sealed record ProfilePeak(
    int Block, int N, double Mean, double Median, double Low, double High, string Prompt, double Without, bool IsOnePrompts)
{
    /// <summary>The peak of the gains at the last token; null where fewer than two prompts have a gain in that block.</summary>
    internal static ProfilePeak? Of(IReadOnlyList<string> prompts, IReadOnlyList<PromptReadings> readings, int nLayers)
    {
        double?[][] gains =
        [
            .. Enumerable.Range(0, nLayers).Select(layer =>
                readings.Select(r => Gains.Of(r, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32)).ToArray()),
        ];
        return Of(prompts, gains);
    }

    /// <summary>The peak of gains by block and prompt.</summary>
    internal static ProfilePeak? Of(IReadOnlyList<string> prompts, IReadOnlyList<double?[]> gains)
    {
        int block = Largest(gains, except: null);
        if (block < 0) return null;
        double[] there = [.. gains[block].OfType<double>()];
        if (there.Length < 2) return null;
        int prompt = Array.IndexOf(gains[block], there.Max());
        double mean = Describe.Mean(there), without = MeanOf(gains[block], prompt)!.Value;
        Array.Sort(there);
        return new(
            block, there.Length, mean, Describe.Quantile(there, 0.5), there[0], there[^1], prompts[prompt], without,
            without < mean / 2 || Largest(gains, prompt) != block);
    }

    /// <summary>The first block with the largest mean; −1 where none has one.</summary>
    static int Largest(IReadOnlyList<double?[]> gains, int? except)
    {
        int largest = -1;
        double most = double.NegativeInfinity;
        for (int i = 0; i < gains.Count; i++)
            if (MeanOf(gains[i], except) is { } mean && mean > most) (largest, most) = (i, mean);
        return largest;
    }

    static double? MeanOf(double?[] gains, int? except)
    {
        double[] values = [.. gains.Where((_, i) => i != except).OfType<double>()];
        return values.Length == 0 ? null : Describe.Mean(values);
    }
}
