using System.Globalization;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;

namespace Castalia.Benchmarks.Synthetic;

/// <summary>Writes a checkpoint of a Pythia's exact sizes with random weights, as fast as the disk takes it.</summary>
/// <remarks>
/// Files are laid out as on the hub: at most 5 GB each, filled in the order of the state_dict, and in a file the tensors by name.
/// A tensor's values are a run of a table of normal deviates, at a place of its own: drawing billions of them would take minutes.
/// </remarks>
static class SyntheticCheckpoint
{
    const long ShardBytes = 5_000_000_000;
    const int TableLength = 4_194_301; // a prime: no row of a matrix falls on the same run as the one above

    /// <summary>Writes folder/config.json and the weights.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="folder">Created where absent.</param>
    /// <param name="dType">F16, BF16 or F32.</param>
    /// <param name="cancellation">Stops between mebibytes and leaves no half file.</param>
    /// <exception cref="IOException">The disk has no room.</exception>
    public static void Write(PythiaShape shape, string folder, DType dType, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        int width = dType.Block().Bytes;
        CheckRoom(folder, shape.Parameters * width);
        var shards = Shards(shape.Tensors, width);
        var tables = new Dictionary<(double, double), byte[]>();
        var random = new Random(1);
        for (int i = 0; i < shards.Count; i++)
        {
            var tensors = shards[i].OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
            var entries = tensors.Select(tensor => new SafetensorsEntry(tensor.Name, dType, tensor.Shape)).ToList();
            using var writer = SafetensorsWriter.Create(
                Path.Combine(folder, NameOf(i, shards.Count)), entries, new Dictionary<string, string> { ["format"] = "pt" });
            foreach (var tensor in tensors)
            {
                var kind = (tensor.Mean, tensor.Deviation);
                if (!tables.TryGetValue(kind, out byte[]? table)) tables[kind] = table = Table(tensor, dType, width);
                Fill(writer, tensor, table, width, random.Next(TableLength), cancellation);
            }
            writer.Complete();
        }
        if (shards.Count > 1)
        {
            var map = new JsonObject();
            for (int i = 0; i < shards.Count; i++)
                foreach (var tensor in shards[i]) map[tensor.Name] = NameOf(i, shards.Count);
            var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = shape.Parameters * width }, ["weight_map"] = map };
            File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), index.ToJsonString());
        }
        File.WriteAllText(Path.Combine(folder, "config.json"), shape.Config(dType));
    }

    static void CheckRoom(string folder, long bytes)
    {
        const long spare = 1L << 30;
        long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < bytes + spare)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{folder}: {bytes / 1e9:F1} GB are needed, {free / 1e9:F1} GB are free."));
    }

    static List<List<SyntheticTensor>> Shards(IReadOnlyList<SyntheticTensor> tensors, int width)
    {
        var shards = new List<List<SyntheticTensor>> { new() };
        long bytes = 0;
        foreach (var tensor in tensors)
        {
            if (bytes > 0 && bytes + tensor.Count * width > ShardBytes)
            {
                shards.Add([]);
                bytes = 0;
            }
            shards[^1].Add(tensor);
            bytes += tensor.Count * width;
        }
        return shards;
    }

    static string NameOf(int shard, int shards) => shards == 1
        ? "model.safetensors"
        : string.Create(CultureInfo.InvariantCulture, $"model-{shard + 1:00000}-of-{shards:00000}.safetensors");

    /// <summary>Normal deviates as stored. None is subnormal in F16, which some paths take longer over.</summary>
    static byte[] Table(SyntheticTensor tensor, DType dType, int width)
    {
        const double smallestNormalHalf = 6.2e-5;
        var random = new Random(2);
        byte[] table = new byte[TableLength * width];
        for (int i = 0; i < TableLength; i++)
        {
            double value;
            do
            {
                double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                value = tensor.Mean + tensor.Deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble());
            }
            while (Math.Abs(value) < smallestNormalHalf);
            var place = table.AsSpan(i * width, width);
            if (dType == DType.F16) BitConverter.TryWriteBytes(place, (Half)value);
            else if (dType == DType.BF16) BitConverter.TryWriteBytes(place, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
            else BitConverter.TryWriteBytes(place, (float)value);
        }
        return table;
    }

    static void Fill(SafetensorsWriter writer, SyntheticTensor tensor, byte[] table, int width, int at, CancellationToken cancellation)
    {
        for (long done = 0; done < tensor.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            int run = (int)Math.Min(TableLength - at, tensor.Count - done);
            writer.WriteStored(tensor.Name, done, table.AsSpan(at * width, run * width));
            done += run;
            at = (at + run) % TableLength;
        }
    }
}
