using Castalia.Store;

namespace Castalia.Hypotheses;

/// <summary>Rows that stay in the database until it is known which are wanted: of many runs few are.</summary>
sealed class HeldEvidence : IEvidence
{
    const string Row = "rowid"; // a row's place in the result

    static readonly string[] s_counts = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"];

    readonly string _name;
    readonly HeldResult _held;
    readonly CancellationToken _cancellation;

    HeldEvidence(string name, HeldResult held, IReadOnlyList<ModelOfRows> models, CancellationToken cancellation) => (_name, _held, Models, _cancellation) = (name, held, models, cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<ModelOfRows> Models { get; }

    /// <summary>A result without being read; null where its columns do not tell enough of whose rows they are.</summary>
    /// <param name="name">The query's name.</param>
    /// <param name="held">Its result.</param>
    /// <param name="isLeftOut">Models that are passed over.</param>
    /// <param name="cancellation">Stops it.</param>
    public static HeldEvidence? Of(string name, HeldResult held, Func<string, string, bool> isLeftOut, CancellationToken cancellation)
    {
        if (Type("run") != "VARCHAR" || Type("model") != "VARCHAR" || held.Columns.Any(c => c.Name.Equals(Row, StringComparison.OrdinalIgnoreCase))) return null;
        // As EvidenceTable.Prompts.
        if ((Type("prompts"), Type("prompt")) switch
        {
            ({ } count, _) => s_counts.Contains(count) ? "max(coalesce(CAST(prompts AS BIGINT), 0))" : null,
            (null, { } named) => named == "VARCHAR" ? "count(DISTINCT prompt)" : null,
            _ => "NULL",
        } is not { } prompts) return null;
        List<ModelOfRows> models = [];
        bool isNamed = true;
        held.Ask($"run, model, CAST({prompts} AS BIGINT), min({Row}) AS first", "GROUP BY run, model ORDER BY first", row =>
        {
            isNamed &= !row.IsDBNull(0) && !row.IsDBNull(1);
            if (isNamed) models.Add(new(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : (int)(double)row.GetInt64(2)));
        }, cancellation);
        return isNamed ? new(name, held, [.. models.Where(model => !isLeftOut(model.Run, model.Model))], cancellation) : null;

        string? Type(string column) => held.Columns.FirstOrDefault(c => c.Name == column)?.Type;
    }

    /// <inheritdoc/>
    public EvidenceTable Of(IReadOnlySet<(string Run, string Model)> models)
    {
        List<object?[]> rows = [];
        var wanted = Models.Where(model => models.Contains((model.Run, model.Model))).ToList();
        if (wanted.Count > 0)
        {
            string list = string.Join(", ", wanted.Select(model => $"({Database.Literal(model.Run)}, {Database.Literal(model.Model)})"));
            _held.Read($"WHERE (run, model) IN ({list}) ORDER BY {Row}", rows.Add, _cancellation);
        }
        return StoredEvidence.Table(_name, new(_held.Columns, rows));
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
