using Castalia.Residual;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Untrained;

namespace Castalia.Twins;

/// <summary>A shipped network and what was read from it.</summary>
/// <param name="Shipped">Which.</param>
/// <param name="Model">Its readings, on the prompts of its language.</param>
/// <param name="Estimates">What they say.</param>
sealed record ReadTwin(ShippedTwin Shipped, ModelRun Model, ModelEstimates Estimates)
{
    /// <summary>Gain of the last block at the last token of each prompt; null where undefined.</summary>
    public IReadOnlyList<double?> Gains { get; } =
        [.. Model.Measurement.Readings.Select(readings => Residual.Gains.Of(readings, readings.Blocks.Length - 1, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32))];

    /// <summary>Its estimates by kind of context, and of all prompts.</summary>
    public IReadOnlyList<NamedEstimate> Groups => [.. Estimates.Categories, new("all", Estimates.All)];

    /// <summary>Pearson correlation over prompts of gain and true entropy, with its interval by Fisher's z.</summary>
    public Figure<Association> Relation
    {
        get
        {
            var known = Model.Measurement.Prompts.Zip(Gains).Where(prompt => prompt.First.Prompt.TrueEntropy is not null && prompt.Second is not null).ToList();
            return Correlation.Pearson([.. known.Select(prompt => prompt.Second!.Value)], [.. known.Select(prompt => prompt.First.Prompt.TrueEntropy!.Value)]);
        }
    }

    /// <summary>Gain of the last block that theory predicts before training; null for one block.</summary>
    public double? TheoreticalGain => UntrainedNetworks.TheoreticalGain(Model.Measurement.Architecture.NLayers);
}
