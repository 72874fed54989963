using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Every message a checkpoint's files can fail with, side by side so that they read alike.</summary>
static class CheckpointErrors
{
    const string Redownload = "The file is damaged or was not written to its end: download it again.";
    const string Compare = "Compare length and hash with the publisher's: if they differ the file is damaged, download it again; else it was written wrongly, take another upload.";
    const string Correct = "If the file was edited, correct it there; else take it again from the model's publisher.";
    const string TakeIndex = "Take index and shards of one revision from the model's publisher.";

    public static InputException NoSuchPath(string path) => new(
        $"There is no checkpoint at '{path}'.", path, "Give a Hugging Face folder (config.json and the weights) or a .gguf file.");

    public static InputException NotACheckpointFile(string path) => new(
        $"'{Path.GetFileName(path)}' is a file, and not one in GGUF format.", path,
        "Give the folder that holds config.json and the weights, or a .gguf file.");

    public static InputException NoWeights(string folder) => new(
        "The folder holds config.json but no weights that can be read.", folder,
        "Expected model.safetensors or pytorch_model.bin, or the index of either (….index.json) with its shards.");

    public static InputException NoConfig(string folder) => new(
        "The folder holds neither config.json nor exactly one .gguf file or one set of parts.", folder,
        "Give the folder a model was downloaded to; with several .gguf files, give one of them.");

    public static InputException SeveralSafetensors(string folder, IEnumerable<string> files) => new(
        $"Several safetensors files and no index: {string.Join(", ", files)}.", folder,
        "Download model.safetensors.index.json too, or leave only the file that holds the model.");

    public static InputException AdapterAlone(string path, string kind, string? baseModel, bool isMergeable) => new(
        $"This is {kind}{(baseModel is null ? "" : $" of '{baseModel}'")}, which changes a model and is none.", path,
        (baseModel is null ? "It does not say of which model. " : "") + (isMergeable
            ? "Merge it into its base model first, and measure the result: with peft, " +
              "AutoPeftModelForCausalLM.from_pretrained(folder).merge_and_unload().save_pretrained(other)."
            : "Adapters of this kind cannot be merged into weights: measure the base model."));

    public static InputException AdapterInside(string file, string tensor) => new(
        $"Tensor '{tensor}' belongs to an adapter (LoRA or a relative) that is not merged into the model.", file,
        "Merge it first, and measure the result: with peft, model.merge_and_unload().save_pretrained(other).");

    public static InputException WrappedTwice(string file, string tensor, string name) => new(
        $"Tensor '{tensor}' is in a wrapper, and there is another that is '{name}' without its wrapper.", file,
        "Save the model once, without the wrapper (torch.compile, FSDP) around it or its parts.");

    public static InputException CannotOpen(string path, Exception why) => new(
        $"The file cannot be opened: {why.Message}", path, "Check that it exists, is readable and is no longer being written.", why);

    public static InputException NotAnOrdinaryFile(string path, string kind) => new(
        $"'{Path.GetFileName(path)}' is {kind}, not a file with an end.", path, "Give an ordinary file; what comes through a pipe can be saved to one first.");

    public static InputException LfsPointer(string path, string? oid) => new(
        $"The file is a Git LFS pointer, a note in place of the file itself{(oid is null ? "" : $" ({oid})")}.", path,
        "Fetch the file with 'git lfs pull' in the repository it came from, or download it from the publisher's page.");

    public static InputException TooLong(string path, long length, long most) => new(
        $"The file has {length} bytes; files of its kind are read up to {most}.", path, "Is it the file that its name says? Take it again from the model's publisher.");

    public static InputException Malformed(string path, Exception why) => new(
        $"The file is malformed, in a way for which there is no better word than the reader's: {why.Message}", path,
        "Compare it with the same file of the model's publisher, or as it was before it was edited.", why);

    public static InputException GoneMeanwhile(string path, string tensor) => new(
        $"Tensor '{tensor}' was there when the model was measured and is not any more.", path, "Leave the files as they are while they are measured, and measure again.");

    public static InputException NotJson(string path, Exception why, bool endsEarly) => new(
        $"Not valid JSON: {why.Message}", path,
        why.Message.Contains("uplicate", StringComparison.Ordinal) || why.Message.Contains("same key", StringComparison.Ordinal)
            ? "Leave out the one that is not meant: readers of JSON disagree on which of two counts."
            : endsEarly
                ? Redownload
                : why.Message.Contains("depth", StringComparison.Ordinal)
                    ? "Files of its kind are not nested so deep: compare it with the file of the model's publisher."
                    : Correct, why);

    public static InputException NotAnObject(string path, string found) => new(
        $"Expected a JSON object, found {found}.", path, Correct);

    public static InputException IndexWithoutMap(string path) => new(
        "The index has no object 'weight_map'.", path, TakeIndex);

    public static InputException IndexEmpty(string path) => new(
        "The index names no tensor.", $"{path}, weight_map", TakeIndex);

    public static InputException IndexNotAFile(string path, string tensor, string found) => new(
        $"The shard of tensor '{tensor}' is {found}; expected a file name.", $"{path}, weight_map", TakeIndex);

    public static InputException IndexLeavesFolder(string path, string tensor, string shard) => new(
        $"The shard of tensor '{tensor}' is '{shard}', which is not a plain file name.", $"{path}, weight_map",
        "Shards lie beside their index. Do not use an index that points elsewhere.");

    public static InputException ShardMissing(string path, string shard) => new(
        $"Shard '{shard}' is not in the folder.", $"{path}, weight_map", "The download is incomplete: fetch the missing file.");

