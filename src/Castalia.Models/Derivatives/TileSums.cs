using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A sum over tokens in float64: one of each tile, tokens ascending, those then added in their order.</summary>
sealed class TileSums
{
    double[] _parts = [], _sums = [];
    int _width;

    /// <summary>Begins anew.</summary>
    public TileSums Clear(TokenTiles tiles, int width)
    {
        _width = width;
        if (_parts.Length < tiles.Count * width) _parts = new double[tiles.Count * width];
        Array.Clear(_parts);
        return this;
    }

    /// <summary>A tile's.</summary>
    public Span<double> this[int tile] => _parts.AsSpan(tile * _width, _width);

    /// <summary>Adds rows of a tile.</summary>
    /// <param name="tile">Which.</param>
    /// <param name="of">[tokens × width].</param>
    /// <param name="first">First row.</param>
    /// <param name="rows">Rows.</param>
    public void Add(int tile, PaddedRows of, int first, int rows)
    {
        var sums = this[tile];
        for (int row = first; row < first + rows; row++) DoubleSum.AddTo(of[row], sums);
    }

    /// <summary>Of all tiles.</summary>
    public ReadOnlySpan<double> Total(TokenTiles tiles)
    {
        if (_sums.Length < _width) _sums = new double[_width];
        Array.Clear(_sums);
        for (int tile = 0; tile < tiles.Count; tile++)
            for (int i = 0; i < _width; i++) _sums[i] += _parts[tile * _width + i];
        return _sums.AsSpan(0, _width);
    }
}
