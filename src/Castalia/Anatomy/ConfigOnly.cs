using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Anatomy;

/// <summary>A model known by its config.json alone: what it would compute, without the weights it would compute with.</summary>
/// <param name="Architecture">The description.</param>
/// <param name="Words">What the config says besides.</param>
sealed record ConfigOnly(Architecture Architecture, ConfigWords Words)
{
    /// <summary>Reads a config.json, or the one in a folder; weights beside it are not looked at.</summary>
    /// <param name="path">The file or the folder.</param>
    /// <exception cref="InputException">There is none, or it is not understood, or what it describes is told only by the weights.</exception>
    public static ConfigOnly Read(string path)
    {
        string full = Path.GetFullPath(path), file = Directory.Exists(full) ? Path.Combine(full, "config.json") : full;
        return Read(PythonJson.ReadObject(file), Path.GetDirectoryName(file)!);
    }

    /// <summary>Reads a config that is at hand.</summary>
    /// <param name="config">What a config.json holds.</param>
    /// <param name="folder">The folder it stands for, in messages.</param>
    /// <exception cref="InputException">It is not understood, or what it describes is told only by the weights.</exception>
    public static ConfigOnly Read(JsonObject config, string folder)
    {
        var alone = new Checkpoint { Path = folder, Format = CheckpointFormat.Safetensors, Files = [], Tensors = new Dictionary<string, Tensor>(), Config = config };
        var architecture = ArchitectureReader.Read(alone);
        // A model made of what is not there is not the model: where a tensor's presence decides, its absence says nothing here.
        if (TensorsDecide(architecture.Family)) throw AnatomyErrors.WeightsDecide(architecture.Family, Path.Combine(folder, "config.json"));
        return new(architecture, ConfigWords.Of(config));
    }

    static bool TensorsDecide(Family family) =>
        new[] { family.QkvBias, family.AttnOutBias, family.MlpBias, family.TiedUnembedding, family.UnembeddingBias }.Any(AskTensors) ||
        Flags(family.Wiring).Concat(Flags(family.QkNorm)).Any(AskTensors);

    static IEnumerable<Flag> Flags<T>(Choice<T> choice) =>
        choice is Choice<T>.By by ? [by.Flag, .. Flags(by.IfTrue), .. Flags(by.IfFalse)] : [];

    static bool AskTensors(Flag flag) => flag switch
    {
        Flag.ByTensor or Flag.ByAnyTensor or Flag.ByName => true,
        Flag.Unless unless => AskTensors(unless.Other),
        Flag.All all => all.Each.Any(AskTensors),
        _ => false,
    };
}
