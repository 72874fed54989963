using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Derivatives;

/// <summary>What can stop the derivatives of a block.</summary>
static class DynamicsErrors
{
    /// <summary>A block the model does not have.</summary>
    public static InputException NoSuchBlock(int block, int nLayers, string checkpoint) => new(
        cause: FormattableString.Invariant($"There is no block {block}: the model has {nLayers}, counted from 0."),
        place: checkpoint,
        remedy: FormattableString.Invariant($"Name blocks from 0 to {nLayers - 1}, or last, or all."));

    /// <summary>A stream of length 0.</summary>
    public static InputException NoStream(Prompt prompt, int block, int position) => new(
        cause: FormattableString.Invariant($"What enters block {block} (from 0) has length 0: neither along it nor relative to it is anything defined."),
        place: FormattableString.Invariant($"prompt {prompt.Name} ({prompt.Place}), position {position}"),
        remedy: "Leave the prompt out, or the block; an embedding of zeros does this.");

    /// <summary>A derivative that is no number.</summary>
    public static InputException NotFinite(Prompt prompt, int block, int position) => new(
        cause: FormattableString.Invariant($"The Jacobian of block {block} (from 0) holds a NaN or infinity: the block has no derivative there that float64 can hold."),
        place: FormattableString.Invariant($"prompt {prompt.Name} ({prompt.Place}), position {position}"),
        remedy: "Leave the prompt out, or the block.");
}
