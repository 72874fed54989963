using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;

namespace Castalia.Hypotheses;

/// <summary>Something with the views that hypotheses are written over.</summary>
interface IEvidenceSource
{
    /// <summary>What it is, for the head of a page.</summary>
    string Name { get; }

    /// <summary>Studies whose networks hypotheses read: those that ship.</summary>
    TwinTables Twins => TwinTables.Shipped;

    /// <summary>What is known of a model of a run.</summary>
    /// <param name="run">The run, as a query's column has it.</param>
    /// <param name="model">The model, alike.</param>
    EvidenceModel Model(string run, string model);

    /// <summary>Trained models of runs that are what a hypothesis asks for, each model once, from the run that began last.</summary>
    /// <param name="need">What it asks for.</param>
    /// <exception cref="InputException">A file that it names cannot be read.</exception>
    IReadOnlyList<FoundRun> Find(RunNeed need);

    /// <summary>The description of a model, flat, by column of the view models.</summary>
    /// <param name="identity">By what it is told from others.</param>
    IReadOnlyDictionary<string, object?> Description(string identity);

    /// <summary>Rows of a query, numbers as doubles.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the views.</exception>
    EvidenceTable Query(string name, string sql, CancellationToken cancellation);

    /// <summary>The same before it is known which models' rows are wanted. May be called by several threads.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL that gives run and model.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the views.</exception>
    IEvidence Hold(string name, string sql, CancellationToken cancellation) => new ReadEvidence(Query(name, sql, cancellation));

    /// <summary>Looks beforehand, by several threads, at queries that will be bound and asked. What is wrong with one is said when it is bound.</summary>
    /// <param name="queries">Each as it will be asked, and as it will be bound.</param>
    /// <param name="cancellation">Stops it.</param>
    void Prepare(IReadOnlyList<(string Asked, string Bound)> queries, CancellationToken cancellation)
    {
        // Without many runs there is nothing to gain.
    }

    /// <summary>The columns of a query that will come, without its rows.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="sql">DuckDB SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputException">The query does not fit the views.</exception>
    EvidenceTable Bind(string name, string sql, CancellationToken cancellation) => Query(name, sql, cancellation);
}
