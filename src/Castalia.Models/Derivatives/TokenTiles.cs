namespace Castalia.Derivatives;

/// <summary>Positions of all sequences, one after the other, cut into tiles of equal size, the last but shorter; a multiple of 8, by their number alone.</summary>
sealed class TokenTiles
{
    const int Least = 16, Most = 128, Wanted = 16;

    /// <param name="tokens">Positions.</param>
    /// <param name="most">Of a tile.</param>
    public TokenTiles(int tokens, int most = Most)
    {
        int even = (tokens + Wanted - 1) / Wanted;
        Tokens = tokens;
        Size = Math.Clamp((even + 7) / 8 * 8, Math.Min(Least, most), most);
        Count = (tokens + Size - 1) / Size;
    }

    /// <summary>Positions.</summary>
    public int Tokens { get; }

    /// <summary>Positions of a tile.</summary>
    public int Size { get; }

    /// <summary>Tiles.</summary>
    public int Count { get; }

    /// <summary>First position of a tile.</summary>
    public int First(int tile) => tile * Size;

    /// <summary>Positions of one.</summary>
    public int RowsOf(int tile) => Math.Min(Size, Tokens - First(tile));
}
