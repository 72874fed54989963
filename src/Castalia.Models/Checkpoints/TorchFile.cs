using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Reads a file that torch.save wrote: a zip archive, or before torch 1.6 a row of pickles.</summary>
static unsafe class TorchFile
{
    /// <summary>The tensors of a mapped file, in the order of its state_dict, as views on the mapping.</summary>
    /// <exception cref="InputException">A file that cannot be trusted, or holds no state_dict.</exception>
    public static IReadOnlyList<Tensor> Read(MappedFile file) => Read(file, []);

    /// <summary>The same, noting where in the file the state_dict was found if there is more in it.</summary>
    /// <exception cref="InputException">A file that cannot be trusted, or holds no state_dict.</exception>
    public static IReadOnlyList<Tensor> Read(MappedFile file, List<string> notes)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("PyTorch files are read on little-endian machines only.");
        var head = file.Bytes(0, (int)Math.Min(file.Length, 262));
        if (head.StartsWith("PK\u0003\u0004"u8)) return TorchZipFile.Read(file, notes);
        if (head.Length == 262 && head[257..].SequenceEqual("ustar"u8)) throw PickleErrors.Tar(file.Path);
        if (head is [PickleOpcodes.Proto, ..]) return TorchLegacyFile.Read(file, notes);
        throw PickleErrors.NotPyTorch(file.Path, head.IsEmpty ? "nothing: it is empty" : Convert.ToHexString(head[..Math.Min(8, head.Length)]));
    }

    /// <summary>The tensors of a state_dict, each where its storage lies in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="root">What the pickle holds.</param>
    /// <param name="starts">First byte of each storage, by key; checked to lie in the file to its end.</param>
    /// <param name="notes">Told which entry of the file is the state_dict, where it is one of several.</param>
    internal static IReadOnlyList<Tensor> Map(MappedFile file, object? root, IReadOnlyDictionary<string, long> starts, List<string> notes)
    {
        if (root is not PickleDict whole) throw PickleErrors.NoStateDict(file.Path, PickleValues.Describe(root));
        if (whole.Items.Count == 0) throw PickleErrors.NoStateDict(file.Path, "an empty dictionary");
        PickleDict dict = Inner(file, whole, notes) ?? whole;
        var tensors = new List<Tensor>(dict.Items.Count);
        long repeated = 0;
        foreach (var (key, value) in dict.Items)
        {
            if (key is string wrapper && value is PickleDict) throw PickleErrors.Nested(file.Path, wrapper, PickleValues.Describe(value));
            if (key is not string name || value is not TorchTensor tensor)
                throw PickleErrors.NotATensor(file.Path, key is string text ? $"'{text}'" : $"{key}", PickleValues.Describe(value));
            var storage = tensor.Storage;
            int size = storage.DType.Block().Bytes;
            byte* data = file.Data + starts[storage.Key] + tensor.Offset * size;
            long bytes = tensor.Shape.Aggregate((long)size, (n, axis) => n * axis);
            long room = file.Length + MostRepeated - repeated;
            if (bytes - storage.ByteLength > room) throw PickleErrors.Repeats(file.Path, name, bytes, storage.ByteLength);
            repeated += Math.Max(0, bytes - storage.ByteLength);
            tensors.Add(new(name, storage.DType, tensor.Shape, file.Path, data, bytes, tensor.Strides));
        }
        return tensors;
    }

    /// <summary>What tensors that repeat elements may announce beyond what is stored, and beyond as much again as the file is long; bytes.</summary>
    const long MostRepeated = 16 << 20;

    /// <summary>What trainers call the model's own entry, beside those of an optimiser and the like.</summary>
    static readonly string[] UsualNames = ["state_dict", "model_state_dict", "model", "module"];

    /// <summary>The entry that is a state_dict where the whole is a trainer's dictionary of several things; null where the whole is to be read.</summary>
    /// <remarks>Of several the one of a usual name is meant, unless another holds a tensor of the same name: then there are two versions of the weights.</remarks>
    static PickleDict? Inner(MappedFile file, PickleDict whole, List<string> notes)
    {
        if (whole.Items.Values.Any(value => value is TorchTensor)) return null;
        var inner = whole.Items.Where(pair => pair.Key is string && pair.Value is PickleDict dict && IsStateDict(dict)).ToList();
        if (inner.Count == 0) return null;
        var usual = inner.Where(pair => UsualNames.Contains((string)pair.Key)).ToList();
        var (key, value) = inner.Count == 1 ? inner[0] : usual.Count == 1 ? usual[0] : default;
        string[] names = [.. inner.Select(pair => (string)pair.Key)];
        if (value is not PickleDict found || inner.Any(pair => pair.Value != found && ((PickleDict)pair.Value!).Items.Keys.Any(found.Items.ContainsKey)))
            throw PickleErrors.SeveralStateDicts(file.Path, names);
        string others = string.Join(", ", whole.Items.Keys.Where(other => !other.Equals(key)).Take(5).Select(other => $"'{other}'"));
        if (whole.Items.Count > 6) others += ", …";
        notes.Add($"{Path.GetFileName(file.Path)}: the weights are its entry '{key}'" + (others.Length > 0 ? $"; {others} not read." : "."));
        return found;
    }

    static bool IsStateDict(PickleDict dict) => dict.Items.Count > 0 && dict.Items.All(pair => pair.Key is string && pair.Value is TorchTensor);
}
