using Castalia.Checkpoints;

namespace Castalia.Conversion;

/// <summary>Rounding to the narrower binary formats: to nearest, ties to even.</summary>
/// <remarks>
/// IEEE 754 §4.3.1, once from float64, so that nothing is rounded twice. Written out here, so that the bits do not depend on the processor
/// or the runtime.
/// </remarks>
static class Rounding
{
    /// <summary>Exponent and fraction bits of a format that values are rounded to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not F32, F16 or BF16.</exception>
    internal static (int Exponent, int Fraction) Format(DType type) => type switch
    {
        DType.F32 => (8, 23),
        DType.F16 => (5, 10),
        DType.BF16 => (8, 7),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Values are rounded to F32, F16 or BF16."),
    };

    /// <summary>Smallest normal number of a format.</summary>
    internal static double SmallestNormal(DType type) => BitConverter.UInt64BitsToDouble((ulong)(1023 + Least(Format(type).Exponent)) << 52);

    /// <summary>The nearest value of a format, which every float32 can hold; a finite value beyond the format's range becomes infinite.</summary>
    /// <param name="value">Not NaN.</param>
    /// <param name="type">F32, F16 or BF16.</param>
    public static float Round(double value, DType type)
    {
        uint bits = Bits(value, type);
        return type switch
        {
            DType.F32 => BitConverter.UInt32BitsToSingle(bits),
            DType.BF16 => BitConverter.UInt32BitsToSingle(bits << 16),
            _ => Widen.HalfBits((ushort)bits),
        };
    }

    /// <summary>The bits of the nearest value of a format.</summary>
    /// <param name="value">Not NaN.</param>
    /// <param name="type">F32, F16 or BF16.</param>
    /// <exception cref="ArgumentOutOfRangeException">NaN, which has no nearest value.</exception>
    public static uint Bits(double value, DType type)
    {
        if (double.IsNaN(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "NaN has no nearest value.");
        (int exponentBits, int fractionBits) = Format(type);
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        uint sign = (uint)(bits >> 63) << (exponentBits + fractionBits);
        ulong infinity = (ulong)((1 << exponentBits) - 1) << fractionBits;
        int exponent = (int)(bits >> 52 & 0x7FF) - 1023, least = Least(exponentBits);
        if (exponent == 1024) return sign | (uint)infinity;
        // A float64 below its own normal range is far below half the least of any of these.
        if (exponent == -1023) return sign;
        ulong significand = bits & ((1UL << 52) - 1) | 1UL << 52;
        int shift = 52 - fractionBits + Math.Max(0, least - exponent);
        if (shift > 54) return sign;
        ulong kept = significand >> shift, dropped = significand & ((1UL << shift) - 1), half = 1UL << (shift - 1);
        if (dropped > half || (dropped == half && (kept & 1) == 1)) kept++;
        // The leading bit of a normal number adds one to the exponent field, and so does a carry out of the fraction.
        ulong field = exponent < least ? 0UL : (ulong)(exponent - least);
        return sign | (uint)Math.Min((field << fractionBits) + kept, infinity);
    }

    static int Least(int exponentBits) => 2 - (1 << (exponentBits - 1));
}
