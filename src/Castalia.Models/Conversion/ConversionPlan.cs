using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;

namespace Castalia.Conversion;

/// <summary>What a checkpoint becomes, settled and checked before the first byte is written.</summary>
sealed record ConversionPlan
{
    static readonly string[] TypeKeys = ["torch_dtype", "dtype"]; // of older and newer versions of transformers

    /// <summary>The description that the written folder must be read back as.</summary>
    public required Architecture Target { get; init; }

    /// <summary>config.json; null to copy the file as it is.</summary>
    public required JsonObject? Config { get; init; }

    /// <summary>The tensors in the order they are written.</summary>
    public required IReadOnlyList<TensorPlan> Tensors { get; init; }

    /// <summary>Tensors of the checkpoint that nothing reads, and a tied head stored a second time.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>What the user must know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Bytes of the tensors as written.</summary>
    public long Bytes => Tensors.Sum(tensor => tensor.Bytes);

    /// <summary>Settles it.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="dType">F32, F16 or BF16; null to keep every tensor's own.</param>
    /// <exception cref="InputException">A checkpoint that cannot be read; one that the hub's form cannot say; no type to keep.</exception>
    public static ConversionPlan Of(Checkpoint checkpoint, DType? dType)
    {
        Architecture source = ArchitectureReader.Read(checkpoint);
        WeightMap weights = WeightMap.Bind(source, checkpoint);
        var notes = weights.Notes.ToList();
        Architecture target = HubDescription.Of(source, checkpoint.Path, notes);
        IReadOnlyList<TensorPlan> tensors = new TensorPlans(weights, target, dType).All();
        var read = tensors.SelectMany(tensor => tensor.Sources).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        if (source.Rotary?.StoredDivisors is not null) read.Add(source.Family.Rotary!.StoredDivisors!);
        var plan = new ConversionPlan
        {
            Target = target,
            Config = checkpoint.Metadata is { } metadata
                ? Written(target, metadata, source.Family.Hub!, TypeOf(tensors))
                : Copied(checkpoint, dType),
            Tensors = tensors,
            LeftOut = [.. checkpoint.Tensors.Keys.Where(name => !read.Contains(name)).Order(StringComparer.Ordinal)],
            Notes = notes,
        };
        plan.CheckReadsBack(checkpoint);
        return plan;
    }

    /// <summary>Reads config and tensor names as they will be written; what cannot be said is found here.</summary>
    unsafe void CheckReadsBack(Checkpoint source)
    {
        using var imagined = new Checkpoint
        {
            Path = source.Path,
            Format = CheckpointFormat.Safetensors,
            Files = [],
            Config = Config ?? source.Config,
            Tensors = Tensors.ToDictionary(
                t => t.Name, t => new Tensor(t.Name, t.DType, t.Shape, source.Path, null, t.Bytes), StringComparer.Ordinal),
        };
        Architecture found = ArchitectureReader.Read(imagined);
        if (DescriptionCheck.Difference(Target, found) is var (property, expected, other))
            throw ConversionErrors.NotStated(Target.Family, source.Path, property, expected, other);
        WeightMap.Bind(found, imagined);
    }

    /// <summary>The config of a folder with the type it now has, under every spelling it has it in.</summary>
    static JsonObject? Copied(Checkpoint checkpoint, DType? dType)
    {
        if (dType is not { } type) return null;
        var config = checkpoint.Config!.DeepClone().AsObject();
        string[] stated = [.. TypeKeys.Where(config.ContainsKey)];
        foreach (string key in stated.DefaultIfEmpty(TypeKeys[0])) config[key] = TorchName(type);
        return config;
    }

    static JsonObject Written(Architecture target, GgufMetadata metadata, HubForm form, DType type)
    {
        JsonObject config = ConfigWriter.Of(target);
        config["architectures"] = new JsonArray(form.Class);
        config[TypeKeys[0]] = TorchName(type);
        foreach (var (key, value) in form.Constants) config[key] = value;
        foreach (var (gguf, key) in new[] { ("bos", "bos"), ("eos", "eos"), ("padding", "pad") })
            if (metadata.FindInteger($"tokenizer.ggml.{gguf}_token_id") is { } id && id >= 0 && id < target.DVocab) config[$"{key}_token_id"] = id;
        return config;
    }

    /// <summary>The one type of all tensors, else the one that holds every value of each.</summary>
    static DType TypeOf(IReadOnlyList<TensorPlan> tensors) => tensors.Select(t => t.DType).Distinct().ToList() is [var one] ? one : DType.F32;

    static string TorchName(DType type) => type switch
    {
        DType.F32 => "float32",
        DType.F16 => "float16",
        DType.BF16 => "bfloat16",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
