using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Each;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Hypotheses;

/// <summary>Runs of one model of three blocks, forty prompts each, whose rows are made up; each run is called as the hypothesis calls it.</summary>
sealed class MadeUpRuns : IEvidenceSource, IDisposable
{
    readonly QueryDatabase _database;
    readonly string[] _runs;

    /// <param name="runs">Names of the runs that are there.</param>
    /// <param name="rows">Statements that fill the views.</param>
    public MadeUpRuns(IEnumerable<string> runs, params IEnumerable<string> rows)
    {
        _runs = [.. runs];
        _database = new(database =>
        {
            var none = CancellationToken.None;
            StoreTables.Make(database, [], CardSet.Shipped, none);
            foreach (var view in new[] { StoreViews.Gains, StoreViews.Positions })
            {
                database.Execute($"DROP VIEW {view.Name}", none);
                database.Execute($"CREATE TABLE {view.Name} ({string.Join(", ", view.Columns.Select(c => $"{Database.Identifier(c.Name)} {c.Type}"))})", none);
            }
            foreach (string run in _runs)
            {
                database.Execute($"INSERT INTO models (run, model, n_layers) VALUES ('{run}', 'a', 3)", none);
                database.Execute($"INSERT INTO runs (run, bos) VALUES ('{run}', '{(run == "token" ? "always" : "none")}')", none);
            }
            // e and f are noise that goes with nothing, p a probability, c a category's number.
            database.Execute("""
                CREATE TABLE made AS SELECT i, 'p' || i AS prompt, i % 4 AS c, 'c' || i % 4 AS category, 5 + (i * 7) % 3 AS tokens, (i * 29) % 40 / 40.0 AS p,
                  0.02 * ((i * 37) % 101 / 100.0 - 0.5) AS e, 0.02 * ((i * 53) % 97 / 96.0 - 0.5) AS f FROM range(40) t(i)
                """, none);
            foreach (string sql in rows) database.Execute(sql, none);
        }, output: null, TestContext.Current.CancellationToken);
    }

    /// <summary>Rows of an intervention, the last block's; those of block 1 mislead.</summary>
    public static string Do(string run, string name, string gain, string clean = "1.1 + e", string kl = "0.05 + e", string cost = "0.01 + e", string entropy = "2 + e", string cleanEntropy = "2 + f", string topToken = "7", string entering = "NULL", string written = "NULL") => $"""
        INSERT INTO interventions (run, model, prompt, prompt_index, category, intervention, layer, gain, clean_gain, gain_change, kl, loss, clean_loss, entropy, clean_entropy, top_token, clean_top_token, length_mismatch, source, along_pre, clean_along_pre, along_written, clean_along_written)
        SELECT '{run}', 'a', prompt, i, category, '{name}', layer, g + shift, k + shift, g - k, {kl}, 3 + {cost}, 3, {entropy}, {cleanEntropy}, {topToken}, 7, 0.1, 'p' || (i + 1) % 40, 3 * {entering}, 3, 3 * {written}, -0.6
        FROM (SELECT *, {gain} AS g FROM (SELECT *, {clean} AS k FROM made)), (VALUES (1, 5), (2, 0)) v(layer, shift)
        """;

    /// <summary>Rows of gains.</summary>
    public static string Gains(string run, string gain = "1.1 + e", string mlp = "0", string attention = "f", string entropy = "1 + p") => $"""
        INSERT INTO gains (run, model, prompt, prompt_index, category, tokens, gain, attribution_mlp, attribution_attn, top_probability, entropy)
        SELECT '{run}', 'a', prompt, i, category, tokens, {gain}, {mlp}, {attention}, p, {entropy} FROM made
        """;

    /// <summary>Rows of positions, 80 of each of twelve texts; q is the position.</summary>
    public static string Positions(string run, string gain = "1.1 + e", string mlp = "0", string attention = "f", string entropy = "1 + p") => $"""
        INSERT INTO positions (run, model, prompt, prompt_index, category, tokens, position, gain, attribution_mlp, attribution_attn, top_probability, entropy)
        SELECT '{run}', 'a', prompt, i, category, 80, q, {gain}, {mlp}, {attention}, p, {entropy}
        FROM (SELECT prompt, i, category, q, (i * 29 + q * 17) % 40 / 40.0 AS p, 0.02 * ((i * 37 + q * 31) % 101 / 100.0 - 0.5) AS e, 0.02 * ((i * 53 + q * 11) % 97 / 96.0 - 0.5) AS f FROM made, range(80) r(q) WHERE i < 12)
        """;

    /// <summary>Rows of attribution at the last position of the last block: gain² − 1 and parts; those of block 1 mislead.</summary>
    public static string PartsOf(string run, string total, string parts) => $"""
        INSERT INTO attribution (run, model, prompt, prompt_index, tokens, layer, position, split, part, "index", value)
        SELECT '{run}', 'a', prompt, i, tokens, layer, tokens - 1, split, part, "index", CASE WHEN layer = 2 THEN value ELSE 50 + value END
        FROM (SELECT *, {total} AS total, unnest([1, 2]) AS layer FROM made),
          LATERAL (VALUES ('block', 'gain_squared_minus_one', NULL, total), {parts}) v(split, part, "index", value)
        """;

    /// <summary>Rows of units: a head and 99 neurons, of which the first few carry the negative part.</summary>
    /// <param name="run">The run.</param>
    /// <param name="carrying">How many.</param>
    public static string Units(string run, int carrying) => FormattableString.Invariant($"""
        INSERT INTO units (run, model, layer, kind, "index", quantity, value)
        SELECT '{run}', 'a', 2, CASE WHEN i = 0 THEN 'head' ELSE 'neuron' END, i, 'a_negative_mean', CASE WHEN i < {carrying} THEN -1.0 / {carrying} ELSE 0 END FROM range(100) t(i)
        """);

    /// <summary>Rows of readings of the last block under a rule.</summary>
    public static string Readings(string run, string rule, string gain) => $"""
        INSERT INTO readings (run, model, prompt, prompt_index, tokens, layer, n_layers, position_rule, gain, gain_bfloat16, gain_float16)
        SELECT '{run}', 'a', prompt, i, tokens, 2, 3, '{rule}', g, g + f, g - f FROM (SELECT *, {gain} AS g FROM made)
        """;

    /// <summary>What the configuration states.</summary>
    public string Activation { get; init; } = "GeluErf";

    public string Name => "made up";

    public EvidenceModel Model(string run, string model) => EvidenceModel.Named(model);

    public IReadOnlyList<FoundRun> Find(RunNeed need) => _runs.Contains(need.Name) ? [new("identity", "a", need.Name, "a")] : [];

    public IReadOnlyDictionary<string, object?> Description(string identity) => new Dictionary<string, object?> { ["attn_out_bias"] = true, ["mlp_bias"] = true, ["stated_activation"] = Activation };

    public EvidenceTable Query(string name, string sql, CancellationToken cancellation)
    {
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<object?[]>();
        _database.Run(sql, found => columns = found, rows.Add, cancellation);
        return StoredEvidence.Table(name, new(columns, rows));
    }

    public void Dispose() => _database.Dispose();
}
