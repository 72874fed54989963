using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>Prompts of a model whose readings are there.</summary>
/// <param name="Model">The model's short name.</param>
/// <param name="Tokenizer">Its tokenizer; null for none.</param>
/// <param name="Prompts">Prompts, in the run's order.</param>
/// <param name="First">Index in the run of the first of them.</param>
/// <param name="Readings">Their readings.</param>
sealed record ReadingSource(string Model, ITokenizer? Tokenizer, IReadOnlyList<TokenizedPrompt> Prompts, int First, IReadOnlyList<PromptReadings> Readings)
{
    /// <summary>All of a model's.</summary>
    public static ReadingSource Of(ModelRun model) => new(model.Name, model.Tokenizer, model.Measurement.Prompts, 0, model.Measurement.Readings);

    /// <summary>Their rows: prompts and blocks in order, rules before positions.</summary>
    /// <param name="allPositions">Whether every position has rows.</param>
    public IEnumerable<ReadingRow> Rows(bool allPositions)
    {
        for (int i = 0; i < Readings.Count; i++)
            foreach (var row in ReadingRow.Of(this, Prompts[First + i], First + i, Readings[i], allPositions)) yield return row;
    }
}
