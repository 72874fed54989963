using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Castalia.Runs;

/// <summary>Rows as a table function of a database, which asks for a vector of them at a time: columns are filled one after the other, without an object for each value.</summary>
abstract unsafe class RowsFunction
{
    /// <summary>Rows of a chunk, as the database is built.</summary>
    protected const int VectorRows = 2048;

    /// <summary>What went wrong while rows were made, which the database says in words of its own; null for nothing.</summary>
    public ExceptionDispatchInfo? Failed { get; private set; }

    /// <summary>Its columns.</summary>
    protected abstract IReadOnlyList<RunColumn> Columns { get; }

    /// <summary>Makes it known by a name, for one query.</summary>
    /// <exception cref="InvalidOperationException">The database refused.</exception>
    public void Register(DuckDBConnection connection, string name)
    {
        nint function = NativeMethods.TableFunction.DuckDBCreateTableFunction();
        try
        {
            NativeMethods.TableFunction.DuckDBTableFunctionSetName(function, name);
            NativeMethods.TableFunction.DuckDBTableFunctionSetExtraInfo(function, GCHandle.ToIntPtr(GCHandle.Alloc(this)), &Free);
            NativeMethods.TableFunction.DuckDBTableFunctionSetBind(function, &Bind);
            NativeMethods.TableFunction.DuckDBTableFunctionSetInit(function, &Init);
            NativeMethods.TableFunction.DuckDBTableFunctionSetFunction(function, &Next);
            if (NativeMethods.TableFunction.DuckDBRegisterTableFunction(connection.NativeConnection, function) != DuckDBState.Success)
                throw new InvalidOperationException($"The database does not take {name} as a function.");
        }
        finally
        {
            NativeMethods.TableFunction.DuckDBDestroyTableFunction(ref function);
        }
    }

    /// <summary>Fills the vectors with the next rows.</summary>
    /// <param name="vectors">One for each column.</param>
    /// <returns>How many there were; 0 at the end.</returns>
    protected abstract int Fill(ReadOnlySpan<nint> vectors);

    static DuckDBType TypeOf(RunColumn column) => column.Type switch
    {
        "VARCHAR" => DuckDBType.Varchar,
        "INTEGER" => DuckDBType.Integer,
        "DOUBLE" => DuckDBType.Double,
        _ => throw new InvalidOperationException($"A column is of type {column.Type}."),
    };

    static RowsFunction Of(nint extra) => (RowsFunction)GCHandle.FromIntPtr(extra).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Free(nint extra) => GCHandle.FromIntPtr(extra).Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Bind(nint info)
    {
        try
        {
            foreach (var column in Of(NativeMethods.TableFunction.DuckDBBindGetExtraInfo(info)).Columns)
            {
                using var type = NativeMethods.LogicalType.DuckDBCreateLogicalType(TypeOf(column));
                NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, column.Name, type);
            }
        }
        catch (Exception e)
        {
            NativeMethods.TableFunction.DuckDBBindSetError(info, e.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Init(nint info)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Next(nint info, nint chunk)
    {
        var rows = Of(NativeMethods.TableFunction.DuckDBFunctionGetExtraInfo(info));
        try
        {
            using var data = new DuckDBDataChunk(chunk);
            Span<nint> vectors = stackalloc nint[rows.Columns.Count];
            for (int i = 0; i < vectors.Length; i++) vectors[i] = NativeMethods.DataChunks.DuckDBDataChunkGetVector(data, i);
            NativeMethods.DataChunks.DuckDBDataChunkSetSize(data, (ulong)rows.Fill(vectors));
        }
        catch (Exception e)
        {
            rows.Failed = ExceptionDispatchInfo.Capture(e);
            NativeMethods.TableFunction.DuckDBFunctionSetError(info, e.Message);
        }
    }
}

/// <summary>The same of a kind of rows.</summary>
/// <param name="table">Its columns.</param>
/// <param name="of">Rows, read once.</param>
/// <param name="cancellation">Stops between chunks.</param>
sealed unsafe class RowsFunction<TRow>(RunTable<TRow> table, IEnumerator<TRow> of, CancellationToken cancellation) : RowsFunction
{
    readonly TRow[] _rows = new TRow[VectorRows];
    byte[] _bytes = new byte[256];

    protected override IReadOnlyList<RunColumn> Columns => table.Columns;

    protected override int Fill(ReadOnlySpan<nint> vectors)
    {
        cancellation.ThrowIfCancellationRequested();
        int count = 0;
        while (count < VectorRows && of.MoveNext()) _rows[count++] = of.Current;
        for (int i = 0; i < vectors.Length; i++) Fill(table.Declared[i], new(vectors[i]), count);
        return count;
    }

    void Fill(RunColumn<TRow> column, Vector vector, int count)
    {
        if (column.Number is { } real)
        {
            for (int i = 0; i < count; i++)
            {
                if (real(_rows[i]) is { } value) ((double*)vector.Data)[i] = value;
                else vector.SetNull(i);
            }
            return;
        }
        if (column.Whole is { } whole)
        {
            for (int i = 0; i < count; i++)
            {
                if (whole(_rows[i]) is { } value) ((int*)vector.Data)[i] = value;
                else vector.SetNull(i);
            }
            return;
        }
        string? last = null;
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            switch (column.Value(_rows[i]))
            {
                case null: vector.SetNull(i); break;
                case int number when column.Type == "INTEGER": ((int*)vector.Data)[i] = number; break;
                case double figure when column.Type == "DOUBLE": ((double*)vector.Data)[i] = figure; break;
                case string text when column.Type == "VARCHAR":
                    if (!ReferenceEquals(text, last)) (last, length) = (text, Encode(text));
                    fixed (byte* bytes = _bytes) NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(vector.Of, (ulong)i, bytes, length);
                    break;
                case var other: throw new InvalidOperationException($"Column {column.Name} of type {column.Type} gave a {other.GetType()}.");
            }
        }
    }

    int Encode(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > _bytes.Length) _bytes = new byte[most];
        return Encoding.UTF8.GetBytes(text, _bytes);
    }

    struct Vector(nint of)
    {
        ulong* _valid; // asked for at the first null

        public readonly nint Of => of;

        public void* Data { get; } = NativeMethods.Vectors.DuckDBVectorGetData(of);

        public void SetNull(int row)
        {
            if (_valid == null)
            {
                NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(of);
                _valid = NativeMethods.Vectors.DuckDBVectorGetValidity(of);
            }
            _valid[row / 64] &= ~(1UL << (row % 64));
        }
    }
}
