namespace Castalia.Hypotheses;

/// <summary>The rows of a query, before it is known which models' are wanted.</summary>
interface IEvidence : IDisposable
{
    /// <summary>The models of runs that they are of, in the order of their first rows.</summary>
    IReadOnlyList<ModelOfRows> Models { get; }

    /// <summary>The rows of some of them, in their order; possibly others too.</summary>
    EvidenceTable Of(IReadOnlySet<(string Run, string Model)> models);
}

/// <summary>Rows that are all there.</summary>
/// <param name="table">The rows.</param>
sealed class ReadEvidence(EvidenceTable table) : IEvidence
{
    /// <inheritdoc/>
    public IReadOnlyList<ModelOfRows> Models { get; } = table.Models();

    /// <inheritdoc/>
    public EvidenceTable Of(IReadOnlySet<(string Run, string Model)> models) => table;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
