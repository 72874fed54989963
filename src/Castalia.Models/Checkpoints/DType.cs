namespace Castalia.Checkpoints;

/// <summary>How the elements of a tensor are stored. What follows from a type stands in <see cref="DTypes.All"/>.</summary>
enum DType
{
    /// <summary>IEEE binary64.</summary>
    F64,
    /// <summary>IEEE binary32.</summary>
    F32,
    /// <summary>IEEE binary16.</summary>
    F16,
    /// <summary>The upper half of a binary32.</summary>
    BF16,
    /// <summary>ggml block of 32: four bits, one scale.</summary>
    Q4_0,
    /// <summary>ggml block of 32: four bits, a scale and a minimum.</summary>
    Q4_1,
    /// <summary>ggml block of 32: five bits, one scale.</summary>
    Q5_0,
    /// <summary>ggml block of 32: five bits, a scale and a minimum.</summary>
    Q5_1,
    /// <summary>ggml block of 32: eight bits, one scale.</summary>
    Q8_0,
    /// <summary>ggml block of 256: two bits, a scale and a minimum for 16.</summary>
    Q2_K,
    /// <summary>ggml block of 256: three bits, a scale for 16.</summary>
    Q3_K,
    /// <summary>ggml block of 256: four bits, a scale and a minimum for 32.</summary>
    Q4_K,
    /// <summary>ggml block of 256: five bits, a scale and a minimum for 32.</summary>
    Q5_K,
    /// <summary>ggml block of 256: six bits, a scale for 16.</summary>
    Q6_K,
    /// <summary>ggml block of 32: four bits that choose one of 16 fixed levels, one scale.</summary>
    IQ4_NL,
    /// <summary>ggml block of 256: four bits that choose one of 16 fixed levels, a scale for 32.</summary>
    IQ4_XS,
    /// <summary>ggml block of 256: entries of eight in a table of 256, a scale for 32.</summary>
    IQ2_XXS,
    /// <summary>ggml block of 256: entries of eight in a table of 512, a scale for 16.</summary>
    IQ2_XS,
    /// <summary>ggml block of 256: entries of eight in a table of 1024, a scale for 16.</summary>
    IQ2_S,
    /// <summary>ggml block of 256: entries of four in a table of 256, a scale for 32.</summary>
    IQ3_XXS,
    /// <summary>ggml block of 256: entries of four in a table of 512, a scale for 32.</summary>
    IQ3_S,
    /// <summary>ggml block of 256: entries of eight in a table of 2048, a scale for 32.</summary>
    IQ1_S,
    /// <summary>ggml block of 256: entries of eight in a table of 2048, a scale for 16.</summary>
    IQ1_M,
    /// <summary>ggml block of 256: ternary digits, five in a byte, one scale.</summary>
    TQ1_0,
    /// <summary>ggml block of 256: ternary digits in two bits, one scale.</summary>
    TQ2_0,
    /// <summary>ggml block of 32: floats of four bits, a power of two for scale.</summary>
    MXFP4,
    /// <summary>ggml block of 64: floats of four bits, a float of eight for scale of 16.</summary>
    NVFP4,
    /// <summary>ggml block of 128: signs, one scale.</summary>
    Q1_0,
    /// <summary>ggml block of 64: two bits, one scale.</summary>
    Q2_0,
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>Unsigned byte.</summary>
    U8,
    /// <summary>Signed byte.</summary>
    I8,
    /// <summary>16-bit integer.</summary>
    I16,
    /// <summary>32-bit integer.</summary>
    I32,
    /// <summary>64-bit integer.</summary>
    I64,
}

/// <summary>What is to be known of a storage type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Elements">Values stored together along the last axis.</param>
/// <param name="Bytes">Bytes they take.</param>
/// <param name="IsArithmetic">Whether a weight may be stored so.</param>
/// <param name="Safetensors">Its name in a safetensors header; null where it does not occur.</param>
/// <param name="Ggml">Its number in a GGUF file; null where it does not occur.</param>
sealed record DTypeFacts(DType Type, int Elements, int Bytes, bool IsArithmetic, string? Safetensors, uint? Ggml);

