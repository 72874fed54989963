using System.Runtime.CompilerServices;
using Castalia.Checkpoints;

namespace Castalia.Forward;

/// <summary>Some consecutive rows of a stored matrix, copied from its file for one thread.</summary>
/// <remarks>
/// Weights are read once a pass, and the first touch of a mapped page costs more than a copy of it: on a virtual machine with shadow page
/// tables 0.49 s for a gigabyte against 0.07 s. A buffer also counts once as the process's memory, where mapped pages add up.
/// A thread keeps the last rows it read: a matrix is multiplied a run of columns at a time.
/// </remarks>
sealed unsafe class RowBuffer
{
    const long MostBytes = 64L << 20; // a piece of work takes a few megabytes; what is larger is read where it is mapped

    [ThreadStatic] static RowBuffer? t_own;

    byte[] _bytes = [];
    object? _matrix;
    int _firstRow, _rows;
    int[] _places = [], _sources = [];

    /// <summary>The calling thread's.</summary>
    public static RowBuffer Own => t_own ??= new();

    /// <summary>Whether some rows are among the last to be read.</summary>
    /// <param name="matrix">Whose they are.</param>
    /// <param name="firstRow">The first.</param>
    /// <param name="rows">How many.</param>
    public bool Holds(object matrix, int firstRow, int rows) =>
        ReferenceEquals(_matrix, matrix) && firstRow >= _firstRow && firstRow + rows <= _firstRow + _rows;

    /// <summary>One of the rows that are held.</summary>
    public byte* Row(int row, long rowBytes) => (byte*)Unsafe.AsPointer(ref _bytes[0]) + _places[row - _firstRow] * rowBytes; // pinned

    /// <summary>Reads rows, those that are stored side by side at once whatever their order here.</summary>
    /// <param name="matrix">Whose they are.</param>
    /// <param name="firstRow">The first.</param>
    /// <param name="rows">How many.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="place">Where the stored tensor lies in its file.</param>
    /// <param name="sources">The stored row that holds each row of the matrix; null where they are the same.</param>
    /// <returns>False where they are too many.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public bool Read(object matrix, int firstRow, int rows, long rowBytes, FileRange place, int[]? sources)
    {
        long bytes = rowBytes * rows;
        if (bytes > MostBytes || rows == 0) return false;
        _matrix = null; // until they are whole
        if (_bytes.Length < bytes) _bytes = GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true);
        if (_places.Length < rows) (_places, _sources) = (new int[rows], new int[rows]);
        for (int row = 0; row < rows; row++) (_places[row], _sources[row]) = (row, sources?[firstRow + row] ?? firstRow + row);
        if (sources is not null)
        {
            Array.Sort(_sources, _places, 0, rows); // _places: our row of each stored one, ascending
            int[] ours = _places[..rows];
            for (int i = 0; i < rows; i++) _places[ours[i]] = i;
        }
        for (int row = 0, run; row < rows; row += run)
        {
            run = 1;
            while (row + run < rows && _sources[row + run] == _sources[row] + run) run++;
            place.Copy(_sources[row] * rowBytes, _bytes.AsSpan((int)(row * rowBytes), (int)(run * rowBytes)));
        }
        (_matrix, _firstRow, _rows) = (matrix, firstRow, rows);
        return true;
    }
}
