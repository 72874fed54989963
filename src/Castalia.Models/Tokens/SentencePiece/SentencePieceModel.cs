using System.Text;
using Castalia.Checkpoints;
using Castalia.Errors;
using Google.Protobuf;

namespace Castalia.Tokens;

/// <summary>The fields of a SentencePiece model file (<c>sentencepiece_model.proto</c>) that encoding and decoding depend on.</summary>
/// <remarks>Read field by field: what concerns training only is passed over.</remarks>
sealed class SentencePieceModel
{
    const int Bpe = 2;

    /// <summary>The pieces, in order of id.</summary>
    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>trainer_spec.model_type: 1 unigram, 2 BPE, 3 word, 4 char.</summary>
    public int ModelType { get; private set; } = 1;

    /// <summary>trainer_spec.byte_fallback.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>trainer_spec.treat_whitespace_as_suffix.</summary>
    public bool SpaceAsSuffix { get; private set; }

    /// <summary>trainer_spec.bos_piece.</summary>
    public string BosPiece { get; private set; } = "<s>";

    /// <summary>trainer_spec.eos_piece.</summary>
    public string EosPiece { get; private set; } = "</s>";

    /// <summary>trainer_spec.unk_surface.</summary>
    public string UnknownSurface { get; private set; } = " \u2047 ";

    /// <summary>normalizer_spec.precompiled_charsmap.</summary>
    public ByteString CharsmapBlob { get; private set; } = ByteString.Empty;

    /// <summary>normalizer_spec.add_dummy_prefix.</summary>
    public bool AddDummyPrefix { get; private set; } = true;

    /// <summary>normalizer_spec.remove_extra_whitespaces.</summary>
    public bool RemoveExtraWhitespaces { get; private set; } = true;

    /// <summary>normalizer_spec.escape_whitespaces.</summary>
    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is damaged, or of a kind that is not supported.</exception>
    public static SentencePieceModel Read(string path)
    {
        var model = new SentencePieceModel();
        byte[] bytes = InputFile.Bytes(path);
        try
        {
            Fields(new CodedInputStream(bytes), (field, input) => model.ReadField(path, field, input));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            throw TokenizerErrors.Malformed(path, "protocol buffer", $"Not a SentencePiece model: {e.Message}");
        }
        if (model.Pieces.Count == 0) throw TokenizerErrors.Malformed(path, "pieces", "The vocabulary is empty.");
        string kind = model.ModelType switch { 1 => "Unigram", 3 => "Word", 4 => "Char", _ => $"{model.ModelType}" };
        return model.ModelType == Bpe ? model : throw TokenizerErrors.Unsupported(path, "trainer_spec.model_type", $"SentencePiece model type '{kind}'");
    }

    bool ReadField(string path, int field, Value input)
    {
        switch (field)
        {
            case 1: Pieces.Add(ReadPiece(path, Pieces.Count, input.Bytes)); return true;
            case 2: Fields(input.Message, ReadTrainer); return true;
            case 3: Fields(input.Message, ReadNormalizer); return true;
            case 5: Fields(input.Message, (part, spec) => ReadDenormalizer(path, part, spec)); return true;
            default: return false;
        }
    }

    static SentencePiece ReadPiece(string path, int id, ByteString message)
    {
        string text = "";
        float score = 0;
        int kind = 1;
        Fields(message.CreateCodedInput(), (field, input) =>
        {
            switch (field)
            {
                case 1: text = input.Text; return true;
                case 2: score = input.Float; return true;
                case 3: kind = input.Enum; return true;
                default: return false;
            }
        });
        return Enum.IsDefined((SentencePieceKind)kind)
            ? new(text, score, (SentencePieceKind)kind)
            : throw TokenizerErrors.Malformed(path, $"piece {id}", $"Piece '{text}' is of type {kind}; known are 1 to 6.");
    }

    bool ReadTrainer(int field, Value input)
    {
        switch (field)
        {
            case 3: ModelType = input.Enum; return true;
            case 24: SpaceAsSuffix = input.Bool; return true;
            case 35: ByteFallback = input.Bool; return true;
            case 44: UnknownSurface = input.Text; return true;
            case 46: BosPiece = input.Text; return true;
            case 47: EosPiece = input.Text; return true;
            default: return false;
        }
    }

    bool ReadNormalizer(int field, Value input)
    {
        switch (field)
        {
            case 2: CharsmapBlob = input.Bytes; return true;
            case 3: AddDummyPrefix = input.Bool; return true;
            case 4: RemoveExtraWhitespaces = input.Bool; return true;
            case 5: EscapeWhitespaces = input.Bool; return true;
            default: return false;
        }
    }

    static bool ReadDenormalizer(string path, int field, Value input)
    {
        if (field != 2) return false;
        if (input.Bytes.Length > 0) throw TokenizerErrors.Unsupported(path, "denormalizer_spec", "A denormaliser");
        return true;
    }

    /// <summary>Hands each field to a reader, which says whether it took it.</summary>
    static void Fields(CodedInputStream input, Func<int, Value, bool> read)
    {
        while (input.ReadTag() is var tag and not 0)
            if (!read(WireFormat.GetTagFieldNumber(tag), new Value(input, tag))) input.SkipLastField();
    }

    /// <summary>The value of a field, read as one type; a field that is written as another is malformed.</summary>
    readonly struct Value(CodedInputStream input, uint tag)
    {
        static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        public ByteString Bytes => As(WireFormat.WireType.LengthDelimited).ReadBytes();

        public CodedInputStream Message => Bytes.CreateCodedInput();

        public float Float => As(WireFormat.WireType.Fixed32).ReadFloat();

        public int Enum => As(WireFormat.WireType.Varint).ReadEnum();

        public bool Bool => As(WireFormat.WireType.Varint).ReadBool();

        public string Text
        {
            get
            {
                var bytes = Bytes;
                try
                {
                    return bytes.ToString(Utf8);
                }
                catch (DecoderFallbackException)
                {
                    throw new InvalidDataException($"Field {WireFormat.GetTagFieldNumber(tag)} is a text that is not valid UTF-8.");
                }
            }
        }

        CodedInputStream As(WireFormat.WireType type) => WireFormat.GetTagWireType(tag) == type ? input : throw new InvalidDataException(
            $"Field {WireFormat.GetTagFieldNumber(tag)} is written as {WireFormat.GetTagWireType(tag)}; it is {type}.");
    }
}
