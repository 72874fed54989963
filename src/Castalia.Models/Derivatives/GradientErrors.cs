using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Derivatives;

/// <summary>Why there is no gradient.</summary>
static class GradientErrors
{
    /// <summary>An architecture without a reverse.</summary>
    public static InputException NoReverse(string family, string missing, string path) => new(
        $"There is no gradient for this model ({family}): derivatives of {missing} are missing.", path, "Give a model without; castalia dynamics takes every family.");

    /// <summary>Nothing to predict.</summary>
    public static InputException NothingPredicted(Prompt prompt) => new(
        $"Prompt {prompt.Name} has one token: no next token is predicted.", prompt.Place, "Give prompts of at least two tokens.");

    /// <summary>A loss that left the numbers.</summary>
    public static InputException NoLoss(Prompt prompt) => new(
        $"The cross-entropy of prompt {prompt.Name} is no finite number.", prompt.Place, "Activations leave the range of float32: check the checkpoint.");

    /// <summary>A gradient that left the numbers.</summary>
    public static InputException NotFinite(Prompt prompt, string tensor) => new(
        $"The gradient of prompt {prompt.Name} by {tensor} holds a NaN or infinity.", prompt.Place, "Derivatives leave the range of float32: check the checkpoint.");
}
