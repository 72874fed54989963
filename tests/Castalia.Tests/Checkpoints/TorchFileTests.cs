using Castalia.Checkpoints;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>Against files that torch itself wrote: tests/golden/torch, made by tools/make-torch-fixtures.py.</summary>
public sealed class TorchFileTests
{
    static readonly string Fixtures = Path.Combine(Shared.Repository, "tests", "golden", "torch");

    public static TheoryData<string> Written => [.. Directory.GetFiles(Fixtures, "*.pt").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Written))]
    public void Every_tensor_has_the_type_shape_and_bytes_that_torch_reads(string name)
    {
        using var file = MappedFile.Open(Path.Combine(Fixtures, name));
        using var contiguous = MappedFile.Open(Path.Combine(Fixtures, "expected.safetensors"));
        var expected = SafetensorsFile.Read(contiguous).ToDictionary(t => t.Name);
        var tensors = TorchFile.Read(file);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in tensors)
        {
            var reference = expected[tensor.Name];
            Assert.Equal((reference.DType, string.Join(" × ", reference.Shape)), (tensor.DType, string.Join(" × ", tensor.Shape)));
            Assert.Equal((reference.Count, reference.ByteLength), (tensor.Count, tensor.ByteLength));
            for (long row = 0; row < tensor.Rows; row++)
            {
                Assert.Equal(Bytes(reference, row), Bytes(tensor, row));
                if (tensor.DType is DType.F16 or DType.BF16 or DType.F32 or DType.F64) Assert.Equal(Values(reference, row), Values(tensor, row));
            }
            Assert.Equal(Widen.Rounded(reference), Widen.Rounded(tensor));
        }
    }

    [Fact]
    public void There_are_fixtures_of_both_forms_in_every_protocol() => Assert.Equal(
        ["legacy-module.pt", .. Enumerable.Range(2, 4).Select(p => $"legacy-protocol-{p}.pt"), "zip-module.pt", .. Enumerable.Range(2, 4).Select(p => $"zip-protocol-{p}.pt")],
        Written.Select(row => row.Data));

    [Theory]
    [InlineData("zip-protocol-2.pt")]
    [InlineData("legacy-protocol-2.pt")]
    public unsafe void Views_share_their_storage_and_are_copied_nowhere(string name)
    {
        using var file = MappedFile.Open(Path.Combine(Fixtures, name));
        var tensors = TorchFile.Read(file).ToDictionary(t => t.Name);
        Assert.True(tensors["shared"].Data == tensors["tied"].Data);
        Assert.True(tensors["shared"].Data + 2 * sizeof(float) == tensors["columns"].Data);
        Assert.True(tensors["f16"].Data == tensors["f16_transposed"].Data);
        Assert.Equal((true, false, false, true), (tensors["shared"].IsContiguous, tensors["columns"].IsContiguous, tensors["f16_transposed"].IsContiguous, tensors["rows"].IsContiguous));
        Assert.All(tensors.Values, t => Assert.InRange((long)t.Data, (long)file.Data, (long)(file.Data + file.Length)));
    }

    [Fact]
    public void A_part_of_a_legacy_storage_begins_where_the_file_says()
    {
        using var folder = new TemporaryFolder();
        var part = TorchBytes.LegacyFloats(p => p.Op("(").Text("p").Int(2).Int(4).Op("t"));
        folder.Write("x.pt", TorchBytes.Legacy(TorchBytes.Dictionary(p => p.Text("a").Tensor(part, 1, [3], [1]).Text("b").Tensor(TorchBytes.LegacyFloats(), 1, [2], [3]))));
        using var file = MappedFile.Open(Path.Combine(folder.Path, "x.pt"));
        var tensors = TorchFile.Read(file);
        Assert.Equal([4f, 5f, 6f], Values(tensors[0], 0));
        Assert.Equal([2f, 5f], Values(tensors[1], 0));
    }

    /// <summary>As after another program has added a folder name, zip64 sizes and no alignment.</summary>
    [Fact]
    public void The_folder_of_an_archive_may_have_any_name_and_its_entries_any_place()
    {
        foreach (string prefix in new[] { "", "archive/", "été/2024/" })
        {
            byte[] sizes = [1, 0, 16, 0, 24, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0];
            var parts = TorchBytes.Parts().Select(part => part with { Name = prefix + part.Name[2..], Padding = 5 + part.Name.Length % 3 }).Reverse().ToList();
            int data = parts.FindIndex(part => part.Name.EndsWith("data/0", StringComparison.Ordinal));
            parts[0] = parts[0] with { Start = uint.MaxValue, Extra = [1, 0, 8, 0, .. new byte[8]] };
            parts[data] = parts[data] with { CentralLength = uint.MaxValue, LocalLength = 0, Flags = 8, Extra = [9, 9, 1, 0, 7, .. sizes] };
            using var folder = new TemporaryFolder();
            using var file = MappedFile.Open(folder.Write("x.pt", ZipBytes.File(parts)));
            Assert.Equal([4f, 5f, 6f], Values(Assert.Single(TorchFile.Read(file)), 1));
        }
    }

    [Fact]
    public void The_reference_material_as_its_authors_ship_it_opens_with_masks_and_scalars()
    {
        using var checkpoint = Checkpoint.Open(Shared.Path("golden", "models", "gptj", "as-shipped"));
        Assert.Equal(CheckpointFormat.PyTorch, checkpoint.Format);
        Assert.Equal(53, checkpoint.Tensors.Count);
        Assert.Equal([1L, 1L, 64L, 64L], checkpoint.Tensors["transformer.h.0.attn.bias"].Shape);
        Tensor scalar = checkpoint.Tensors["transformer.h.3.attn.masked_bias"];
        Assert.Empty(scalar.Shape);
        Assert.Equal([float.NegativeInfinity], Values(scalar, 0));
    }

    static readonly (DType Type, string Storage)[] Types =
    [
        (DType.F64, "DoubleStorage"), (DType.F32, "FloatStorage"), (DType.F16, "HalfStorage"), (DType.BF16, "BFloat16Storage"), (DType.Bool, "BoolStorage"),
        (DType.U8, "ByteStorage"), (DType.I8, "CharStorage"), (DType.I16, "ShortStorage"), (DType.I32, "IntStorage"), (DType.I64, "LongStorage"),
    ];

    /// <summary>Any view of a storage against the definition: element i₀ i₁ … is number offset + Σ iₖ·strideₖ of the storage.</summary>
    [Fact]
    public void Strided_views_read_as_their_definition_says() =>
        Gen.Select(Gen.Int[0, Types.Length - 1], Gen.Int[0, 5], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 9]).Array[0, 4], Gen.Int[4, 12], Gen.Bool, Gen.Byte)
            .Sample((which, offset, axes, padding, legacy, seed) =>
            {
                var type = Types[which];
                if (seed % 8 == 0 && axes.Length > 0) axes[^1].Item1 = 300; // longer than what is gathered at a time
                int size = type.Type.Block().Bytes, count = offset + 1 + axes.Sum(axis => Math.Max(0, axis.Item1 - 1) * axis.Item2);
                byte[] storage = new byte[count * size];
                new Random(seed).NextBytes(storage);
                long[] shape = [.. axes.Select(axis => (long)axis.Item1)], strides = [.. axes.Select(axis => (long)axis.Item2)];
                byte[] pickle = TorchBytes.Dictionary(p => p.Text("a").Tensor(
                    s => s.Storage(type.Storage, "k", count, legacy ? none => none.Op("N") : null), offset, shape, strides));
                byte[] bytes = legacy
                    ? TorchBytes.Legacy(pickle, keys: new PickleWriter().Op("]").Text("k").Op("a").End(), data: [.. BitConverter.GetBytes((long)count), .. storage])
                    : ZipBytes.File(TorchBytes.Parts(pickle, ("k", storage)).Select(part => part with { Padding = padding }));
                using var folder = new TemporaryFolder();
                using var file = MappedFile.Open(folder.Write("x.pt", bytes));
                var tensor = Assert.Single(TorchFile.Read(file));
                Assert.Equal(shape, tensor.Shape);
                byte[] expected = [.. Elements(offset, shape, strides).SelectMany(i => storage[(i * size)..((i + 1) * size)])];
                Assert.Equal(expected, Enumerable.Range(0, (int)tensor.Rows).SelectMany(row => Bytes(tensor, row)));
                if (tensor.DType is DType.F16 or DType.BF16 or DType.F32 or DType.F64) CheckValues(tensor, expected, seed);
            }, iter: 2000);

    /// <summary>Widened as a whole, and from a column on, against the same elements side by side.</summary>
    static unsafe void CheckValues(Tensor tensor, byte[] elements, int seed)
    {
        fixed (byte* data = elements)
        {
            var plain = new Tensor("plain", tensor.DType, tensor.Shape, "memory", data, elements.Length);
            for (long row = 0; row < tensor.Rows; row++)
            {
                Assert.Equal(Bits(Values(plain, row)), Bits(Values(tensor, row)));
                int start = tensor.Columns == 0 ? 0 : seed % (int)tensor.Columns;
                float[] rest = new float[tensor.Columns - start];
                Widen.Row(tensor, row, start, rest);
                Assert.Equal(Bits(Values(plain, row)[start..]), Bits(rest));
            }
            Assert.Equal(Widen.Rounded(plain), Widen.Rounded(tensor));
        }
    }

    static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    static IEnumerable<int> Elements(int offset, long[] shape, long[] strides) => shape.Length == 0
        ? [offset]
        : Enumerable.Range(0, (int)shape[0]).SelectMany(i => Elements(offset + i * (int)strides[0], shape[1..], strides[1..]));

    static byte[] Bytes(Tensor tensor, long row)
    {
        byte[] bytes = new byte[tensor.Columns * tensor.DType.Block().Bytes];
        tensor.CopyRow(row, 0, bytes);
        return bytes;
    }

    static float[] Values(Tensor tensor, long row)
    {
        float[] values = new float[tensor.Columns];
        Widen.Row(tensor, row, 0, values);
        return values;
    }
}
