using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Checkpoints.Blocks;

/// <summary>TQ1_0, 256 values: 52 bytes of five and of four ternary digits, F16 scale d; d·(digit − 1).</summary>
/// <remarks>
/// A byte is a fraction of 256 in base 3: its digit n is the whole part of 3·((byte·3ⁿ) mod 256) / 256. Of the first 160 values, value i is
/// digit i / 32 of byte i mod 32; of the next 80, digit i / 16 of byte 32 + i mod 16; of the last 16, digit i / 4 of byte 48 + i mod 4.
/// </remarks>
static unsafe class TQ1_0
{
    const int Sixteens = 32, Fours = 48, Scale = 52;

    static int Power(int n) => n switch { 0 => 1, 1 => 3, 2 => 9, 3 => 27, _ => 81 };

    static int Digit(byte b, int n) => (byte)(b * Power(n)) * 3 >> 8;

    public static void Define(byte* block, float* values)
    {
        float d = Lanes.Half(block + Scale);
        for (int i = 0; i < 160; i++) values[i] = d * (Digit(block[i % 32], i / 32) - 1);
        for (int i = 0; i < 80; i++) values[160 + i] = d * (Digit(block[Sixteens + i % 16], i / 16) - 1);
        for (int i = 0; i < 16; i++) values[240 + i] = d * (Digit(block[Fours + i % 4], i / 4) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* from, float* to, int blocks)
    {
        var powers = Vector128.Create((byte)1, 1, 1, 1, 3, 3, 3, 3, 9, 9, 9, 9, 27, 27, 27, 27);
        for (; blocks > 0; blocks--, from += 54)
        {
            float d = Lanes.Half(from + Scale);
            Vector128<byte> left = Lanes.Load(from), right = Lanes.Load(from + 16);
            for (int n = 0; n < 5; n++, left *= 3, right *= 3, to += 32)
            {
                Lanes.Scale(to, LessOne(left), d);
                Lanes.Scale(to + 16, LessOne(right), d);
            }
            var sixteen = Lanes.Load(from + Sixteens);
            for (int n = 0; n < 5; n++, sixteen *= 3, to += 16) Lanes.Scale(to, LessOne(sixteen), d);
            Lanes.Scale(to, LessOne(Vector128.Create(Unsafe.ReadUnaligned<uint>(from + Fours)).AsByte() * powers), d);
            to += 16;
        }
    }

    /// <summary>Digit − 1: a byte below 256/3 is 0, one above 512/3 is 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<sbyte> LessOne(Vector128<byte> bytes) => Vector128.Create((sbyte)-1)
        - Vector128.GreaterThanOrEqual(bytes, Vector128.Create((byte)86)).AsSByte()
        - Vector128.GreaterThanOrEqual(bytes, Vector128.Create((byte)171)).AsSByte();
}
