using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Attribution;

/// <summary>What can stop an attribution.</summary>
static class AttributionErrors
{
    /// <summary>A block the model does not have.</summary>
    public static InputException NoSuchBlock(int block, int nLayers, string checkpoint) => new(
        cause: FormattableString.Invariant($"There is no block {block}: the model has {nLayers}, counted from 0."),
        place: checkpoint,
        remedy: FormattableString.Invariant($"Name blocks from 0 to {nLayers - 1}, or last, or all."));

    /// <summary>A stream of length 0.</summary>
    public static InputException NoStream(Prompt prompt, int block, int position) => new(
        cause: FormattableString.Invariant($"What enters block {block} (from 0) has length 0: no gain is defined there, and nothing to attribute."),
        place: FormattableString.Invariant($"prompt {prompt.Name} ({prompt.Place}), position {position}"),
        remedy: "Leave the prompt out, or the block; an embedding of zeros does this.");

    /// <summary>Parts that do not make up what the pass computed.</summary>
    public static InputException TooMuchRounding(Prompt prompt, int block, int position, double length, double most) => new(
        cause: FormattableString.Invariant($"The parts of block {block} (from 0) differ from what it added by {length:E1} of ‖h‖ + ‖a‖ + ‖m‖; rounding to float32 is to stay below {most:E0}."),
        place: FormattableString.Invariant($"prompt {prompt.Name} ({prompt.Place}), position {position}"),
        remedy: "Large parts that cancel each other can do this; leave the block out. If they do not, the attribution is wrong: please report it.");

    /// <summary>A part that no mean can be taken over.</summary>
    public static InputException TooLarge(Prompt prompt, int block, int position, Exception because) => new(
        cause: FormattableString.Invariant($"A part of block {block} (from 0) is more than {OrderFreeSums.Most:E1} times ‖h‖²: no mean over prompts is taken of such parts."),
        place: FormattableString.Invariant($"prompt {prompt.Name} ({prompt.Place}), position {position}"),
        remedy: "Leave the block out, or the prompt: what enters the block there is next to nothing.",
        because);

    /// <summary>Reference texts among which is a prompt.</summary>
    public static InputException ReferenceHoldsPrompt(string reference, Prompt text, Prompt prompt) => new(
        cause: $"The reference texts hold one of the prompts: text {text.Name} is prompt {prompt.Name}, and would be compared with itself.",
        place: $"--reference {reference} ({text.Place}) and {prompt.Place}",
        remedy: "Take another set for --reference, or leave the prompt out.");

    /// <summary>Reference texts without a position that counts.</summary>
    public static InputException NoReference(string reference) => new(
        cause: "The reference texts have no position but the first of each, which does not count.",
        place: $"--reference {reference}",
        remedy: "Give texts of several tokens.");
}
