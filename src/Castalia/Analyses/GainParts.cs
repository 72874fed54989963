using Castalia.Attribution;
using Castalia.Runs;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>One prompt's block at its last position, with the prompt.</summary>
/// <param name="Prompt">Index of the prompt.</param>
/// <param name="Category">Its category; null where it has none.</param>
/// <param name="Of">The block.</param>
sealed record AttributedPrompt(int Prompt, string? Category, BlockAttribution Of);

/// <summary>Means over prompts of the parts of G² − 1, the units of a kind summed: from 1 they lead to the mean of G².</summary>
/// <param name="Prompts">How many.</param>
/// <param name="Heads">Σ of all heads.</param>
/// <param name="AttnBias">Attention's bias.</param>
/// <param name="Positive">Σ of the neurons above 0.</param>
/// <param name="Negative">Σ of the neurons below 0.</param>
/// <param name="MlpBias">The MLP's bias.</param>
/// <param name="Rounding">Rounding.</param>
/// <param name="GainSquared">G².</param>
sealed record GainParts(int Prompts, double Heads, double AttnBias, double Positive, double Negative, double MlpBias, double Rounding, double GainSquared)
{
    /// <summary>Of some prompts, at least one.</summary>
    public static GainParts Of(IReadOnlyList<AttributedPrompt> prompts)
    {
        double Mean(Func<BlockAttribution, double> part) => OrderFreeMean.Of(prompts.Select(prompt => part(prompt.Of)));
        return new(
            prompts.Count, Mean(b => b.Heads.Sum()), Mean(b => b.AttnBias), Mean(b => b.Neurons.Positive), Mean(b => b.Neurons.Negative), Mean(b => b.MlpBias),
            Mean(b => b.Rounding), Mean(b => 1 + b.GainSquaredMinusOne));
    }

    /// <summary>Attention's.</summary>
    public double Attn => Heads + AttnBias;

    /// <summary>The MLP's.</summary>
    public double Mlp => Positive + Negative + MlpBias;

    /// <summary>The last positions of a block, prompts in order.</summary>
    public static IReadOnlyList<AttributedPrompt> LastPositions(AttributedRun run, int block) =>
    [
        .. run.Prompts.Index().SelectMany(prompt => prompt.Item.Blocks
            .Where(b => b.Block == block && b.Position == run.Model.Measurement.Prompts[prompt.Index].Ids.Count - 1)
            .Select(b => new AttributedPrompt(prompt.Index, run.Model.Measurement.Prompts[prompt.Index].Prompt.Category, b))),
    ];
}

/// <summary>A head or a neuron that carries much of a block's G² − 1.</summary>
/// <param name="Index">Which.</param>
/// <param name="Mean">Mean of its A_p over prompts.</param>
/// <param name="Leads">Prompts in which it is one of the ten of largest |A_p|.</param>
/// <param name="Sources">Of a head: means over prompts of what it brings from the first token, from those between, and from the last, its own; null of a neuron.</param>
sealed record LeadingUnit(int Index, double Mean, int Leads, (double First, double Between, double Own)? Sources)
{
    /// <summary>Units that are listed, and that lead in a prompt.</summary>
    public const int Most = 10;

    /// <summary>The heads of largest mean, by size.</summary>
    public static IReadOnlyList<LeadingUnit> Heads(UnitMeans means, IReadOnlyList<AttributedPrompt> prompts) =>
    [
        .. Largest(means.Heads).Select(head => new LeadingUnit(
            head.Index, head.Value, prompts.Count(p => Largest(p.Of.Heads).Any(part => part.Index == head.Index)), Reads(head.Index, prompts))),
    ];

    /// <summary>The neurons of largest mean, by size.</summary>
    public static IReadOnlyList<LeadingUnit> Neurons(UnitMeans means, IReadOnlyList<AttributedPrompt> prompts) =>
    [
        .. Largest(means.Neurons).Select(neuron => new LeadingUnit(
            neuron.Index, neuron.Value, prompts.Count(p => p.Of.Neurons.Leading.Take(Most).Any(part => part.Index == neuron.Index)), null)),
    ];

    static IReadOnlyList<Part> Largest(IEnumerable<double> values) => Parts.Of([.. values], Most, isWhole: false).Leading;

    /// <summary>Of a prompt of one token all is from the first.</summary>
    static (double First, double Between, double Own) Reads(int head, IReadOnlyList<AttributedPrompt> prompts)
    {
        var sources = prompts.Select(p => p.Of.Sources![head]).ToList();
        double Mean(Func<IReadOnlyList<double>, double> part) => OrderFreeMean.Of(sources.Select(part));
        return (Mean(s => s[0]), Mean(s => s.Skip(1).Take(s.Count - 2).Sum()), Mean(s => s.Count > 1 ? s[^1] : 0));
    }
}

/// <summary>Means that have the same bits in whatever order the values come.</summary>
static class OrderFreeMean
{
    /// <summary>Of at least one value: summed in ascending order.</summary>
    public static double Of(IEnumerable<double> values) => Describe.Mean([.. values.Order()]);
}
