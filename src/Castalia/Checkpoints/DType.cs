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
