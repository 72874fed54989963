using System.Globalization;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>Every message a config can fail with.</summary>
static class ArchitectureErrors
{
    public static InputException NoConfig(string file) => new(
        "There is no config.json, so what the weights mean is unknown.",
        file,
        "Download config.json from the same revision as the weights and put it beside them.");

    public static InputException NoType(string key, string file, string known) => new(
        $"Key '{key}' is absent, so the family of the model is unknown.",
        file,
        $"Castalia reads: {known}. If this is one of them, add the key; a wrong family gives wrong numbers.");

    public static InputException UnknownType(string key, string value, string file, string known) => new(
        $"Model family '{value}' is not one Castalia can measure.",
        $"{file}, key '{key}'",
        $"Castalia reads: {known}. Use a model of one of these families: under another's name a model gives wrong numbers.");

    public static InputException Missing(string key, string file, Family family) => new(
        $"Key '{ConfigReader.Shown(key)}' is absent, and {family.Reference} has no default for it.",
        file,
        family.Config == ConfigKind.HuggingFace
            ? "The file is incomplete: take it from the model's publisher."
            : "The file is incomplete: convert the model with a current converter, or take another upload.");

    public static InputException WrongType(string key, ConfigValue value, string file, string expected) => new(
        value.IsArray
            ? $"Key '{key}' holds {value.Text}; expected {expected}."
            : $"Key '{key}' is '{value.Text}'; expected {expected}.",
        $"{file}, key '{key}'",
        value.IsArray
            ? "Models whose blocks differ from each other are not supported; one value must hold for all blocks."
            : "Compare with the file of the model's publisher and correct the value.");

