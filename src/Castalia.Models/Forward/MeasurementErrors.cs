using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Forward;

/// <summary>What can stop a measurement once the checkpoint is open.</summary>
static class MeasurementErrors
{
    /// <summary>A NaN or infinity in the activations.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="layer">Block index from 0; null after the last block.</param>
    /// <param name="site">Name of the site.</param>
    /// <param name="position">Token position.</param>
    /// <param name="values">The vector it is in.</param>
    public static InputException NotFinite(Prompt prompt, int? layer, string site, int position, ReadOnlySpan<float> values)
    {
        int dimension = 0;
        while (dimension < values.Length && float.IsFinite(values[dimension])) dimension++;
        string what = dimension < values.Length ? FormattableString.Invariant($"{values[dimension]}") : "a norm beyond float64";
        string where = layer is { } l ? $"block {l} (from 0), {site}" : site;
        return new(
            cause: $"{where} is {what}: the activations left the range of float32.",
            place: $"prompt {prompt.Name} ({prompt.Place}), position {position}, dimension {dimension}",
            remedy: "Check the checkpoint: a NaN or infinity in its weights, or a config.json of another revision, does this.");
    }

    /// <summary>An id that has no row in the embedding.</summary>
    public static InputException IdOutsideVocabulary(Prompt prompt, int id, int rows) => new(
        cause: $"Token id {id} is outside the model's vocabulary of {rows} rows.",
        place: prompt.Place,
        remedy: $"Ids run from 0 to {rows - 1}; were these made with another model's tokenizer?");

    /// <summary>A prompt longer than the context.</summary>
    public static InputException TooLong(Prompt prompt, int tokens, int context) => new(
        cause: $"The prompt is {tokens} tokens; the model's context is {context}.",
        place: prompt.Place,
        remedy: "Shorten it, or split it into several prompts.");

    /// <summary>A prompt over which the fastest dimensions of a head turn further than is computed.</summary>
    public static InputException TurnedTooFar(Prompt prompt, int tokens, double fastest) => new(
        cause: FormattableString.Invariant($"Some dimensions of a head turn by {fastest:G3} radians a position, by {fastest * (tokens - 1):G3} over {tokens} tokens; ") +
               FormattableString.Invariant($"angles up to {Architectures.Rotary.LargestAngle:G6} are computed."),
        place: prompt.Place,
        remedy: "Shorten it, or compare the model's rotary base with the one that its publisher states.");

    /// <summary>A prompt without tokens.</summary>
    public static InputException Empty(Prompt prompt) => new(
        cause: "The prompt has no tokens.",
        place: prompt.Place,
        remedy: "Give it a text or ids, or a BOS policy that adds a token.");

    /// <summary>A site asked for by name that the architecture lacks.</summary>
    public static InputException NoSuchSite(string site, string family, string checkpoint) => new(
        cause: $"The blocks of this model ({family}) have no {site}.",
        place: checkpoint,
        remedy: $"Leave {site} out of the sites; without a list of them, those that the model has are written.");

    /// <summary>A site asked for by name of a block that is not there.</summary>
    public static InputException NoSuchBlock(string name, int blocks, string checkpoint) => new(
        cause: FormattableString.Invariant($"There is no {name}: the model has {blocks} blocks, counted from 0."),
        place: checkpoint,
        remedy: FormattableString.Invariant($"Name blocks up to {blocks - 1}."));

    /// <summary>A run that the machine has no room for.</summary>
    public static InputException TooLittleMemory(string model, string needs, string available) => new(
        cause: $"The run needs about {needs} of memory, and {available} are available.",
        place: model,
        remedy: "Give fewer or shorter prompts, or fewer --threads; leave out --positions all; or end other programs.");

    /// <summary>No prompts at all.</summary>
    public static InputException NoPrompts() => new(
        cause: "There are no prompts.",
        place: "prompts",
        remedy: "Give at least one.");
}
