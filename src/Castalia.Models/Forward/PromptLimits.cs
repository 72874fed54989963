using Castalia.Architectures;
using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>What prompts must satisfy before a model can be run on them.</summary>
static class PromptLimits
{
    /// <summary>Refuses no prompts, a prompt without tokens, ids without an embedding row, more tokens than the context.</summary>
    /// <exception cref="InputException">Naming the prompt's file and line.</exception>
    public static void Check(IReadOnlyList<TokenizedPrompt> prompts, Architecture architecture)
    {
        if (prompts.Count == 0) throw MeasurementErrors.NoPrompts();
        double fastest = new[] { architecture.Rotary, architecture.WindowedRotary }.OfType<Rotary>().Select(RotaryFrequencies.Largest).DefaultIfEmpty(0).Max();
        foreach (var prompt in prompts)
        {
            if (prompt.Ids.Count == 0) throw MeasurementErrors.Empty(prompt.Prompt);
            if (prompt.Ids.Count > architecture.NCtx)
                throw MeasurementErrors.TooLong(prompt.Prompt, prompt.Ids.Count, architecture.NCtx);
            if (fastest * (prompt.Ids.Count - 1) > Rotary.LargestAngle)
                throw MeasurementErrors.TurnedTooFar(prompt.Prompt, prompt.Ids.Count, fastest);
            foreach (int id in prompt.Ids)
                if (id < 0 || id >= architecture.DVocab)
                    throw MeasurementErrors.IdOutsideVocabulary(prompt.Prompt, id, architecture.DVocab);
        }
    }
}