/// <summary>The storage types: sizes, names and numbers in files.</summary>
static class DTypes
{
    /// <summary>Every type, in the order of <see cref="DType"/>.</summary>
    public static IReadOnlyList<DTypeFacts> All { get; } =
    [
        new(DType.F64, 1, 8, true, "F64", 28),
        new(DType.F32, 1, 4, true, "F32", 0),
        new(DType.F16, 1, 2, true, "F16", 1),
        new(DType.BF16, 1, 2, true, "BF16", 30),
        new(DType.Q4_0, 32, 18, true, null, 2),
        new(DType.Q4_1, 32, 20, true, null, 3),
        new(DType.Q5_0, 32, 22, true, null, 6),
        new(DType.Q5_1, 32, 24, true, null, 7),
        new(DType.Q8_0, 32, 34, true, null, 8),
        new(DType.Q2_K, 256, 84, true, null, 10),
        new(DType.Q3_K, 256, 110, true, null, 11),
        new(DType.Q4_K, 256, 144, true, null, 12),
        new(DType.Q5_K, 256, 176, true, null, 13),
        new(DType.Q6_K, 256, 210, true, null, 14),
        new(DType.IQ4_NL, 32, 18, true, null, 20),
        new(DType.IQ4_XS, 256, 136, true, null, 23),
        new(DType.IQ2_XXS, 256, 66, true, null, 16),
        new(DType.IQ2_XS, 256, 74, true, null, 17),
        new(DType.IQ2_S, 256, 82, true, null, 22),
        new(DType.IQ3_XXS, 256, 98, true, null, 18),
        new(DType.IQ3_S, 256, 110, true, null, 21),
        new(DType.IQ1_S, 256, 50, true, null, 19),
        new(DType.IQ1_M, 256, 56, true, null, 29),
        new(DType.TQ1_0, 256, 54, true, null, 34),
        new(DType.TQ2_0, 256, 66, true, null, 35),
        new(DType.MXFP4, 32, 17, true, null, 39),
        new(DType.NVFP4, 64, 36, true, null, 40),
        new(DType.Q1_0, 128, 18, true, null, 41),
        new(DType.Q2_0, 64, 18, true, null, 42),
        new(DType.Bool, 1, 1, false, "BOOL", null),
        new(DType.U8, 1, 1, false, "U8", null),
        new(DType.I8, 1, 1, false, "I8", 24),
        new(DType.I16, 1, 2, false, "I16", 25),
        new(DType.I32, 1, 4, false, "I32", 26),
        new(DType.I64, 1, 8, false, "I64", 27),
    ];

    /// <summary>What is to be known of a type.</summary>
    public static DTypeFacts Facts(this DType type) => All[(int)type];

    /// <summary>Elements stored together, and the bytes they take.</summary>
    public static (int Elements, int Bytes) Block(this DType type) => (type.Facts().Elements, type.Facts().Bytes);

    /// <summary>Whether a weight may be stored so: floats and ggml's blocks, not integers.</summary>
    public static bool IsArithmetic(this DType type) => type.Facts().IsArithmetic;

    /// <summary>Whether values are stored several together.</summary>
    public static bool IsBlock(this DType type) => type.Facts().Elements > 1;

    /// <summary>The type of a name in a safetensors header; null for a name that is not read.</summary>
    internal static DType? FromSafetensors(string name) => All.FirstOrDefault(facts => facts.Safetensors == name)?.Type;

    /// <summary>The type of a ggml type number; null for one that is not read.</summary>
    internal static DType? FromGgml(uint number) => All.FirstOrDefault(facts => facts.Ggml == number)?.Type;

    /// <summary>The names of some types, for messages.</summary>
    internal static string Names(Func<DTypeFacts, bool> which) => string.Join(", ", All.Where(which).Select(facts => facts.Type));

    /// <summary>Whether its ggml number, from 39 on, is given to types of their own by programs derived from llama.cpp.</summary>
    internal static bool MayBeAnother(DType type) => type.Facts().Ggml >= 39;
}
