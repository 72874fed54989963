using Castalia.Cards;

namespace Castalia.Store;

/// <summary>The tables of a store without their rows, in which queries are looked at before anything is read for them.</summary>
sealed class QueryPlanner : IDisposable
{
    readonly QueryDatabase _database;

    /// <param name="models">Columns of the view models of these runs, of which each may have further ones.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public QueryPlanner(IReadOnlyList<ViewColumn> models, CancellationToken cancellation) => _database = new(database =>
    {
        StoreTables.Make(database, [], (models, []), CardSet.Shipped, QueryNeeds.Nothing, gathered: null, cancellation);
        // All but the one that drops columns: with no rows in them, others would find that tables need not be read at all.
        var others = database.Read("SELECT name FROM duckdb_optimizers() WHERE name <> 'unused_columns'", row => row.GetString(0), cancellation);
        database.Execute($"SET disabled_optimizers = {Database.Literal(string.Join(',', others))}", cancellation);
    }, output: null, cancellation);

    /// <summary>What a query reads.</summary>
    /// <exception cref="InputException">It is no single SELECT, or does not fit the views.</exception>
    public QueryNeeds Needs(string sql, CancellationToken cancellation) => _database.Plan(sql, cancellation) is { } plan ? QueryPlan.Needs(plan) : QueryNeeds.Everything;

    /// <summary>The columns of a query's result.</summary>
    /// <exception cref="InputException">It is no single SELECT, or does not fit the views.</exception>
    public IReadOnlyList<QueryColumn> Columns(string sql, CancellationToken cancellation) => _database.Columns(sql, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
