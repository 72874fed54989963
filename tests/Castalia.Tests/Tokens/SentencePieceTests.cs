using Castalia.Errors;
using Castalia.Tokens;
using Google.Protobuf;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class SentencePieceTests
{
    [Fact]
    public void A_model_says_that_it_is_read_as_the_library_reads_it()
    {
        var tokenizer = TokenizerFile.Open(Write());
        Assert.Contains("a special token typed in a text, such as <s>, is text", Assert.Single(tokenizer.Notes), StringComparison.Ordinal);
        Assert.Equal(1, tokenizer.BosId);
        Assert.Equal([1], tokenizer.DefaultPrefix);
    }

    /// <summary>Neighbours that are in no vocabulary are one unknown; the library writes it as a sign of its own.</summary>
    [Fact]
    public void Unknown_characters_are_one_piece()
    {
        var tokenizer = TokenizerFile.Open(Write());
        Assert.Equal([3, 0, 4], tokenizer.Encode("xyb", out int dropped));
        Assert.Equal(0, dropped);
        Assert.Equal(" \u2047 b", tokenizer.Decode([3, 0, 4]));
    }

    [Theory]
    [InlineData(1, "SentencePiece model type 'Unigram' is not supported")]
    [InlineData(3, "SentencePiece model type 'Word' is not supported")]
    [InlineData(4, "SentencePiece model type 'Char' is not supported")]
    public void Another_type_of_model_is_refused_by_name(int type, string expected) =>
        Assert.Contains(expected, Refusal(Write(type: type)), StringComparison.Ordinal);

    [Fact]
    public void A_damaged_file_is_refused()
    {
        Assert.Contains("Not a SentencePiece model", Refusal(Write([0x0A, 0x7F, 0x01])), StringComparison.Ordinal);
        Assert.Contains("The vocabulary is empty", Refusal(Write([])), StringComparison.Ordinal);
        Assert.Contains("The trie is longer than the map", Refusal(Write(charsmap: [0xFF, 0xFF, 0, 0, 1, 2, 3, 4])), StringComparison.Ordinal);
        Assert.Contains("A denormaliser is not supported", Refusal(Write(denormalizer: true)), StringComparison.Ordinal);
        Assert.Contains("falls back to bytes, and has no piece for some", Refusal(Write(byteFallback: true)), StringComparison.Ordinal);
        Assert.Contains("Piece 'b' stands twice", Refusal(Write(more: "b")), StringComparison.Ordinal);
    }

    /// <summary>What a field's number means decides its type; .NET's reader would take a number for a length.</summary>
    [Theory]
    [InlineData(new byte[] { 0x08, 1 }, "Field 1 is written as Varint; it is LengthDelimited")]                                  // pieces
    [InlineData(new byte[] { 0x0A, 2, 0x08, 5 }, "Field 1 is written as Varint; it is LengthDelimited")]                         // piece.piece
    [InlineData(new byte[] { 0x0A, 2, 0x10, 5 }, "Field 2 is written as Varint; it is Fixed32")]                                 // piece.score
    [InlineData(new byte[] { 0x0A, 9, 0x11, 0, 0, 0, 0, 0, 0, 0, 0 }, "Field 2 is written as Fixed64; it is Fixed32")]
    [InlineData(new byte[] { 0x0A, 3, 0x1A, 1, 1 }, "Field 3 is written as LengthDelimited; it is Varint")]                      // piece.type
    [InlineData(new byte[] { 0x12, 5, 0x1D, 2, 0, 0, 0 }, "Field 3 is written as Fixed32; it is Varint")]                        // trainer_spec.model_type
    [InlineData(new byte[] { 0x1A, 3, 0x1A, 1, 1 }, "Field 3 is written as LengthDelimited; it is Varint")]                      // normalizer_spec.add_dummy_prefix
    [InlineData(new byte[] { 0x0A, 4, 0x0A, 2, 0xC3, 0x28 }, "Field 1 is a text that is not valid UTF-8")]
    [InlineData(new byte[] { 0x0B, 0x0B, 0x0B }, "Not a SentencePiece model")]                                                   // groups without end
    public void A_field_of_another_type_is_malformed(byte[] bytes, string expected) =>
        Assert.Contains(expected, Refusal(Write(bytes)), StringComparison.Ordinal);

    [Fact]
    public void A_replacement_does_not_make_a_text_grow_beyond_measure()
    {
        var tokenizer = TokenizerFile.Open(Write(charsmap: BecomesLong(1000)));
        Assert.Equal(1001, tokenizer.Encode("b", out _).Count + 999); // one unknown for a thousand of them, and the dummy prefix
        Assert.Contains("grow beyond measure", Assert.Throws<InputException>(() => tokenizer.Encode(new string('b', 100), out _)).Message, StringComparison.Ordinal);
        Assert.Contains("A replacement of 1025 bytes is not supported", Refusal(Write(charsmap: BecomesLong(1025))), StringComparison.Ordinal);
    }

    /// <summary>A trie of one key, "b", which becomes so many "x".</summary>
    static byte[] BecomesLong(int length)
    {
        uint[] units = new uint[100];
        units['b'] = 'b' | 1u << 8 | 1u << 10;
        units['b' ^ 1] = 1u << 31;
        return [.. BitConverter.GetBytes(4 * units.Length), .. units.SelectMany(BitConverter.GetBytes), .. Enumerable.Repeat((byte)'x', length), 0];
    }

    [Fact]
    public void A_damaged_model_is_an_error_or_a_tokenizer()
    {
        byte[] whole = File.ReadAllBytes(Write(charsmap: BecomesLong(3)));
        string path = Write(whole);
        var random = new Random(14);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = i % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 4 != 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                var tokenizer = TokenizerFile.Open(path);
                tokenizer.Decode(tokenizer.Encode("b c  xb", out _));
            }
            catch (InputException e)
            {
                Assert.DoesNotContain("for which there is no better word", e.Message, StringComparison.Ordinal);
            }
        }
    }

    static string Refusal(string path) => Assert.Throws<InputException>(() => TokenizerFile.Open(path)).Message;

    static string Write(byte[] bytes)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("castalia-test-").FullName, "tokenizer.model");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    static string Write(int type = 2, byte[]? charsmap = null, bool denormalizer = false, bool byteFallback = false, string? more = null)
    {
        byte[] trainer = Message(m =>
        {
            m.WriteTag(3, WireFormat.WireType.Varint);
            m.WriteEnum(type);
            m.WriteTag(35, WireFormat.WireType.Varint);
            m.WriteBool(byteFallback);
        });
        byte[] map = Message(m =>
        {
            m.WriteTag(2, WireFormat.WireType.LengthDelimited);
            m.WriteBytes(ByteString.CopyFrom(charsmap ?? []));
        });
        return Write(Message(m =>
        {
            foreach (var (text, kind) in new[] { ("<unk>", 2), ("<s>", 3), ("</s>", 3), ("▁", 1), ("b", 1), (more ?? "c", 1) })
            {
                m.WriteTag(1, WireFormat.WireType.LengthDelimited);
                m.WriteBytes(ByteString.CopyFrom(Message(piece =>
                {
                    piece.WriteTag(1, WireFormat.WireType.LengthDelimited);
                    piece.WriteString(text);
                    piece.WriteTag(3, WireFormat.WireType.Varint);
                    piece.WriteEnum(kind);
                })));
            }
            m.WriteTag(2, WireFormat.WireType.LengthDelimited);
            m.WriteBytes(ByteString.CopyFrom(trainer));
            m.WriteTag(3, WireFormat.WireType.LengthDelimited);
            m.WriteBytes(ByteString.CopyFrom(map));
            if (!denormalizer) return;
            m.WriteTag(5, WireFormat.WireType.LengthDelimited);
            m.WriteBytes(ByteString.CopyFrom(Message(d =>
            {
                d.WriteTag(2, WireFormat.WireType.LengthDelimited);
                d.WriteBytes(ByteString.CopyFrom([1]));
            })));
        }));
    }

    static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var message = new CodedOutputStream(stream)) write(message);
        return stream.ToArray();
    }
}
