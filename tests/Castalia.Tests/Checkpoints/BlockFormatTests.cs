using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Checkpoints.Blocks;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Tests.Architectures;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>
/// blocks.safetensors holds the bytes of 24 blocks of each older type and what the gguf package makes of them, low-bit-blocks.safetensors
/// blocks of the others and what ggml itself makes of them (tools/make-block-goldens.py).
/// </summary>
public sealed unsafe class BlockFormatTests
{
    static IEnumerable<DType> OfBlocks => DTypes.All.Where(facts => facts.Type.IsBlock()).Select(facts => facts.Type);

    public static IEnumerable<ITheoryDataRow> BlockTypes => OfBlocks.Select(type => new TheoryDataRow<DType>(type));

    static IEnumerable<DType> OfGoldens => [.. OfBlocks, DType.F16, DType.BF16];

    public static IEnumerable<ITheoryDataRow> GoldenTypes => OfGoldens.Select(type => new TheoryDataRow<DType>(type));

    [Theory]
    [MemberData(nameof(GoldenTypes))]
    internal void Every_block_is_widened_to_the_bit(DType type)
    {
        using var golden = new GoldenBlocks();
        var (stored, expected) = golden.Of(type);
        for (long row = 0; row < expected.Rows; row++)
            Assert.Equal(Bits(Part(expected, row, 0, (int)expected.Columns)), Bits(Part(stored, row, 0, (int)expected.Columns)));
    }

    [Theory]
    [MemberData(nameof(BlockTypes))]
    internal void The_definition_gives_the_same_bits(DType type)
    {
        using var golden = new GoldenBlocks();
        var (stored, expected) = golden.Of(type);
        float[] values = new float[expected.Count];
        fixed (float* to = values) BlockFormats.Define(type, stored.Data, to, (int)expected.Rows);
        for (long row = 0; row < expected.Rows; row++)
            Assert.Equal(
                Bits(Part(expected, row, 0, (int)expected.Columns)),
                Bits(values.AsSpan((int)(row * expected.Columns), (int)expected.Columns)));
    }

    [Fact]
    public void The_golden_has_every_block_type_and_no_other()
    {
        using var golden = new GoldenBlocks();
        Assert.Equal(
            OfGoldens.Select(type => $"{type}").Order(StringComparer.Ordinal),
            golden.Types.Order(StringComparer.Ordinal));
    }

    /// <summary>Any bytes are a block, scales of infinity and NaN among them.</summary>
    [Theory]
    [MemberData(nameof(BlockTypes))]
    internal void Vectors_and_definition_agree_on_any_bytes(DType type) => Gen.Byte.Array[type.Block().Bytes * 3].Sample(bytes =>
    {
        int elements = type.Block().Elements;
        float[] defined = new float[elements * 3], widened = new float[elements * 3];
        fixed (byte* from = bytes)
        fixed (float* a = defined, b = widened)
        {
            BlockFormats.Define(type, from, a, 3);
            BlockFormats.Widen(type, from, b, 3);
        }
        for (int i = 0; i < defined.Length; i++)
            Assert.True(
                BitConverter.SingleToInt32Bits(defined[i]) == BitConverter.SingleToInt32Bits(widened[i]) ||
                (float.IsNaN(defined[i]) && float.IsNaN(widened[i])),
                $"value {i}: {defined[i]:R} by definition, {widened[i]:R} by vectors");
    }, iter: 1000);

