using Castalia.Errors;
using Castalia.Prompts;

namespace Castalia.Interventions;

/// <summary>What can be wrong with an intervention once model and prompts are known.</summary>
static class InterventionErrors
{
    /// <summary>A site that the model's blocks do not have.</summary>
    public static InputException NoSuchSite(string place, string site, string family, IEnumerable<string> present) => new(
        $"The blocks of this model ({family}) have no {site}.", place, $"Name another site; these blocks have {string.Join(", ", present)}.");

    /// <summary>A block that the model does not have.</summary>
    public static InputException NoSuchBlock(string place, int block, int nLayers) => new(
        FormattableString.Invariant($"There is no block {block}: the model has {nLayers}, counted from 0."), place,
        FormattableString.Invariant($"Name blocks from 0 to {nLayers - 1}, or last, or all."));

    /// <summary>A head or neuron that the block does not have.</summary>
    public static InputException NoSuchUnit(string place, string kind, int index, int count) => new(
        FormattableString.Invariant($"There is no {kind} {index}: a block of this model has {count}, counted from 0."), place,
        FormattableString.Invariant($"Name one from 0 to {count - 1}."));

    /// <summary>More units than there are.</summary>
    public static InputException TooManyUnits(string place, int wanted, int count, string kind, int block) => new(
        FormattableString.Invariant($"{wanted} {kind}s are asked for, and block {block} has {count}."), place,
        FormattableString.Invariant($"Ask for at most {count}."));

    /// <summary>No unit is left to stand beside those that were chosen.</summary>
    public static InputException NoneLeft(string place, string kind, int block) => new(
        FormattableString.Invariant($"So many {kind}s of block {block} are asked for that none is left of which one could be nearest in length."), place, "Ask for at most half of them.");

    /// <summary>A mean of length 0.</summary>
    public static InputException NoMean(string place, string set, int block) => new(
        FormattableString.Invariant($"The mean of the stream over {set} has length 0 in block {block}: it is no direction."), place, "Name another set or direction.");

    /// <summary>Principal components that are not determined.</summary>
    public static InputException NoComponents(string place, int count, string set, int block) => new(
        FormattableString.Invariant($"The first {count} principal components of the stream over {set} are not determined in block {block}."), place, "Name a set with more positions, or fewer components.");

    /// <summary>A band whose edge is not determined.</summary>
    public static InputException NoBand(string place, string name) => new(
        $"{name}: an edge lies between singular values too close to tell; which directions belong to it is arbitrary.", place, "Name another band, or several that end elsewhere.");

    /// <summary>Bands of a stream too narrow for them.</summary>
    public static InputException TooNarrowForBands(string place, int width, int bands) => new(
        FormattableString.Invariant($"The stream is {width} wide: too narrow for {bands} bands of the unembedding."), place, "Leave the intervention out for this model.");

    /// <summary>A position that a prompt does not have.</summary>
    public static InputException NoSuchPosition(string place, int position, TokenizedPrompt prompt) => new(
        FormattableString.Invariant($"Prompt {prompt.Prompt.Name} has no position {position}: it has {prompt.Ids.Count}, counted from 0."), place,
        "Name positions that every prompt has, or all, or last; or give other prompts.");

    /// <summary>A prompt that is not among those of the run.</summary>
    public static InputException NoSuchPrompt(string place, string name, string known) => new(
        $"There is no prompt '{name}' in this run.", place, $"Patch from a prompt that is read in the same run: {known}.");

    /// <summary>A patch between prompts of different lengths.</summary>
    public static InputException UnequalLengths(string place, TokenizedPrompt from, TokenizedPrompt to) => new(
        FormattableString.Invariant($"Prompt {from.Prompt.Name} has {from.Ids.Count} tokens and prompt {to.Prompt.Name} {to.Ids.Count}: their positions do not correspond."), place,
        "Patch between prompts of equally many tokens; give only such prompts.");

    /// <summary>A matched patch for which no prompt has a partner.</summary>
    public static InputException NoSource(string place, Matching by, int prompts, int settled, int open) => new(
        FormattableString.Invariant($"No prompt has a partner of as many tokens: of {prompts}, {settled} are settled (entropy below {by.SettledNats} nats) and {open} open (above {by.OpenNats})."), place,
        "Give prompts of equal lengths of both kinds, or move 'settled' and 'open'.");

    /// <summary>A reference set that holds the prompt itself.</summary>
    public static InputException SetContainsPrompt(string place, string set, Prompt prompt) => new(
        $"The set {set} contains prompt {prompt.Name}: what is taken over it would hold what is measured.", place,
        "Name a set without the prompts of the run, or 'over: prompt' for the mean over the prompt's own positions.");

    /// <summary>A set whose texts have no position that counts.</summary>
    public static InputException EmptySet(string place, string set) => new(
        $"The texts of {set} have one token each, and the first position does not count.", place, "Name another set, or write 'first: included'.");

    /// <summary>A vector of another width.</summary>
    public static InputException WrongWidth(string place, string vector, int length, string site, int width) => new(
        FormattableString.Invariant($"The vector {vector} has {length} values, and {site} has {width} at a position."), place, "Name a vector of that width, or another site.");

    /// <summary>A direction at a site of another width.</summary>
    public static InputException NoDirectionThere(string place, string direction, string site) => new(
        $"{site} is not as wide as {direction}: it has no component along it.", place, "Name a site of the width of the stream: attn_out, mlp_out, resid_pre, resid_mid or resid_post.");

    /// <summary>An output bias that the model does not have.</summary>
    public static InputException NoBias(string place, string site, string family) => new(
        $"The sublayer that writes {site} has no output bias in this model ({family}).", place, "Leave the intervention out for this model.");

    /// <summary>An output bias that goes through a norm before it is added.</summary>
    public static InputException BiasBeforeNorm(string place, string site) => new(
        $"What this model adds as {site} has been through a norm after its output bias: the bias is no summand of it.", place, "Leave the intervention out for this model.");

    /// <summary>The changed sublayer is to be kept too.</summary>
    public static InputException HeldItself(string place, string held, string site) => new(
        $"'held: {held}' keeps the sublayer whose {site} is changed.", place, $"Hold the other sublayer, or none.");

    /// <summary>A direction of length 0.</summary>
    public static InputException NoDirection(string place, string direction, Prompt prompt, int block, int position) => new(
        FormattableString.Invariant($"{direction} has length 0 in block {block} at position {position} of prompt {prompt.Name}: it is no direction."), place,
        "Leave the prompt or the position out, or name another direction.");

    /// <summary>Activations that left float32.</summary>
    public static InputException NotFinite(string place, string intervention, Prompt prompt, int block) => new(
        FormattableString.Invariant($"Under '{intervention}' the activations of prompt {prompt.Name} leave the range of float32 in block {block} (from 0)."), place,
        "Use a smaller factor or vector; if it is neither, check the checkpoint.");

    /// <summary>No room for even one variant.</summary>
    public static InputException TooLittleMemory(Prompt prompt, long needs, long allowed) => new(
        FormattableString.Invariant($"One intervention on prompt {prompt.Name} takes {needs} bytes beside the clean pass, and {allowed} are allowed for those computed at a time."), "--memory",
        "Allow more, or give shorter prompts.");
}
