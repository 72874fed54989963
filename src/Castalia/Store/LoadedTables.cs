using Castalia.Errors;

namespace Castalia.Store;

/// <summary>Tables that were read for queries; they go with the last result that is held of them, once they are left.</summary>
/// <param name="queries">The tables.</param>
/// <param name="read">What was read.</param>
sealed class LoadedTables(QueryDatabase queries, QueryNeeds read)
{
    int _readers = 1; // whoever made them

    /// <summary>What was read.</summary>
    public QueryNeeds Read => read;

    /// <summary>Keeps them for a query that comes.</summary>
    public void Enter() => Interlocked.Increment(ref _readers);

    /// <summary>Runs a query for which they were kept.</summary>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public HeldResult Hold(string sql, CancellationToken cancellation)
    {
        try
        {
            var held = queries.Hold(sql, cancellation);
            held.Released = Leave;
            return held;
        }
        catch
        {
            Leave();
            throw;
        }
    }

    /// <summary>Gives them up.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _readers) == 0) queries.Dispose();
    }
}
