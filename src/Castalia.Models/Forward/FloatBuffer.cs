using System.Runtime.InteropServices;
using Castalia.Checkpoints;

namespace Castalia.Forward;

/// <summary>Float32 scratch outside the garbage collector, aligned to a cache line, grown on demand and reused.</summary>
sealed unsafe class FloatBuffer : IDisposable
{
    const int CacheLine = 64, LargePage = 2 << 20;

    long _capacity;

    /// <summary>First value; null before the first <see cref="Resize"/>.</summary>
    public float* Data { get; private set; }

    /// <summary>Values in use.</summary>
    public long Length { get; private set; }

    /// <summary>Makes room for a number of values; what was there is lost when it must grow.</summary>
    public FloatBuffer Resize(long length)
    {
        if (length > _capacity)
        {
            NativeMemory.AlignedFree(Data);
            long bytes = length * sizeof(float);
            Data = (float*)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)(bytes < LargePage ? CacheLine : LargePage));
            // Fewer pages to be made and to be found again.
            if (bytes >= LargePage) PageAdvice.InLargePages((byte*)Data, bytes);
            _capacity = length;
        }
        Length = length;
        return this;
    }

    /// <summary>A part of it.</summary>
    public Span<float> Span(long start, int length)
    {
        if (start < 0 || length < 0 || start + length > Length) throw new ArgumentOutOfRangeException(nameof(start), start, $"of {Length} values");
        return new(Data + start, length);
    }

    /// <summary>Row of a matrix stored in it.</summary>
    public Span<float> Row(int row, int width) => Span((long)row * width, width);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
        _capacity = Length = 0;
    }
}
