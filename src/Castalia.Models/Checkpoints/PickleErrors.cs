using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Every message a PyTorch file can fail with, side by side so that they read alike.</summary>
static class PickleErrors
{
    const string Compare = "Compare length and hash with the publisher's: if they differ the file is damaged, download it again; else save it anew with a released torch.";
    const string TakeAnother = "Nothing was executed. Take another upload, best one in safetensors.";

    public static InputException Opcode(string path, long at, string opcode) => new(
        $"The pickle holds opcode {opcode}, which no dictionary of tensors needs.", $"{path}, pickle, byte {at}", TakeAnother);

    public static InputException Global(string path, long at, string name) => new(
        $"The pickle refers to '{name}', which is not among the names that are read.", $"{path}, pickle, byte {at}",
        $"Names read: {TorchObjects.Known}. {TakeAnother} Of a file of your own, save the state_dict alone.");

    public static InputException Malformed(string path, long at, string cause) => new(
        cause, $"{path}, pickle, byte {at}", Compare);

    public static InputException Limit(string path, long at, string cause) => new(
        cause, $"{path}, pickle, byte {at}", $"No checkpoint of weights comes near this. {TakeAnother}");

    public static InputException NotPyTorch(string path, string found) => new(
        $"This is not a file torch.save wrote: it begins with {found}.", $"{path}, byte 0",
        "Is it what its name says? Expected: what torch.save writes of a state_dict. A page or a note in its place is of no use: take the file itself.");

    public static InputException Tar(string path) => new(
        "This is a PyTorch file in tar format, as written before 2017, which is not read.", path,
        "Save it anew: torch.save(torch.load(file, weights_only=False), file), if you trust where it is from.");

    public static InputException TorchScript(string path, string entry) => new(
        $"This is a TorchScript archive, a program with its weights (it has '{entry}'), which is not read.", path,
        "Take the model's state_dict, saved by torch.save.");

    public static InputException NoStateDict(string path, string found) => new(
        $"The pickle holds {found}; expected a dictionary of tensors by name.", $"{path}, pickle",
        "Save the model's state_dict: torch.save(model.state_dict(), 'pytorch_model.bin').");

    public static InputException Nested(string path, string key, string found) => new(
        $"Entry '{key}' is {found}; expected a tensor.", $"{path}, pickle",
        "Read is a state_dict, or a dictionary with one state_dict among its entries: pick the dictionary of tensors out and save it alone, " +
        $"torch.save(torch.load(file, weights_only=True)['{key}'], 'pytorch_model.bin').");

    public static InputException SeveralStateDicts(string path, IReadOnlyList<string> keys) => new(
        $"The file holds {keys.Count} dictionaries of tensors, and nothing says which is the model: '{string.Join("', '", keys)}'.", $"{path}, pickle",
        $"Save the one that is meant alone: torch.save(torch.load(file, weights_only=True)['{keys[0]}'], 'pytorch_model.bin').");

    public static InputException Repeats(string path, string name, long bytes, long stored) => new(
        FormattableString.Invariant($"Tensor '{name}' takes {bytes} bytes by repeating the {stored} that are stored, more than is read."), $"{path}, pickle",
        "If it is meant, save it whole: torch.save({name: tensor.contiguous() for name, tensor in state.items()}, file).");

    public static InputException NotATensor(string path, string key, string found) => new(
        $"Entry {key} is {found}; expected a tensor by name.", $"{path}, pickle",
        "Only a flat state_dict is read: leave this entry out and save the rest by torch.save.");

    public static InputException Zip(string path, long at, string cause) => new(cause, $"{path}, byte {at}", Compare);

    public static InputException Compressed(string path, string entry, string how) => new(
        $"Entry '{entry}' is {how}; weights are read where they lie.", $"{path}, zip directory",
        "Another program wrote the archive anew. Take the original, or save it by torch, which stores entries as they are: " +
        "torch.save(torch.load(file, map_location='cpu'), file).");

    public static InputException Entry(string path, string entry, string cause) => new(
        $"Entry '{entry}' {cause}", $"{path}, zip directory", Compare);

    public static InputException Version(string path, string what, string found, string known) => new(
        $"{what} is {found}, which is not read; {known} is.", path, "Save the file anew with a released torch, or take another upload.");

    public static InputException BigEndian(string path, string found) => new(
        $"The weights are in byte order '{found}'; only little-endian files are read.", path,
        "Save the file anew on a little-endian machine, or take another upload.");

    public static InputException Storage(string path, string key, string cause) => new(
        $"Storage '{key}' {cause}", $"{path}, storages", Compare);

    public static InputException SeveralPickles(string folder, IEnumerable<string> files) => new(
        $"Several PyTorch files and no index: {string.Join(", ", files)}.", folder,
        "Download pytorch_model.bin.index.json too, or leave only the file that holds the model.");
}