    public static InputException NotInShard(string index, string tensor, string shard) => new(
        $"Tensor '{tensor}' is not in '{shard}', where the index puts it.", $"{index}, weight_map",
        "Index and shards are of different downloads: fetch all of them from one revision.");

    public static InputException NotInIndex(string index, string tensor, string shard, string? expected) => new(
        $"'{shard}' holds tensor '{tensor}', which the index {(expected is null ? "does not name" : $"puts in '{expected}'")}.",
        $"{index}, weight_map", "Index and shards are of different downloads: fetch all of them from one revision.");

    public static InputException Truncated(string path, string what, long needed, long length) => new(
        $"{what} needs {needed} bytes; the file has {length}.", path, Redownload);

    public static InputException Shortened(string path, long needed, long length) => new(
        $"The file became shorter while it was measured: its tensors end at byte {needed}, it has {length} now.", path,
        "Measure again when no other program writes to it.");

    public static InputException HeaderTooLong(string path, ulong length, long limit) => new(
        $"The header claims {length} bytes; the format allows {limit}.", $"{path}, bytes 0–7",
        $"This is not a safetensors file, or a damaged one. {Compare}");

    public static InputException HeaderNotJson(string path, string why) => new(
        $"The header is not what the format prescribes: {why}", $"{path}, header", Compare);

    public static InputException Tensor(string path, string tensor, string cause) => new(
        $"Tensor '{tensor}' {cause}", $"{path}, header", Compare);

    public static InputException UnknownDType(string path, string tensor, string dType) => new(
        $"Tensor '{tensor}' has type '{dType}', which is not read.", $"{path}, header",
        $"Types read: {DTypes.Names(type => type.Safetensors is not null)}. Take a revision of the model in one of them.");

    public static InputException DataNotCovered(string path, long from, long to) => new(
        $"Bytes {from} to {to} of the data belong to no tensor.", $"{path}, header",
        $"The format forbids holes and trailing bytes. {Compare}");

    public static InputException NotGguf(string path, string found) => new(
        $"The file does not begin with GGUF but with {found}.", $"{path}, bytes 0–3", "Give a GGUF file; is the download complete?");

    public static InputException GgufVersion(string path, uint version) => new(
        (version & 0xFFFF) == 0 && version != 0
            ? $"The file is big-endian GGUF, version {System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(version)}; little-endian files of versions 2 and 3 are read."
            : $"GGUF version {version} is not read; versions 2 and 3 are.", $"{path}, bytes 4–7",
        "Take an upload in little-endian GGUF version 3, or convert the original model with a current llama.cpp.");

    public static InputException Gguf(string path, long offset, string cause) => new(
        cause, $"{path}, byte {offset}", Redownload);

    public static InputException GgmlType(string path, string tensor, uint number) => new(
        $"Tensor '{tensor}' has ggml type {UnreadTypes.Name(number)}: it is not read.", $"{path}, tensor list",
        $"{UnreadTypes.Remedy(number)}Types read: {DTypes.Names(t => t.Ggml is not null && t.IsArithmetic)}, and integers.");

    public static InputException GgmlTypeElsewhere(string path, string tensor, DTypeFacts type, long bytes, long room) => new(
        $"Tensor '{tensor}' has ggml type {type.Ggml}, {type.Type}, and would take {bytes} bytes; the file leaves it {room}.", $"{path}, tensor list",
        $"Programs derived from llama.cpp give the number {type.Ggml} to types of their own. Take a file of the model that llama.cpp's own quantiser made; " +
        "if this is one, it is damaged: download it again.");

    public static InputException NoSuchPart(string path, int number, int count) => new(
        $"By its name this is part {number} of {count}.", path, "Parts are numbered from 1: give the file its own name again.");

    public static InputException PartsMissing(string path, IReadOnlyList<string> missing, int count) => new(
        $"Of the {count} parts of this split file {missing.Count} {(missing.Count == 1 ? "is" : "are")} not in the folder: " +
        $"{string.Join(", ", missing.Take(3).Select(Path.GetFileName))}{(missing.Count > 3 ? ", …" : "")}.", path,
        "The download is incomplete: fetch the missing files into the same folder.");

    public static InputException PartNotNamed(string path, long count) => new(
        $"This is one of {count} parts of a split GGUF file, but its name does not say which.", $"{path}, key 'split.count'",
        $"Give all parts the names they had: NAME-00001-of-{count:D5}.gguf and so on.");

    public static InputException SplitKey(string path, string key, string found, string expected) => new(
        $"Key '{key}' is {found}, but {expected}.", $"{path}, metadata",
        "The parts are of different models, or renamed: fetch all parts of one upload under their own names.");

    public static InputException PartsDisagree(string path, string key, string first) => new(
        $"Key '{key}' is not what the first part, '{first}', says.", $"{path}, metadata",
        "The parts are of different models: fetch all parts of one upload.");

    public static InputException MetadataType(string path, string key, string expected, string found) => new(
        $"Key '{key}' is {found}; expected {expected}.", $"{path}, metadata", "The file is not what its architecture prescribes: take another upload.");

    public static InputException MetadataMissing(string path, string key) => new(
        $"Key '{key}' is not in the file.", $"{path}, metadata", "The file is not what its architecture prescribes: take another upload.");

    public static InputException NoNumbers(string path, string tensor, string type) => new(
        $"Tensor '{tensor}' is of type {type}: no numbers to compute with.", path, $"Weights are stored as {DTypes.Names(t => t.IsArithmetic)}.");
}
