using System.Runtime.InteropServices;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>Float64 vectors sixteen by sixteen across the lanes, [panel][width][16], as <see cref="WideMatMul"/> reads and writes them; rows that fill the last panel are 0 at first.</summary>
sealed unsafe class WideRows : IDisposable
{
    const int CacheLine = 64;

    double* _data;
    long _capacity;

    /// <summary>Vectors.</summary>
    public int Rows { get; private set; }

    /// <summary>Values of each.</summary>
    public int Width { get; private set; }

    /// <summary>Groups of sixteen.</summary>
    public int Panels => PanelsOf(Rows);

    /// <summary>Groups that some vectors make.</summary>
    public static int PanelsOf(int rows) => (rows + WideMatMul.Lanes - 1) / WideMatMul.Lanes;

    /// <summary>Bytes of some vectors.</summary>
    public static long Bytes(int rows, long width) => PanelsOf(rows) * WideMatMul.Lanes * width * sizeof(double);

    /// <summary>Makes room for what will be written whole.</summary>
    public WideRows Resize(int rows, int width)
    {
        (Rows, Width) = (rows, width);
        long length = (long)Panels * width * WideMatMul.Lanes;
        if (length > _capacity)
        {
            NativeMemory.AlignedFree(_data);
            _data = (double*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(double)), CacheLine);
            _capacity = length;
        }
        return this;
    }

    /// <summary>Makes room for zeros.</summary>
    public WideRows Clear(int rows, int width)
    {
        Resize(rows, width);
        NativeMemory.Clear(_data, (nuint)((long)Panels * width * WideMatMul.Lanes * sizeof(double)));
        return this;
    }

    /// <summary>Sixteen vectors, [width × 16].</summary>
    public double* Panel(int panel) => (uint)panel < (uint)Panels ? _data + (long)panel * Width * WideMatMul.Lanes : throw new ArgumentOutOfRangeException(nameof(panel));

    /// <summary>One vector, copied.</summary>
    public double[] Row(int row)
    {
        var values = new double[Width];
        double* from = At(row);
        for (int i = 0; i < Width; i++) values[i] = from[i * WideMatMul.Lanes];
        return values;
    }

    /// <summary>Sets one vector.</summary>
    public void Set(int row, ReadOnlySpan<double> values)
    {
        if (values.Length != Width) throw new ArgumentException($"{values.Length} values for a width of {Width}.", nameof(values));
        double* to = At(row);
        for (int i = 0; i < values.Length; i++) to[i * WideMatMul.Lanes] = values[i];
    }

    double* At(int row) => (uint)row < (uint)Rows ? Panel(row / WideMatMul.Lanes) + row % WideMatMul.Lanes : throw new ArgumentOutOfRangeException(nameof(row));

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
    }
}
