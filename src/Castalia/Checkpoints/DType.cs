namespace Castalia.Checkpoints;

/// <summary>How the elements of a tensor are stored.</summary>
public enum DType
{
    /// <summary>IEEE binary64.</summary>
    F64,
    /// <summary>IEEE binary32.</summary>
    F32,
    /// <summary>IEEE binary16.</summary>
    F16,
    /// <summary>The upper half of a binary32.</summary>
    BF16,
    /// <summary>ggml block of 32 along the last axis: one F16 scale, 32 signed bytes.</summary>
    Q8_0,
    /// <summary>ggml block of 32 along the last axis: F16 scale, F16 minimum, 32 four-bit values.</summary>
    Q4_1,
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

/// <summary>Sizes of the storage types and their names in files.</summary>
public static class DTypes
{
    /// <summary>Elements stored together, and the bytes they take.</summary>
    public static (int Elements, int Bytes) Block(this DType type) => type switch
    {
        DType.F64 or DType.I64 => (1, 8),
        DType.F32 or DType.I32 => (1, 4),
        DType.F16 or DType.BF16 or DType.I16 => (1, 2),
        DType.Bool or DType.U8 or DType.I8 => (1, 1),
        DType.Q8_0 => (32, 34),
        DType.Q4_1 => (32, 20),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The type of a name in a safetensors header; null for a name that is not read.</summary>
    internal static DType? FromSafetensors(string name) => name switch
    {
        "F64" => DType.F64,
        "F32" => DType.F32,
        "F16" => DType.F16,
        "BF16" => DType.BF16,
        "BOOL" => DType.Bool,
        "U8" => DType.U8,
        "I8" => DType.I8,
        "I16" => DType.I16,
        "I32" => DType.I32,
        "I64" => DType.I64,
        _ => null,
    };

    /// <summary>The type of a ggml type number; null for one that is not read.</summary>
    internal static DType? FromGgml(uint number) => number switch
    {
        0 => DType.F32,
        1 => DType.F16,
        3 => DType.Q4_1,
        8 => DType.Q8_0,
        24 => DType.I8,
        25 => DType.I16,
        26 => DType.I32,
        27 => DType.I64,
        28 => DType.F64,
        30 => DType.BF16,
        _ => null,
    };

    static readonly Dictionary<uint, string> GgmlNames = new()
    {
        [2] = "Q4_0",
        [6] = "Q5_0",
        [7] = "Q5_1",
        [9] = "Q8_1",
        [10] = "Q2_K",
        [11] = "Q3_K",
        [12] = "Q4_K",
        [13] = "Q5_K",
        [14] = "Q6_K",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [20] = "IQ4_NL",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [23] = "IQ4_XS",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
        [39] = "MXFP4",
    };

    /// <summary>A ggml type as people call it, for messages.</summary>
    internal static string GgmlName(uint number) => GgmlNames.GetValueOrDefault(number, $"number {number}");
}