    public static InputException OutOfRange(string key, string value, string file, string allowed) => new(
        $"Key '{key}' is {value}; allowed is {allowed}.",
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher and correct the value.");

    public static InputException UnknownKey(string key, string value, string file, Family family) => new(
        $"Key '{key}' ({value}) is not one Castalia knows for {family.Title}, so it may change the arithmetic.",
        $"{file}, key '{key}'",
        $"If {family.Reference} ignores it, " + (family.Config == ConfigKind.HuggingFace
            ? "set it to null, or leave it out, in a copy of the folder; "
            : "leave it out when the file is made, or measure the model as published on the hub; ") + "else the model cannot be measured.");

    public static InputException UnknownMetadata(string key, string value, string file, Family family) => new(
        $"Key '{key}' ({value}) is not one Castalia knows for {family.Title}, so it may change the arithmetic.",
        $"{file}, key '{key}'",
        $"If llama.cpp ignores it, write a copy without it: gguf-new-metadata --remove-metadata {key} IN.gguf OUT.gguf (Python package gguf); " +
        "else the model cannot be measured yet.");

    public static InputException BlocksCounted(string key, int stated, int nLayers, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"Key '{key}' is a list of {stated}, one for each block; the model has {nLayers} blocks."),
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher, or convert the model again with a current converter.");

    public static InputException BlocksDiffer(string key, IEnumerable<string> values, string file) => new(
        $"Key '{key}' differs from block to block: {string.Join(", ", values.Take(4))}.",
        $"{file}, key '{key}'",
        "Models whose blocks differ from each other are not supported; one value must hold for all blocks.");

    public static InputException Limited(LimitedKey key, string value, string file) => new(
        $"Key '{key.Name}' is '{value}', which asks for {key.What}: not supported.",
        $"{file}, key '{key.Name}'",
        key.Allowed.Count == 0
            ? "Use another version of the model."
            : $"Only {string.Join(" or ", key.Allowed.Select(a => $"'{a}'"))} can be measured; use another version of the model.");

    public static InputException Conflict(string key, string value, string other, string otherValue, string file) => new(
        $"Keys '{key}' ({value}) and '{other}' ({otherValue}) are two spellings of one thing and disagree.",
        $"{file}, keys '{key}' and '{other}'",
        "Keep the one the model was trained with and remove the other.");

    public static InputException NotDivisible(string key, int value, string by, int divisor, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{key}' is {value}, which is not a multiple of '{by}', {divisor}."),
        $"{file}, keys '{key}' and '{by}'",
        "Heads must share the width evenly; correct whichever does not come from the model's publisher.");

    public static InputException MoreThanStored(string key, int count, string what, int tensors, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{key}' counts {count} {what}, each with weights of its own; the checkpoint holds {tensors} tensors."),
        file,
        "Config and weights must be of one revision of one model: compare both with the publisher's.");

    public static InputException TooWide(int nHeads, int headDim, string file) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"{nHeads} heads of width {headDim} are {(long)nHeads * headDim} dimensions; the most is 2147483647."),
        file,
        "Compare the sizes with the file of the model's publisher.");

    public static InputException TooWideMlp(string key, int dModel, string file) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Key '{key}' is {dModel}, and the MLP four times as wide: {4L * dModel} dimensions; the most is 2147483647."),
        $"{file}, key '{key}'",
        "Compare the sizes with the file of the model's publisher.");

    public static InputException RotaryDims(string key, string value, int dims, int headDim, bool wholeHead, string file) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Key '{key}' = {value} makes {dims} of {headDim} dimensions of a head rotary; ") +
        (wholeHead ? "this family turns whole heads, of even width." : "it must be an even number from 2 to the width of a head."),
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher and correct the value.");

    public static InputException UnknownActivation(string key, string value, string file, IEnumerable<string> known) => new(
        $"Activation '{value}' is not one Castalia computes.",
        $"{file}, key '{key}'",
        $"Known are: {string.Join(", ", known)}.");

    public static InputException NoGelu(GeluChoice choice, Activation stated, string checkpoint) => new(
        $"--activation {choice.Word()} chooses between two forms of GELU; the activation of this model is {ActivationNames.Spoken(stated)}.",
        checkpoint,
        "Leave --activation out for it; models with a GELU can be run apart.");

    public static InputException UnknownScaling(string key, string value, IReadOnlyList<string> types, string file) => new(
        $"Rotary scaling '{value}' is not supported.",
        $"{file}, key '{key}'",
        $"Supported are: {string.Join(", ", types)}. Leaving the key out would measure another model.");

    public static InputException TooFast(string key, double theta, double largest, string file) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Key '{key}' is {theta:G6}: some dimensions of a head would turn by {largest:G3} radians a position; angles up to {Rotary.LargestAngle:G6} are computed."),
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher and correct the value; 10000 and more are usual.");

    public static InputException AmplitudeOutOfRange(string key, double amplitude, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"Rotary scaling multiplies cosines and sines by {amplitude:G6}, which is no float32 above 0."),
        $"{file}, key '{key}'",
        "Compare the whole entry with the file of the model's publisher.");

    public static InputException NoLogarithm(string key, string type, string file) => new(
        $"Rotary scaling '{type}' divides by the logarithm of the base, which is 1.",
        $"{file}, key '{key}'",
        "Compare the base with the file of the model's publisher.");

    public static InputException DynamicNeedsDims(string key, int dims, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"Rotary scaling 'dynamic' needs more than 2 rotary dimensions of a head; there are {dims}."),
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher and correct the value.");

    public static InputException TwoContexts(string key, string type, int stated, int nCtx, string file) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Rotary scaling '{type}' states an original context of {stated} tokens, and the model another, {nCtx}."),
        $"{file}, beside key '{key}'",
        "Implementations disagree on which is meant. If the model's publisher says which, state both as that number.");

    public static InputException KindsPerBlock(string key, string kinds, int nLayers, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"Key '{key}' says what {kinds} blocks see; the model has {nLayers}."),
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher and correct the value.");

    public static InputException KindsUnread(string key, string kinds, int windows, string file) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Key '{key}' is {kinds}; the reference does not go by it here, and by other keys gives {windows} blocks a window."),
        $"{file}, key '{key}'",
        "If the model's publisher says which blocks see a window, make the other keys say so too.");

    public static InputException TooFewExperts(string key, int perToken, string of, int experts, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{key}' sends a token through {perToken} experts; '{of}' has {experts}."),
        $"{file}, keys '{key}' and '{of}'",
        "Compare with the file of the model's publisher and correct the value.");

    public static InputException EmbeddingWidth(string key, int stored, int dModel, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{key}' is {stored}, the width of the stream {dModel}: projections between the two (OPT-350m)."),
        $"{file}, key '{key}'",
        "Not supported: use a model whose embedding is as wide as its stream.");

    public static InputException NotInQuarters(string key, int nHeads, string file) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{key}' is {nHeads}; this family stores its heads in four parts of equal size."),
        $"{file}, key '{key}'",
        "Compare with the file of the model's publisher and correct the value.");

    public static InputException MissingScaling(string key, string typeKey, string type, string file) => new(
        $"Rotary scaling '{type}' needs '{key}', which is absent or null.",
        $"{file}, beside key '{typeKey}'",
        "Take the whole entry from the file of the model's publisher.");
}