    [Theory]
    [MemberData(nameof(BlockTypes))]
    internal void A_part_of_a_row_is_that_part(DType type)
    {
        using var golden = new GoldenBlocks();
        var (stored, expected) = golden.Of(type);
        int length = type.Block().Elements, columns = length * 12;
        var rows = new Tensor("w", type, [2, columns], "memory", stored.Data, 24 * type.Block().Bytes);
        var values = new Tensor("w", DType.F32, [2, columns], "memory", expected.Data, 2 * columns * sizeof(float));
        for (int row = 0; row < 2; row++)
            for (int start = 0; start < 12; start++)
                for (int count = 0; count <= 12 - start; count++)
                    Assert.Equal(
                        Bits(Part(values, row, start * length, count * length)),
                        Bits(Part(rows, row, start * length, count * length)));
        Assert.Throws<ArgumentException>(() => Part(rows, 0, length / 2, length));
        Assert.Throws<ArgumentException>(() => Part(rows, 0, 0, length / 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Part(rows, 1, 11 * length, 2 * length));
    }

    /// <summary>The linear layer reads a row run by run, so a run must begin and end where a block does.</summary>
    [Fact]
    public void Every_run_of_the_linear_layer_is_whole_blocks() =>
        Assert.All(DTypes.All, facts => Assert.Equal(0, MatMul.Run % facts.Elements));

    /// <summary>Rows of two runs and of one and a half: what the layer makes of stored blocks is what it makes of their values.</summary>
    [Theory]
    [MemberData(nameof(BlockTypes))]
    internal void The_linear_layer_reads_blocks_as_their_values(DType type)
    {
        using var golden = new GoldenBlocks();
        var (stored, expected) = golden.Of(type);
        int columns = type.Block().Elements == 256 ? 2 * MatMul.Run : 3 * MatMul.Run / 2, rows = (int)(expected.Count / columns);
        float[] x = [.. Enumerable.Range(0, 3 * columns).Select(i => 1f / (i + 1))];
        Assert.Equal(
            Bits(Multiply(new Tensor("w", DType.F32, [rows, columns], "memory", expected.Data, expected.ByteLength))),
            Bits(Multiply(new Tensor("w", type, [rows, columns], "memory", stored.Data, stored.ByteLength))));

        float[] Multiply(Tensor tensor)
        {
            using var crew = new Crew(2, CancellationToken.None);
            using var linear = new LinearPass(crew);
            using var packed = new PackedTokens();
            var weight = new StoredRows(new StoredWeight(tensor, RowOrder.AsStored, rows, columns), new SourceRows(InMemory.OfSizes(1, 1, 2)));
            float[] y = new float[3 * rows];
            fixed (float* px = x, py = y) linear.Run(packed.Pack(crew, px, 3, columns), new LinearWeights(weight, null), py);
            return y;
        }
    }

    [Fact]
    public void The_facts_stand_in_the_order_of_the_types()
    {
        Assert.Equal(Enum.GetValues<DType>(), DTypes.All.Select(facts => facts.Type));
        Assert.Equal(DTypes.All.Count(f => f.Ggml is not null), DTypes.All.Where(f => f.Ggml is not null).Select(f => f.Ggml).Distinct().Count());
        Assert.All(DTypes.All, facts => Assert.Equal(facts.Ggml is { } number ? facts.Type : null, facts.Ggml is { } n ? DTypes.FromGgml(n) : null));
    }

    static int[] Bits(ReadOnlySpan<float> values)
    {
        int[] bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++) bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        return bits;
    }

    static float[] Part(Tensor tensor, long row, int start, int count)
    {
        float[] values = new float[count];
        Widen.Row(tensor, row, start, values);
        return values;
    }

    /// <summary>The golden files, open.</summary>
    sealed class GoldenBlocks : IDisposable
    {
        readonly List<MappedFile> _files = [.. Names.Select(name => MappedFile.Open(Path.Combine(Shared.Repository, "tests", "golden", "gguf", name)))];
        readonly Dictionary<string, Tensor> _tensors;

        static readonly string[] Names = ["blocks.safetensors", "low-bit-blocks.safetensors"];

        public GoldenBlocks() => _tensors = _files.SelectMany(SafetensorsFile.Read).ToDictionary(t => t.Name);

        public IEnumerable<string> Types => _tensors.Keys.Select(name => name[..name.IndexOf('.', StringComparison.Ordinal)]).Distinct();

        /// <summary>[24 or more × block], as stored and as float32.</summary>
        public (Tensor Stored, Tensor Expected) Of(DType type)
        {
            Tensor bytes = _tensors[$"{type}.bytes"], values = _tensors[$"{type}.values"];
            Assert.True(values.Rows >= 24);
            Assert.Equal(values.Rows * type.Block().Bytes, bytes.ByteLength);
            return (new Tensor($"{type}", type, values.Shape, bytes.File, bytes.Data, bytes.ByteLength), values);
        }

        public void Dispose() => _files.ForEach(file => file.Dispose());
    }
}
