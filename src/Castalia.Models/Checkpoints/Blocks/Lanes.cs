using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>Sixteen stored integers at a time to floats: scale·q, scale·q + minimum or scale·q − minimum, each operation rounded once.</summary>
/// <remarks>Never fused: ggml's definition rounds the product and the sum, and so does every path here.</remarks>
static unsafe class Lanes
{
    /// <summary>Integers taken at once.</summary>
    public const int Count = 16;

    /// <summary>The binary16 at a place.</summary>
    public static float Half(byte* at) => Widen.HalfBits(Unsafe.ReadUnaligned<ushort>(at));

    /// <summary>to[i] = scale·q[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(float* to, Vector128<sbyte> q, float scale) => (Vector512.Create(scale) * Floats(q)).Store(to);

    /// <summary>to[i] = scale·q[i] + minimum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleAdd(float* to, Vector128<sbyte> q, float scale, float minimum) =>
        (Vector512.Create(scale) * Floats(q) + Vector512.Create(minimum)).Store(to);

    /// <summary>to[i] = scale·q[i] − minimum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleSubtract(float* to, Vector128<sbyte> q, float scale, float minimum) =>
        (Vector512.Create(scale) * Floats(q) - Vector512.Create(minimum)).Store(to);

    /// <summary>Sixteen bytes of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(byte* from) => Vector128.Load(from);

    /// <summary>(byte ≫ shift) &amp; mask; the mask must drop what a shift by 16 bits draws in from the neighbour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Bits(Vector128<byte> bytes, int shift, byte mask) =>
        (bytes.AsUInt16() >>> shift).AsByte() & Vector128.Create(mask);

    /// <summary>The byte <paramref name="value"/> in each lane whose byte has the bit, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> WhereSet(Vector128<byte> bytes, Vector128<byte> bit, byte value) =>
        Vector128.Equals(bytes & bit, bit) & Vector128.Create(value);

    /// <summary>Bit i of sixteen bits as the byte <paramref name="value"/> or 0 in lane i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Spread(ushort bits, byte value)
    {
        var pairs = Vector128.Create(bits).AsByte(); // low byte, high byte, low byte, …
        var bytes = Vector128.Shuffle(pairs, Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
        return WhereSet(bytes, Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128), value);
    }

    /// <summary>Two times eight values, one a byte, each negative where its bit of a byte of signs is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Signed(ulong low, ulong high, int lowSigns, int highSigns)
    {
        var negative = Spread((ushort)(lowSigns | highSigns << 8), 255).AsSByte();
        return (Vector128.Create(low, high).AsSByte() ^ negative) - negative;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Floats(Vector128<sbyte> bytes)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(bytes.ToVector256Unsafe()));
        return Vector512.ConvertToSingle(Vector512.Create(low, high));
    }
}
