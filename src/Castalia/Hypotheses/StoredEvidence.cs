using System.Numerics;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.OverTwins;
using Castalia.Store;
using Castalia.Untrained;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>The views of stored runs, without Castalia's own untrained networks: they expand by theory and say nothing of trained models.</summary>
sealed class StoredEvidence : IEvidenceSource
{
    readonly RunStore _store;
    readonly Dictionary<(string Run, string Model), EvidenceModel> _models;
    readonly HashSet<(string? Run, string Model)> _untrained;

    /// <param name="store">The runs.</param>
    public StoredEvidence(RunStore store)
    {
        _store = store;
        var all = store.Runs.SelectMany(run => run.Models.Select(model => new ModelOfRun(run, model))).ToList();
        _models = all.ToDictionary(m => (m.Run.Name, m.Model.Name), m => new EvidenceModel(
            store.Counted.Label(m.Run, m.Model), m.Model.Identity.Weights, $"{m.Model.PromptsSha256} --bos {m.Run.Bos}",
            $"{Path.GetFileName(m.Run.PromptSet)}, --bos {m.Run.Bos}", Unfit(m.Model)));
        var untrained = all.Where(m => IsUntrained(m.Model)).ToList();
        _untrained = [.. untrained.Select(m => ((string?)m.Run.Name, m.Model.Name))];
        foreach (string name in untrained.Select(m => m.Model.Name).Where(name => all.TrueForAll(m => m.Model.Name != name || IsUntrained(m.Model)))) _untrained.Add((null, name));
    }

    /// <inheritdoc/>
    public string Name => $"{Figures.Of(_store.Runs.Count, "run")} in {_store.Folder}{(_untrained.Count > 0 ? ", untrained networks left out" : "")}";

    /// <inheritdoc/>
    public TwinTables Twins { get; init; } = TwinTables.Shipped;

    /// <inheritdoc/>
    public EvidenceModel Model(string run, string model) => _models.GetValueOrDefault((run, model)) ?? EvidenceModel.Named(model);

    /// <inheritdoc/>
    public IReadOnlyList<FoundRun> Find(RunNeed need)
    {
        var match = new RunMatch(need);
        return
        [
            .. _store.Runs.SelectMany(run => run.Models.Select(model => new ModelOfRun(run, model)))
                .Where(m => Unfit(m.Model) is null && !IsUntrained(m.Model) && match.Fits(m.Run, m.Model))
                .GroupBy(m => m.Model.Identity.Weights, StringComparer.Ordinal)
                .Select(same => same.OrderByDescending(m => m.Run.StartedUtc).ThenByDescending(m => m.Run.Name, StringComparer.Ordinal).First())
                .Select(m => new FoundRun(m.Model.Identity.Weights, _store.Counted.Label(m.Run, m.Model), m.Run.Name, m.Model.Name)),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> Description(string identity) =>
        ModelColumns.Flatten(_store.Runs.SelectMany(run => run.Models).First(model => model.Identity.Weights == identity).Architecture).ToDictionary(field => field.Name, field => field.Value);

    /// <inheritdoc/>
    public EvidenceTable Query(string name, string sql, CancellationToken cancellation)
    {
        return Trained(Table(name, _store.Query(sql, cancellation)));
    }

    /// <inheritdoc/>
    public IEvidence Hold(string name, string sql, CancellationToken cancellation)
    {
        var held = _store.Hold(sql, cancellation);
        try
        {
            if (HeldEvidence.Of(name, held, (run, model) => _untrained.Contains((run, model)), cancellation) is { } evidence) return evidence;
            List<object?[]> rows = [];
            held.Read(rows.Add, cancellation);
            var all = Trained(Table(name, new(held.Columns, rows)));
            held.Dispose();
            return new ReadEvidence(all);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    EvidenceTable Trained(EvidenceTable table)
    {
        int model = table.IndexOf("model"), run = table.IndexOf("run");
        return model < 0 || _untrained.Count == 0 ? table : table with
        {
            Rows = [.. table.Rows.Where(row => row[model] is not string named || !_untrained.Contains((run < 0 ? null : row[run] as string, named)))],
        };
    }

    /// <inheritdoc/>
    public void Prepare(IReadOnlyList<(string Asked, string Bound)> queries, CancellationToken cancellation) => _store.Prepare(queries, cancellation);

    /// <inheritdoc/>
    public EvidenceTable Bind(string name, string sql, CancellationToken cancellation) => Table(name, new(_store.Bind(sql, cancellation), []));

    /// <summary>By its weights; by its name only where a manifest says nothing of them.</summary>
    static bool IsUntrained(StoredModel model) => model.Untrained ?? (UntrainedNetworks.Knows(model.Identity.WeightsSha256) ||
        (model.Identity.Basis != IdentityBasis.Tensors && model.Name.StartsWith(UntrainedNetwork.NamePrefix, StringComparison.Ordinal)));

    static string? Unfit(StoredModel model) => model.Prompts.Any(prompt => prompt.Text is null) ? "prompts are token ids, not texts that a tokenizer read" : null;

    /// <summary>A query's result with every number a double.</summary>
    public static EvidenceTable Table(string name, QueryResult result) => new(
        name, [.. result.Columns.Select(column => new TableColumn(column.Name, column.Type))], [.. result.Rows.Select(row => (object?[])[.. row.Select(Value)])]);

    static object? Value(object? value) => value switch
    {
        long whole => (double)whole,
        BigInteger whole => (double)whole,
        decimal exact => (double)exact,
        float real => (double)real,
        _ => value,
    };
}
