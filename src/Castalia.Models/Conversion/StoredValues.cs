using System.Buffers;
using System.Runtime.InteropServices;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Conversion;

/// <summary>Stored values as float64: exact for every type; ggml's blocks as ggml computes them, in float32.</summary>
static class StoredValues
{
    /// <summary>Some values of one row of a tensor seen as [rows × last axis].</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="row">Which row.</param>
    /// <param name="start">First column; for ggml blocks a multiple of their length.</param>
    /// <param name="values">Written whole; for ggml blocks a multiple of their length long.</param>
    public static void Row(Tensor tensor, long row, int start, Span<double> values)
    {
        if (tensor.DType == DType.F64)
        {
            tensor.CopyRow(row, start, MemoryMarshal.AsBytes(values));
            return;
        }
        float[] widened = ArrayPool<float>.Shared.Rent(values.Length);
        Widen.Row(tensor, row, start, widened.AsSpan(0, values.Length));
        for (int i = 0; i < values.Length; i++) values[i] = widened[i];
        ArrayPool<float>.Shared.Return(widened);
    }

    /// <summary>Every value of a small tensor.</summary>
    public static double[] Whole(Tensor tensor)
    {
        int columns = checked((int)tensor.Columns);
        var values = new double[checked((int)tensor.Count)];
        for (int row = 0; row < tensor.Rows; row++) Row(tensor, row, 0, values.AsSpan(row * columns, columns));
        return values;
    }

    /// <summary>The w of a stored 1 + w that the type holds and that gives back, added to 1 and rounded to float32, what was stored.</summary>
    /// <exception cref="InputException">The type has no such number.</exception>
    public static double LessOne(double stored, DType type, string name)
    {
        double weight = stored - 1;
        if (double.IsNaN(weight)) return weight; // refused where all values are
        float rounded = Rounding.Round(weight, type);
        return (float)(1.0 + rounded) == stored ? rounded : throw ConversionErrors.NotLessOne(name, stored, type);
    }
}
