using Castalia.Checkpoints;
using Castalia.Conversion;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Conversion;

public sealed class RoundingTests
{
    const int Infinity16 = 0x7C00, InfinityB16 = 0x7F80;

    /// <summary>A double of any bits but NaN's.</summary>
    static readonly Gen<double> AnyDouble = Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Where(value => !double.IsNaN(value));

    /// <summary>Doubles whose exponents are near those of the narrow formats.</summary>
    static readonly Gen<double> NearDouble =
        Gen.Select(Gen.Double[-2, 2], Gen.Int[-160, 130]).Select((value, exponent) => Math.ScaleB(value, exponent));

    [Theory]
    [InlineData(DType.F16, Infinity16)]
    [InlineData(DType.BF16, InfinityB16)]
    internal void Every_one_of_the_65536_values_rounds_to_itself(DType type, int infinity)
    {
        int tried = 0;
        for (int bits = 0; bits <= 0xFFFF; bits++)
        {
            if ((bits & 0x7FFF) > infinity) continue;
            Assert.Equal((uint)bits, Rounding.Bits(Value(type, bits), type));
            Assert.Equal(Value(type, bits), Rounding.Round(Value(type, bits), type));
            tried++;
        }
        Assert.Equal(2 * (infinity + 1), tried);
    }

    [Theory]
    [InlineData(DType.F16, Infinity16)]
    [InlineData(DType.BF16, InfinityB16)]
    internal void Between_any_two_neighbours_the_nearer_is_taken_and_of_the_middle_the_even(DType type, int infinity)
    {
        for (int low = 0; low < infinity; low++)
        {
            // Beyond the largest finite value the next would be one step on: from its middle on, infinity.
            double above = low + 1 < infinity ? Value(type, low + 1) : 2 * Value(type, low) - Value(type, low - 1);
            double middle = (Value(type, low) + above) / 2;
            foreach (int sign in new[] { 0, 0x8000 })
            {
                double s = sign == 0 ? 1 : -1;
                Assert.Equal((uint)(sign | (low % 2 == 0 ? low : low + 1)), Rounding.Bits(s * middle, type));
                Assert.Equal((uint)(sign | low), Rounding.Bits(s * Math.BitDecrement(middle), type));
                Assert.Equal((uint)(sign | (low + 1)), Rounding.Bits(s * Math.BitIncrement(middle), type));
            }
        }
    }

    [Fact]
    public void Half_the_least_becomes_zero_and_anything_above_it_the_least()
    {
        foreach (var (type, exponent) in new[] { (DType.F16, -24), (DType.BF16, -133), (DType.F32, -149) })
        {
            double least = Math.ScaleB(1, exponent);
            Assert.Equal(0u, Rounding.Bits(least / 2, type));
            Assert.Equal(1u, Rounding.Bits(Math.BitIncrement(least / 2), type));
            Assert.Equal(0u, Rounding.Bits(double.Epsilon, type));
            Assert.True(float.IsNegative(Rounding.Round(-double.Epsilon, type)));
        }
    }

    [Fact]
    public void It_is_what_the_runtime_does_where_the_runtime_has_the_type() => Gen.OneOf(AnyDouble, NearDouble).Sample(value =>
    {
        Assert.Equal(BitConverter.SingleToUInt32Bits((float)value), Rounding.Bits(value, DType.F32));
        Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), Rounding.Bits(value, DType.F16));
    }, iter: 100_000);

    [Fact]
    public void A_double_is_rounded_once()
    {
        // Just above the middle of two BF16; as float32 it would be the middle, which goes to the even one below.
        double value = 1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40);
        Assert.Equal(1 + Math.ScaleB(1, -7), Rounding.Round(value, DType.BF16));
        Assert.Equal(1, Rounding.Round((float)value, DType.BF16));
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    internal void What_is_not_a_number_has_no_nearest(DType type) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Rounding.Bits(double.NaN, type));

    [Fact]
    public void The_smallest_normal_numbers_are_those_of_the_formats()
    {
        Assert.Equal((double)BitConverter.UInt16BitsToHalf(0x0400), Rounding.SmallestNormal(DType.F16));
        Assert.Equal(BitConverter.UInt32BitsToSingle(0x00800000), Rounding.SmallestNormal(DType.F32));
        Assert.Equal(BitConverter.UInt32BitsToSingle(0x00800000), Rounding.SmallestNormal(DType.BF16));
    }

    static double Value(DType type, int bits) => type == DType.F16
        ? (double)BitConverter.UInt16BitsToHalf((ushort)bits)
        : BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
