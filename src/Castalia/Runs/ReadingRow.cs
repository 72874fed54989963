using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Runs;

/// <summary>A figure of a block's reading, which is not copied for it.</summary>
delegate double OfBlock(in BlockReading reading);

/// <summary>One row of readings.parquet: one model, prompt and block under one position rule, or at one position.</summary>
sealed class ReadingRow
{
    ReadingRow(ReadingSource source, TokenizedPrompt prompt, int index, PromptReadings readings, int layer, PositionRule? rule, int? position)
    {
        Source = source;
        Prompt = prompt;
        PromptIndex = index;
        Readings = readings;
        Layer = layer;
        Rule = rule;
        Position = position;
    }

    public ReadingSource Source { get; }

    public TokenizedPrompt Prompt { get; }

    public int PromptIndex { get; }

    public PromptReadings Readings { get; }

    public int Layer { get; }

    /// <summary>The rule; null in a row of its own position.</summary>
    public PositionRule? Rule { get; }

    /// <summary>The position read; null under a rule over several.</summary>
    public int? Position { get; }

    public bool IsLastLayer => Layer == Readings.Blocks.Length - 1;

    public int? Token => Position is { } t ? Prompt.Ids[t] : null;

    /// <summary>What softmax of the logits says; in rows of the last block's last position, and of every position where all were read.</summary>
    public OutputReading? Output => IsLastLayer && ReadsOutput ? Readings.Outputs[Position!.Value] : null;

    public OutputReading? Lens => ReadsOutput ? Readings.Lens?[Layer][Position!.Value] : null;

    bool ReadsOutput => Position is not null && Rule is null or PositionRule.Last;

    /// <summary>Every row of a prompt, blocks in order, rules before positions.</summary>
    public static IEnumerable<ReadingRow> Of(ReadingSource source, TokenizedPrompt prompt, int index, PromptReadings readings, bool allPositions)
    {
        for (int layer = 0; layer < readings.Blocks.Length; layer++)
        {
            foreach (var (rule, _) in GoldenNames.Rules)
            {
                int? position = rule switch { PositionRule.Last => readings.Tokens - 1, PositionRule.First => 0, _ => null };
                yield return new(source, prompt, index, readings, layer, rule, position);
            }
            for (int t = 0; allPositions && t < readings.Tokens; t++) yield return new(source, prompt, index, readings, layer, null, t);
        }
    }

    public double? Gain(ReferencePoint point, NormPrecision precision)
    {
        if (point != ReferencePoint.Block && !IsLastLayer) return null;
        return Rule is { } rule
            ? Gains.Of(Readings, Layer, point, rule, precision)
            : Gains.At(Readings, Layer, point, Position!.Value, precision);
    }

    /// <summary>What a block's reading says at the row's position; null under a rule over several positions.</summary>
    public double? At(OfBlock value) => Position is { } t ? value(in Readings.Blocks[Layer][t]) : null;

    /// <summary>A norm: of the position, or its mean over positions under a ratio of means; no norm belongs to a mean of ratios.</summary>
    public double? Norm(Func<PromptReadings, int, int, double> at)
    {
        if (Position is { } t) return at(Readings, Layer, t);
        int first = Rule switch
        {
            PositionRule.RatioOfMeans => 0,
            PositionRule.RatioOfMeansWithoutFirst => 1,
            _ => Readings.Tokens,
        };
        if (first >= Readings.Tokens) return null;
        double sum = 0;
        for (int i = first; i < Readings.Tokens; i++) sum += at(Readings, Layer, i);
        return sum / (Readings.Tokens - first);
    }
}
