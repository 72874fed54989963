using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Castalia.Checkpoints;

/// <summary>Reads the form of torch.save before torch 1.6: five pickles, then the storages.</summary>
/// <remarks>
/// The pickles are a magic number, the protocol, facts of the writing machine, the state_dict, and the keys of the storages; each storage
/// is its number of elements in 8 bytes and the elements, in the order of the keys (torch/serialization.py, _legacy_save).
/// </remarks>
static class TorchLegacyFile
{
    const long Protocol = 1001;
    static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static IReadOnlyList<Tensor> Read(MappedFile file, List<string> notes)
    {
        var objects = new TorchObjects(file, legacy: true);
        long at = 0;
        object? magic = Next();
        if (magic is not BigInteger number || number != Magic)
            throw PickleErrors.NotPyTorch(file.Path, $"a pickle of {PickleValues.Describe(magic)}, not torch's magic number");
        object? protocol = Next();
        if (protocol is not Protocol) throw PickleErrors.Version(file.Path, "The file's protocol", PickleValues.Describe(protocol), $"{Protocol}");
        CheckByteOrder(file, Next());
        object? root = Next();
        long keysAt = at;
        if (Next() is not PickleList keys || !keys.Items.All(key => key is string))
            throw PickleErrors.Malformed(file.Path, keysAt, "The keys of the storages are not a list of texts.");
        return TorchFile.Map(file, root, Starts(file, at, [.. keys.Items.Cast<string>()], objects.Storages), notes);

        object? Next()
        {
            (object? value, at) = PickleReader.Read(file, at, file.Length, objects);
            return value;
        }
    }

    static void CheckByteOrder(MappedFile file, object? facts)
    {
        if (facts is not PickleDict dict || !dict.Items.TryGetValue("little_endian", out object? little) || little is not bool isLittle)
            throw PickleErrors.Malformed(file.Path, 0, "The third pickle does not say whether the file is little-endian.");
        if (!isLittle) throw PickleErrors.BigEndian(file.Path, "big");
    }

    static Dictionary<string, long> Starts(MappedFile file, long at, string[] keys, IReadOnlyDictionary<string, TorchStorage> storages)
    {
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string key in keys)
        {
            if (!storages.TryGetValue(key, out var storage)) throw PickleErrors.Storage(file.Path, key, "is in the file, and no tensor refers to it.");
            if (file.Length - at < sizeof(long)) throw PickleErrors.Storage(file.Path, key, $"is to begin at byte {at}; the file has {file.Length}.");
            long count = BinaryPrimitives.ReadInt64LittleEndian(file.Bytes(at, sizeof(long)));
            at += sizeof(long);
            if (count != storage.Count) throw PickleErrors.Storage(file.Path, key, $"has {count} elements in the file and {storage.Count} in the pickle.");
            if (storage.ByteLength > file.Length - at)
                throw PickleErrors.Storage(file.Path, key, $"needs {storage.ByteLength} bytes from byte {at}; the file has {file.Length}.");
            if (!starts.TryAdd(key, at)) throw PickleErrors.Storage(file.Path, key, "is in the file twice.");
            at += storage.ByteLength;
        }
        if (storages.Keys.FirstOrDefault(key => !starts.ContainsKey(key)) is { } missing)
            throw PickleErrors.Storage(file.Path, missing, "is referred to, and not in the file.");
        if (at != file.Length) throw PickleErrors.Malformed(file.Path, at, $"{file.Length - at} bytes follow the last storage.");
        return starts;
    }
}
