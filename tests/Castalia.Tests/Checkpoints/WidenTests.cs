using Castalia.Checkpoints;
using Castalia.Errors;
using Xunit;

namespace Castalia.Tests.Checkpoints;

public sealed unsafe class WidenTests
{
    /// <summary>Against the runtime's own conversion: equal bits, a signalling NaN aside, which may come out quiet.</summary>
    [Fact]
    public void Every_F16_is_widened_exactly()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] values = Widened(all, DType.F16);
        for (int i = 0; i < 65536; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(values[i]), $"{i:X4}");
            else Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(values[i]));
            Assert.Equal(BitConverter.SingleToInt32Bits(Widen.HalfBits((ushort)i)), BitConverter.SingleToInt32Bits(values[i]));
        }
    }

    [Fact]
    public void Every_BF16_is_the_upper_half_of_its_float()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        float[] values = Widened(all, DType.BF16);
        for (int i = 0; i < 65536; i++) Assert.Equal(i << 16, BitConverter.SingleToInt32Bits(values[i]));
    }

    [Fact]
    public void A_part_of_a_row_is_that_part()
    {
        float[] all = [.. Enumerable.Range(0, 200).Select(i => i * 0.5f)], part = new float[37];
        fixed (float* p = all)
        {
            Widen.Row(new Tensor("w", DType.F32, [2, 100], "memory", (byte*)p, 800), 1, 13, part);
            Assert.Equal(all[113..150], part);
            Assert.Throws<ArgumentOutOfRangeException>(() => Widen.Row(new Tensor("w", DType.F32, [2, 100], "memory", null, 800), 1, 64, new float[37]));
        }
    }

    [Fact]
    public void F64_is_rounded_to_nearest_and_the_rounding_counted()
    {
        double[] values = [1, 0.1, -3.5, 1e300, double.NaN];
        fixed (double* p = values)
        {
            var tensor = new Tensor("w", DType.F64, [5], "memory", (byte*)p, 40);
            Assert.Equal([1f, 0.1f, -3.5f, float.PositiveInfinity, float.NaN], Row(tensor, 0));
            Assert.Equal(2, Widen.Rounded(tensor));
        }
    }

    [Fact]
    public void Integers_are_no_weights()
    {
        byte[] bytes = new byte[8];
        fixed (byte* p = bytes)
        {
            var tensor = new Tensor("mask", DType.U8, [8], "x.safetensors", p, 8);
            Assert.Contains("Tensor 'mask' is of type U8", Assert.Throws<InputException>(() => Row(tensor, 0)).Message);
        }
    }

    static float[] Widened(ushort[] values, DType type)
    {
        fixed (ushort* p = values) return Row(new Tensor("w", type, [values.Length], "memory", (byte*)p, values.Length * 2L), 0);
    }

    static float[] Row(Tensor tensor, long row)
    {
        float[] values = new float[tensor.Columns];
        Widen.Row(tensor, row, 0, values);
        return values;
    }
}
