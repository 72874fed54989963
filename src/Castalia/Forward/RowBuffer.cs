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

    /// <summary>The calling thread's.</summary>
    public static RowBuffer Own => t_own ??= new();

    byte* Data => (byte*)Unsafe.AsPointer(ref _bytes[0]); // pinned

    /// <summary>Some rows, if they are among the last to be read; else null.</summary>
    /// <param name="matrix">Whose they are.</param>
    /// <param name="firstRow">The first.</param>
    /// <param name="rows">How many.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    public byte* Held(object matrix, int firstRow, int rows, long rowBytes) =>
        ReferenceEquals(_matrix, matrix) && firstRow >= _firstRow && firstRow + rows <= _firstRow + _rows ? Data + (firstRow - _firstRow) * rowBytes : null;

    /// <summary>Reads rows.</summary>
    /// <param name="matrix">Whose they are.</param>
    /// <param name="firstRow">The first.</param>
    /// <param name="rows">How many.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="place">Where the stored tensor lies in its file.</param>
    /// <param name="source">The stored row that holds a row of the matrix.</param>
    /// <returns>The rows in the matrix's order; null where they are too many.</returns>
    /// <exception cref="Errors.InputException">The file cannot be read.</exception>
    public byte* Read(object matrix, int firstRow, int rows, long rowBytes, FileRange place, Func<int, long> source)
    {
        long bytes = rowBytes * rows;
        if (bytes > MostBytes) return null;
        _matrix = null; // until they are whole
        if (_bytes.Length < bytes) _bytes = GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true);
        for (int row = 0; row < rows;)
        {
            long from = source(firstRow + row);
            int run = 1;
            while (row + run < rows && source(firstRow + row + run) == from + run) run++;
            place.Copy(from * rowBytes, _bytes.AsSpan((int)(row * rowBytes), (int)(run * rowBytes)));
            row += run;
        }
        (_matrix, _firstRow, _rows) = (matrix, firstRow, rows);
        return Data;
    }
}
