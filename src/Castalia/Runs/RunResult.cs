namespace Castalia.Runs;

/// <summary>Results of a kind, to be written into a run's folder beside its readings.</summary>
/// <param name="Table">The kind.</param>
abstract record RunResult(RunTable Table)
{
    /// <summary>Results of a kind.</summary>
    /// <param name="table">The kind.</param>
    /// <param name="rows">Its rows, read once.</param>
    public static RunResult Of<TRow>(RunTable<TRow> table, IEnumerable<TRow> rows) => new Rows<TRow>(table, rows);

    /// <summary>Writes the table's file.</summary>
    /// <param name="path">Where; not there yet.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public abstract void Write(string path, CancellationToken cancellation);

    sealed record Rows<TRow>(RunTable<TRow> Declared, IEnumerable<TRow> Of) : RunResult(Declared)
    {
        public override void Write(string path, CancellationToken cancellation) => TableFile.Write(Declared, Of, path, cancellation);
    }
}
