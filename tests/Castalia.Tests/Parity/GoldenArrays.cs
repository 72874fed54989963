using System.Buffers.Binary;
using System.Text.Json;

namespace Castalia.Tests.Parity;

/// <summary>One array of a safetensors file, widened to float64.</summary>
public sealed record GoldenArray(int[] Shape, double[] Values)
{
    /// <summary>Row <paramref name="index"/> along the outermost axis.</summary>
    public ReadOnlySpan<double> Row(int index)
    {
        int width = Values.Length / Shape[0];
        return Values.AsSpan(index * width, width);
    }
}

/// <summary>A reader of safetensors that shares nothing with the project's own, so that neither judges
/// itself.</summary>
static class GoldenArrays
{
    public static IReadOnlyDictionary<string, GoldenArray> Load(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, start - 8));
        var arrays = new Dictionary<string, GoldenArray>();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt32())];
            var offsets = entry.Value.GetProperty("data_offsets");
            var data = bytes.AsSpan(start + offsets[0].GetInt32(), offsets[1].GetInt32() - offsets[0].GetInt32());
            double[] values = new double[shape.Aggregate(1, (n, axis) => n * axis)];
            string dType = entry.Value.GetProperty("dtype").GetString()!;
            int width = dType switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, _ => throw new InvalidDataException($"{file}: {dType}") };
            if (data.Length != values.Length * width)
                throw new InvalidDataException($"{file}: '{entry.Name}' has {data.Length} bytes.");
            for (int i = 0; i < values.Length; i++)
            {
                var at = data.Slice(i * width, width);
                values[i] = dType switch
                {
                    "F64" => BinaryPrimitives.ReadDoubleLittleEndian(at),
                    "F32" => BinaryPrimitives.ReadSingleLittleEndian(at),
                    "F16" => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
                    _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(at) << 16),
                };
            }
            arrays.Add(entry.Name, new(shape, values));
        }
        return arrays;
    }
}
