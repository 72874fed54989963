using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>What is written is read back here by hand, from the format's own definition.</summary>
public sealed class SafetensorsWriterTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("castalia-").FullName;

    string File => Path.Combine(_folder, "x.safetensors");

    [Fact]
    public void The_file_holds_the_header_and_the_bytes_of_the_format()
    {
        using (var writer = SafetensorsWriter.Create(
            File,
            [new("half", DType.F16, [3]), new("é\"", DType.F32, [2, 2]), new("none", DType.F64, [0, 7]), new("one", DType.BF16, [])],
            new Dictionary<string, string> { ["format"] = "pt" }))
        {
            writer.Write("one", 0, [-2f]);
            writer.Write("é\"", 0, [1f, 2f, 3f, 4f]);
            writer.Write("half", 0, [0.5f, -0f, 65504f]);
            writer.Complete();
        }
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, header % 8);
        string json = Encoding.UTF8.GetString(bytes.AsSpan(8, header));
        const string Expected =
            """
            {
              "__metadata__": { "format": "pt" },
              "half": { "dtype": "F16", "shape": [3], "data_offsets": [16, 22] },
              "é\"": { "dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16] },
              "none": { "dtype": "F64", "shape": [0, 7], "data_offsets": [0, 0] },
              "one": { "dtype": "BF16", "shape": [], "data_offsets": [22, 24] }
            }
            """;
        Assert.Equal(JsonNode.Parse(Expected)!.ToJsonString(), JsonNode.Parse(json)!.ToJsonString());
        Assert.Equal(
            "0000803F 00000040 00004040 00008040 0038 0080 FF7B 00C0".Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexString(bytes.AsSpan(8 + header)));
    }

    [Fact]
    public void Elements_already_as_stored_are_written_as_they_are()
    {
        using (var writer = SafetensorsWriter.Create(File, [new("w", DType.BF16, [3])], null))
        {
            writer.WriteStored("w", 1, [1, 2, 3, 4]);
            Assert.Throws<ArgumentException>(() => writer.WriteStored("w", 0, [1]));
            Assert.Throws<ArgumentException>(() => writer.WriteStored("v", 0, [1]));
            Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteStored("w", 2, [1, 2, 3, 4]));
            Assert.Throws<InvalidOperationException>(writer.Complete);
            writer.WriteStored("w", 0, [5, 6]);
            writer.Complete();
        }
        Assert.Equal(new byte[] { 5, 6, 1, 2, 3, 4 }, System.IO.File.ReadAllBytes(File)[^6..]);
    }

    [Fact]
    public void Pieces_written_in_any_order_arrive_where_they_belong() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, int.MaxValue]).Sample((count, seed) =>
        {
            var random = new Random(seed);
            int[] cuts = [0, .. Enumerable.Range(0, 4).Select(_ => random.Next(count + 1)).Order(), count];
            var pieces = cuts.Zip(cuts[1..]).ToArray();
            random.Shuffle(pieces);
            float[] values = [.. Enumerable.Range(0, count).Select(i => i + 0.25f)];
            using (var writer = SafetensorsWriter.Create(File, [new("x", DType.F32, [count])], null))
            {
                foreach (var (from, to) in pieces) writer.Write("x", from, values.AsSpan(from, to - from));
                writer.Complete();
            }
            Assert.Equal(values, Data(File).Chunk(4).Select(four => BitConverter.ToSingle(four)));
        }, threads: 1);

    [Fact]
    public void A_file_that_lacks_elements_never_appears() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, int.MaxValue]).Sample((count, seed) =>
        {
            System.IO.File.Delete(File);
            var random = new Random(seed);
            int missing = random.Next(count);
            using (var writer = SafetensorsWriter.Create(File, [new("whole", DType.F32, [1]), new("holed", DType.F32, [count])], null))
            {
                writer.Write("whole", 0, [1f]);
                for (int n = 0; n < 60; n++)
                {
                    int from = random.Next(count), to = random.Next(from, count) + 1;
                    if (missing < from || missing >= to) writer.Write("holed", from, new float[to - from]);
                }
                for (int at = 0; at < count; at++)
                    if (at != missing) writer.Write("holed", at, [0f]);
                var e = Assert.Throws<InvalidOperationException>(writer.Complete);
                Assert.Equal($"Tensor 'holed' lacks elements {missing} to {missing} of {count}.", e.Message);
            }
            Assert.Empty(Directory.GetFileSystemEntries(_folder));
        }, threads: 1);

    [Fact]
    public void Writing_the_missing_elements_makes_the_file_appear()
    {
        using var writer = SafetensorsWriter.Create(File, [new("x", DType.F32, [3])], null);
        writer.Write("x", 0, [1f, 2f]);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        writer.Write("x", 2, [3f]);
        Assert.False(System.IO.File.Exists(File));
        writer.Complete();
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_already_there_stays_whole_until_the_new_one_is_complete()
    {
        System.IO.File.WriteAllText(File, "old");
        using (SafetensorsWriter.Create(File, [new("x", DType.F32, [1])], null)) { }
        Assert.Equal("old", System.IO.File.ReadAllText(File));
    }

    [Theory] // 1 + 2⁻¹¹ and 1 + 3·2⁻¹¹ lie halfway between two halves; 1 + 2⁻⁸ and 1 + 3·2⁻⁸ between two bfloat16
    [InlineData(DType.F16, 1.00048828125f, 0x3C00)]
    [InlineData(DType.F16, 1.00146484375f, 0x3C02)]
    [InlineData(DType.F16, 1.00048840046f, 0x3C01)]
    [InlineData(DType.F16, 5.9604645e-8f, 0x0001)]
    [InlineData(DType.F16, float.NegativeInfinity, 0xFC00)]
    [InlineData(DType.BF16, 1.00390625f, 0x3F80)]
    [InlineData(DType.BF16, 1.01171875f, 0x3F82)]
    [InlineData(DType.BF16, 1.00390637f, 0x3F81)]
    [InlineData(DType.BF16, float.PositiveInfinity, 0x7F80)]
    [InlineData(DType.BF16, float.NaN, 0xFFC0)]
    internal void Rounding_is_to_nearest_and_ties_go_to_even(DType dType, float value, int bits)
    {
        using (var writer = SafetensorsWriter.Create(File, [new("x", dType, [1])], null))
        {
            writer.Write("x", 0, [value]);
            writer.Complete();
        }
        Assert.Equal(bits, BinaryPrimitives.ReadUInt16LittleEndian(Data(File)));
    }

    [Fact]
    public void A_NaN_whose_payload_is_in_the_lower_half_stays_a_NaN()
    {
        using (var writer = SafetensorsWriter.Create(File, [new("x", DType.BF16, [1])], null))
        {
            writer.Write("x", 0, [BitConverter.UInt32BitsToSingle(0x7F800001)]);
            writer.Complete();
        }
        Assert.Equal(0x7FC0, BinaryPrimitives.ReadUInt16LittleEndian(Data(File)));
    }

    [Theory]
    [InlineData(DType.F16, 65520f)]
    [InlineData(DType.BF16, float.MaxValue)]
    internal void A_value_too_large_for_the_type_is_refused(DType dType, float value)
    {
        using var writer = SafetensorsWriter.Create(File, [new("x", dType, [2])], null);
        var e = Assert.Throws<OverflowException>(() => writer.Write("x", 0, [1f, value]));
        Assert.Contains("Element 1 of 'x'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_belong_is_refused()
    {
        using var writer = SafetensorsWriter.Create(File, [new("x", DType.F32, [2])], null);
        Assert.Throws<ArgumentException>(() => writer.Write("y", 0, [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write("x", 1, [1f, 2f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write("x", -1, [1f]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(File, [new("x", DType.F32, [1]), new("x", DType.F32, [1])], null));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(File, [new("__metadata__", DType.F32, [1])], null));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(File, [new("x", DType.F32, [2, -1])], null));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(File, [new("x", DType.Q8_0, [32])], null));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_the_readers_to_mend()
    {
        string path = Path.Combine(_folder, "missing", "x.safetensors");
        var e = Assert.Throws<InputException>(() => SafetensorsWriter.Create(path, [], null));
        Assert.Equal(path, e.Place);
    }

    static byte[] Data(string file)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(file);
        return bytes[(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes))..];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
