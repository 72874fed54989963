using System.Buffers.Binary;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>A small but whole model, damaged at random: it is read or refused, from its header to its last weight, and nothing else happens.</summary>
public sealed class DamagedGgufTests
{
    const int Width = 32, DataLength = 16384;

    static readonly byte[] Whole = Model().File();

    /// <summary>Values that a damaged count, length or offset is worst at.</summary>
    static readonly ulong[] Numbers = [0, 1, 31, 33, 1 << 20, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue];

    /// <summary>Mostly in the header.</summary>
    static readonly Gen<int> Place = Gen.Frequency((9, Gen.Int[0, Whole.Length - DataLength]), (1, Gen.Int[0, Whole.Length - 1]));

    static readonly Gen<byte[]> Damaged =
        Gen.Select(Gen.Int[0, 4], Place, Place, Gen.Byte[1, 255], Gen.Int[0, Numbers.Length - 1])
            .Select((how, at, other, value, number) =>
            {
                byte[] bytes = [.. Whole];
                switch (how)
                {
                    case 0: bytes[at] ^= value; return bytes;
                    case 1: bytes[at] ^= value; bytes[other] ^= (byte)(value ^ 85); return bytes;
                    case 2: return bytes[..at];
                    case 3: return [.. bytes[..Math.Min(at, other)], .. bytes[Math.Max(at, other)..]];
                    default:
                        at = Math.Min(at, bytes.Length - 8);
                        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Numbers[number]);
                        return bytes;
                }
            });

    [Fact]
    public void It_is_read_or_refused() => Damaged.Sample(bytes =>
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("m.gguf", bytes);
        try
        {
            ReadAll(file);
        }
        catch (InputException e)
        {
            Assert.All([e.Cause, e.Place, e.Remedy], part => Assert.False(string.IsNullOrWhiteSpace(part)));
        }
    }, iter: 3000);

    [Fact]
    public void A_part_that_is_damaged_is_read_or_refused() => Gen.Select(Damaged, Gen.Bool).Sample((bytes, firstIsDamaged) =>
    {
        using var folder = new TemporaryFolder();
        folder.Write("m-00001-of-00002.gguf", firstIsDamaged ? bytes : Whole);
        folder.Write("m-00002-of-00002.gguf", firstIsDamaged ? Whole : bytes);
        Assert.Throws<InputException>(() => Checkpoint.Open(folder.Path)); // no split keys, so whatever else is wrong
    }, iter: 500);

    /// <summary>What is damaged above is a model that would be measured.</summary>
    [Fact]
    public void Undamaged_it_is_read()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(11, ReadAll(folder.Write("m.gguf", Whole)));
    }

    /// <summary>Header, description, binding and every value; returns the number of weights.</summary>
    static int ReadAll(string file)
    {
        using var checkpoint = Checkpoint.Open(file);
        foreach (var tensor in checkpoint.Tensors.Values.Where(t => t.DType.IsArithmetic()))
        {
            float[] row = new float[tensor.Columns];
            for (long r = 0; r < tensor.Rows; r++) Widen.Row(tensor, r, 0, row);
        }
        int weights = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint).Tensors.Count();
        TokenizerFile.ForCheckpoint(checkpoint)?.Encode("a é", out _);
        return weights;
    }

    /// <summary>The metadata alone, which is all that a vocabulary needs: each is read or refused whatever the other ends as.</summary>
    [Fact]
    public void Its_vocabulary_is_read_or_refused() => Damaged.Sample(bytes =>
    {
        using var folder = new TemporaryFolder();
        try
        {
            TokenizerFile.Open(folder.Write("m.gguf", bytes)).Encode("a é", out _);
        }
        catch (InputException e)
        {
            Assert.All([e.Cause, e.Place, e.Remedy], part => Assert.False(string.IsNullOrWhiteSpace(part)));
        }
    }, iter: 2000);

    static GgufBytes Model()
    {
        var file = new GgufBytes { Data = new byte[DataLength] }
            .Key("general.architecture", 8, GgufBytes.Text("llama"u8.ToArray()))
            .Key("llama.block_count", 4, BitConverter.GetBytes(1u))
            .Key("llama.context_length", 10, BitConverter.GetBytes(16UL))
            .Key("llama.embedding_length", 4, BitConverter.GetBytes((uint)Width))
            .Key("llama.feed_forward_length", 2, BitConverter.GetBytes((ushort)Width))
            .Key("llama.attention.head_count", 0, [2])
            .Key("llama.attention.layer_norm_rms_epsilon", 6, BitConverter.GetBytes(1e-5f))
            .Key("llama.rope.freq_base", 12, BitConverter.GetBytes(1e4))
            .Key("tokenizer.ggml.model", 8, GgufBytes.Text("llama"u8.ToArray()))
            .Key("tokenizer.ggml.tokens", 9, GgufBytes.List(8, 2, [.. GgufBytes.Text("<unk>"u8.ToArray()), .. GgufBytes.Text("▁a"u8.ToArray())]))
            .Key("tokenizer.ggml.scores", 9, GgufBytes.List(6, 2, new byte[8]))
            .Key("tokenizer.ggml.token_type", 9, GgufBytes.List(5, 2, [2, 0, 0, 0, 1, 0, 0, 0]))
            .Key("tokenizer.ggml.add_bos_token", 7, [0]);
        ulong offset = 0;
        foreach (var (name, rows, type) in new (string, int, DType)[]
        {
            ("token_embd.weight", 4, DType.Q8_0), ("output_norm.weight", 1, DType.F32), ("blk.0.attn_norm.weight", 1, DType.F32),
            ("blk.0.attn_q.weight", Width, DType.Q4_0), ("blk.0.attn_k.weight", Width, DType.Q4_1), ("blk.0.attn_v.weight", Width, DType.Q5_0),
            ("blk.0.attn_output.weight", Width, DType.Q5_1), ("blk.0.ffn_norm.weight", 1, DType.F32), ("blk.0.ffn_gate.weight", Width, DType.IQ4_NL),
            ("blk.0.ffn_up.weight", Width, DType.BF16), ("blk.0.ffn_down.weight", Width, DType.F16),
        })
        {
            var facts = type.Facts();
            file.Tensor(name, rows == 1 ? [Width] : [Width, (ulong)rows], facts.Ggml!.Value, offset);
            offset += (ulong)((rows * Width / facts.Elements * facts.Bytes + 31) / 32 * 32);
        }
        return file;
    }
}
