using Castalia.Interventions;
using Castalia.Store;

namespace Castalia.Analyses;

/// <summary>The isomorphisms of a model as far as stored runs have them: blocks as maps, reference texts and fewer heads, each from a run of the same weights and arithmetic.</summary>
/// <param name="Label">The model.</param>
/// <param name="Sources">What is from which run, on which prompts.</param>
/// <param name="Rows">The figures.</param>
sealed record StoredIsomorphisms(string Label, IReadOnlyList<string> Sources, IReadOnlyList<Isomorphism> Rows)
{
    /// <summary>Every model of which something is stored, in the order of the runs; of runs of a kind the one with the most blocks, then the latest counts.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="cancellation">Stops between queries.</param>
    public static IReadOnlyList<StoredIsomorphisms> Of(RunStore store, CancellationToken cancellation)
    {
        var maps = Found(store, "SELECT run, model, count(DISTINCT layer) FROM dynamics GROUP BY run, model", cancellation);
        var references = Found(store, $"SELECT run, model, count(*) FROM attribution WHERE {CommonMode} GROUP BY run, model", cancellation);
        var heads = Found(store, $"SELECT run, model, count(DISTINCT intervention) FROM interventions WHERE {FewerHeads} GROUP BY run, model", cancellation);
        var all = store.Runs.SelectMany(run => run.Models.Select(model => new ModelOfRun(run, model))).ToList();
        return
        [
            .. from same in all.GroupBy(m => (m.Model.Identity.Weights, m.Model.Identity.Arithmetic))
               let map = Latest(same, maps)
               let reference = Latest(same, references)
               let fewer = Latest(same, heads)
               where (map ?? reference ?? fewer) is not null
               let named = (map ?? reference ?? fewer)!.Value
               select new StoredIsomorphisms(
                   store.Counted.Label(named.Run, named.Model), [.. From(map, reference, fewer)],
                   Isomorphism.Of(Evidence(store, named.Model.DModel, map, reference, fewer, cancellation), named.Run.Seed)),
        ];
    }

    const string CommonMode = "split = 'block' AND part = 'common_mode_rejection' AND position = tokens - 1 AND value IS NOT NULL";

    // As the shipped do-file names its interventions, and which share of the heads each takes.
    static readonly (string Name, double Share)[] s_fewer = [("without a quarter of the heads", 0.25), ("without half of the heads", 0.5), ("without three quarters of the heads", 0.75), ("without any head", 1)];

    static string FewerHeads { get; } = $"({string.Join(" OR ", s_fewer.Select(fewer => $"starts_with(intervention, '{fewer.Name}')"))}) AND gain IS NOT NULL";

    static Dictionary<(string, string), long> Found(RunStore store, string sql, CancellationToken cancellation) =>
        store.Query(sql, cancellation).Rows.ToDictionary(row => ((string)row[0]!, (string)row[1]!), row => (long)row[2]!);

    static ModelOfRun? Latest(IEnumerable<ModelOfRun> same, Dictionary<(string, string), long> found) => same.Where(m => found.ContainsKey(Key(m)))
        .OrderBy(m => found[Key(m)]).ThenBy(m => m.Run.StartedUtc).ThenBy(m => m.Run.Name, StringComparer.Ordinal).Select(m => (ModelOfRun?)m).LastOrDefault();

    static (string, string) Key(ModelOfRun m) => (m.Run.Name, m.Model.Name);

    static IEnumerable<string> From(ModelOfRun? map, ModelOfRun? reference, ModelOfRun? fewer)
    {
        foreach (var (what, from) in new[] { ("blocks as maps", map), ("common-mode rejection", reference), ("fewer heads", fewer) })
            if (from is { } m) yield return $"{what}: run {m.Run.Name}, {Path.GetFileName(m.Run.PromptSet)}";
    }

    static IsomorphismEvidence Evidence(RunStore store, int width, ModelOfRun? map, ModelOfRun? reference, ModelOfRun? fewer, CancellationToken cancellation)
    {
        object?[][] Rows(string columns, string table, string where, ModelOfRun? of, string order) => of is not { } m ? []
            : [.. store.Query($"SELECT {columns} FROM {table} WHERE run = {Quoted(m.Run.Name)} AND model = {Quoted(m.Model.Name)} AND {where} {order}", cancellation).Rows];
        var last = Rows("gain, cos_theta, set_point, kappa_attn, kappa_mlp, law_departure, ln_sigma_first, log_abs_det, participation_before, participation_after", "dynamics", "true", map,
            "QUALIFY layer = max(layer) OVER () ORDER BY prompt_index");
        var depth = Rows("prompt_index, set_point", "dynamics", "true", map, "ORDER BY prompt_index, layer");
        return new()
        {
            Width = width,
            Last = [.. last.Select(row => new MapReading(Real(row[0]), Real(row[1]), Real(row[2]), Real(row[3]), Real(row[4]), Real(row[5]), Real(row[6]), Real(row[7]), Real(row[8]), Real(row[9])))],
            SetPoints = [.. depth.GroupBy(row => row[0]).Select(prompt => prompt.Select(row => Real(row[1])).ToArray())],
            CommonMode = [.. Rows("value", "attribution", CommonMode, reference, "QUALIFY layer = max(layer) OVER () ORDER BY prompt_index").Select(row => Real(row[0]))],
            Heads = fewer is { } m ? Heads(m, Rows) : [],
        };
    }

    /// <summary>Means over the draws of a share by prompt; all heads are those of the clean pass.</summary>
    static IReadOnlyList<HeadsLeft> Heads(ModelOfRun of, Func<string, string, string, ModelOfRun?, string, object?[][]> rows)
    {
        int all = (int)of.Model.Architecture["n_heads"]!;
        string where = $"{FewerHeads} AND layer = {of.Model.NLayers - 1}";
        var clean = rows("min(clean_gain)", "interventions", $"{where} AND clean_gain IS NOT NULL", of, "GROUP BY prompt_index ORDER BY prompt_index");
        return
        [
            new(1, [.. clean.Select(row => Real(row[0]))]),
            .. from fewer in s_fewer
               let gains = rows("avg(gain ORDER BY intervention_index)", "interventions", $"{where} AND starts_with(intervention, '{fewer.Name}')", of, "GROUP BY prompt_index ORDER BY prompt_index")
               where gains.Length > 0
               select new HeadsLeft(1 - new UnitAmount(null, fewer.Share).Of(all) / (double)all, [.. gains.Select(row => Real(row[0]))]),
        ];
    }

    static double Real(object? value) => value is double number ? number : double.NaN;

    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
