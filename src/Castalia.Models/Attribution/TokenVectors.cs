using System.Runtime.InteropServices;

namespace Castalia.Attribution;

/// <summary>A float64 vector for each of some tokens, [tokens × width], laid out for <see cref="TileProducts"/>: what is added to make whole tiles is 0.</summary>
sealed unsafe class TokenVectors : IDisposable
{
    const int CacheLine = 64;

    double* _data;
    long _capacity;

    /// <summary>Tokens.</summary>
    public int Tokens { get; private set; }

    /// <summary>Width.</summary>
    public int Width { get; private set; }

    /// <summary>Tokens with those added.</summary>
    public int PaddedTokens => Up(Tokens, TileProducts.TokenStep);

    /// <summary>Values from one token to the next: an odd number of cache lines, since tokens a power of two apart would share the same few places of the cache.</summary>
    public long Stride => Up(Width, TileProducts.ColumnStep) + CacheLine / sizeof(double);

    /// <summary>First value.</summary>
    public double* Data => _data;

    /// <summary>Makes room for zeros.</summary>
    public TokenVectors Clear(int tokens, int width)
    {
        Resize(tokens, width);
        NativeMemory.Clear(_data, (nuint)(PaddedTokens * Stride * sizeof(double)));
        return this;
    }

    /// <summary>Makes room for what will be written whole, with what is added to make whole tiles.</summary>
    public TokenVectors Resize(int tokens, int width)
    {
        (Tokens, Width) = (tokens, width);
        long length = PaddedTokens * Stride;
        if (length > _capacity)
        {
            NativeMemory.AlignedFree(_data);
            _data = (double*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(double)), CacheLine);
            _capacity = length;
        }
        return this;
    }

    /// <summary>One token's vector.</summary>
    public Span<double> Row(int token) => (uint)token < (uint)Tokens ? new(_data + token * Stride, Width) : throw new ArgumentOutOfRangeException(nameof(token));

    /// <summary>A number brought up to a multiple.</summary>
    public static int Up(int number, int step) => (number + step - 1) / step * step;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
    }
}
