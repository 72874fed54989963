using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Training;

/// <summary>What training a network takes of memory, bytes.</summary>
/// <remarks>Beside what its gradient takes: the parameters, float32; AdamW's two means of each; the values they begin with, which are collected when it pleases the runtime; the batch's tokens.</remarks>
static class TrainingNeeds
{
    const long BytesPerToken = 64; // ids, and what is known of what follows each

    /// <summary>Of a network.</summary>
    /// <param name="form">What it is.</param>
    /// <param name="options">How it is trained.</param>
    public static MemoryNeeds Of(ModelForm form, TrainingOptions options)
    {
        using var imagined = StoredTensors.Imagined(form.Config, StoredTensors.Of(form.Architecture));
        var weights = WeightMap.Bind(form.Architecture, imagined);
        long tokens = (long)options.Batch * options.Tokens, values = sizeof(float) * weights.Parameters;
        var gradient = GradientNeeds.Of(weights, tokens);
        return gradient with { Activations = gradient.Activations + tokens * BytesPerToken, Weights = gradient.Weights + 2 * values, Readings = gradient.Readings + 2 * values };
    }

    /// <summary>Of reading its gains at a checkpoint.</summary>
    /// <param name="form">What it is.</param>
    /// <param name="prompts">The prompts, as ids.</param>
    /// <param name="tokenizer">The tokenizer that is laid beside it; null for the language's.</param>
    /// <param name="threads">Threads.</param>
    public static MemoryNeeds OfReading(ModelForm form, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, int threads)
    {
        using var imagined = StoredTensors.Imagined(form.Config, StoredTensors.Of(form.Architecture));
        return MemoryNeeds.Of(WeightMap.Bind(form.Architecture, imagined), prompts, tokenizer, new() { Threads = threads });
    }
}
