using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Reads a file that torch.save wrote: a zip archive, or before torch 1.6 a row of pickles.</summary>
static unsafe class TorchFile
{
    /// <summary>The tensors of a mapped file, in the order of its state_dict, as views on the mapping.</summary>
    /// <exception cref="InputException">A file that cannot be trusted, or is not a flat state_dict.</exception>
    public static IReadOnlyList<Tensor> Read(MappedFile file)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("PyTorch files are read on little-endian machines only.");
        var head = file.Bytes(0, (int)Math.Min(file.Length, 262));
        if (head.StartsWith("PK\u0003\u0004"u8)) return TorchZipFile.Read(file);
        if (head.Length == 262 && head[257..].SequenceEqual("ustar"u8)) throw PickleErrors.Tar(file.Path);
        if (head is [PickleOpcodes.Proto, ..]) return TorchLegacyFile.Read(file);
        throw PickleErrors.NotPyTorch(file.Path, head.IsEmpty ? "nothing: it is empty" : Convert.ToHexString(head[..Math.Min(8, head.Length)]));
    }

    /// <summary>The tensors of a state_dict, each where its storage lies in the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="root">What the pickle holds.</param>
    /// <param name="starts">First byte of each storage, by key; checked to lie in the file to its end.</param>
    internal static IReadOnlyList<Tensor> Map(MappedFile file, object? root, IReadOnlyDictionary<string, long> starts)
    {
        if (root is not PickleDict dict) throw PickleErrors.NoStateDict(file.Path, PickleValues.Describe(root));
        if (dict.Items.Count == 0) throw PickleErrors.NoStateDict(file.Path, "an empty dictionary");
        var tensors = new List<Tensor>(dict.Items.Count);
        foreach (var (key, value) in dict.Items)
        {
            if (key is string wrapper && value is PickleDict) throw PickleErrors.Nested(file.Path, wrapper, PickleValues.Describe(value));
            if (key is not string name || value is not TorchTensor tensor)
                throw PickleErrors.NotATensor(file.Path, key is string text ? $"'{text}'" : $"{key}", PickleValues.Describe(value));
            var storage = tensor.Storage;
            int size = storage.DType.Block().Bytes;
            byte* data = file.Data + starts[storage.Key] + tensor.Offset * size;
            long bytes = tensor.Shape.Aggregate((long)size, (n, axis) => n * axis);
            tensors.Add(new(name, storage.DType, tensor.Shape, file.Path, data, bytes, tensor.Strides));
        }
        return tensors;
    }
}
