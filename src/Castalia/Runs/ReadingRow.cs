using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>One row of readings.parquet: one model, prompt and block under one position rule, or at one position.</summary>
sealed class ReadingRow
{
    ReadingRow(ModelRun model, int prompt, int layer, PositionRule? rule, int? position)
    {
        Model = model;
        PromptIndex = prompt;
        Layer = layer;
        Rule = rule;
        Position = position;
    }

    public ModelRun Model { get; }

    public int PromptIndex { get; }

    public int Layer { get; }

    /// <summary>The rule; null in a row of its own position.</summary>
    public PositionRule? Rule { get; }

    /// <summary>The position read; null under a rule over several.</summary>
    public int? Position { get; }

    public TokenizedPrompt Prompt => Model.Measurement.Prompts[PromptIndex];

    public PromptReadings Readings => Model.Measurement.Readings[PromptIndex];

    public bool IsLastLayer => Layer == Readings.Blocks.Length - 1;

    /// <summary>The reading; null under a rule over several positions.</summary>
    public BlockReading? Block => Position is { } t ? Readings.Blocks[Layer][t] : null;

    public int? Token => Position is { } t ? Prompt.Ids[t] : null;

    /// <summary>What softmax of the logits says; in rows of the last block's last position, and of every position where all were read.</summary>
    public OutputReading? Output => IsLastLayer && ReadsOutput ? Readings.Outputs[Position!.Value] : null;

    public OutputReading? Lens => ReadsOutput ? Readings.Lens?[Layer][Position!.Value] : null;

    bool ReadsOutput => Position is not null && Rule is null or PositionRule.Last;

    /// <summary>Every row of a model, prompts and blocks in order, rules before positions.</summary>
    public static IEnumerable<ReadingRow> Of(ModelRun model, bool allPositions)
    {
        for (int p = 0; p < model.Measurement.Readings.Count; p++)
        {
            var readings = model.Measurement.Readings[p];
            for (int layer = 0; layer < readings.Blocks.Length; layer++)
            {
                foreach (var (rule, _) in GoldenNames.Rules)
                {
                    int? position = rule switch { PositionRule.Last => readings.Tokens - 1, PositionRule.First => 0, _ => null };
                    yield return new(model, p, layer, rule, position);
                }
                for (int t = 0; allPositions && t < readings.Tokens; t++) yield return new(model, p, layer, null, t);
            }
        }
    }

    public double? Gain(ReferencePoint point, NormPrecision precision)
    {
        if (point != ReferencePoint.Block && !IsLastLayer) return null;
        return Rule is { } rule
            ? Gains.Of(Readings, Layer, point, rule, precision)
            : Gains.At(Readings, Layer, point, Position!.Value, precision);
    }

    /// <summary>A norm: of the position, or its mean over positions under a ratio of means; no norm belongs to a mean of ratios.</summary>
    public double? Norm(Func<PromptReadings, int, double> at)
    {
        if (Position is { } t) return at(Readings, t);
        int first = Rule switch
        {
            PositionRule.RatioOfMeans => 0,
            PositionRule.RatioOfMeansWithoutFirst => 1,
            _ => Readings.Tokens,
        };
        if (first >= Readings.Tokens) return null;
        double sum = 0;
        for (int i = first; i < Readings.Tokens; i++) sum += at(Readings, i);
        return sum / (Readings.Tokens - first);
    }
}
