using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Measures;

namespace Castalia.Hypotheses.Each;

/// <summary>Evaluates a hypothesis for every model by itself, from the runs that its file asks for.</summary>
static class EachEvaluation
{
    /// <summary>A verdict for each model of which there is one of these runs, by name.</summary>
    /// <param name="h">The hypothesis, its queries bound.</param>
    /// <param name="source">The views.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IReadOnlyList<ModelVerdict> Of(Hypothesis h, IEvidenceSource source, CancellationToken cancellation)
    {
        if (h.Each is not { } each) return [];
        var found = each.Runs.ToDictionary(need => need.Name, need => source.Find(need).ToDictionary(run => run.Identity));
        var models = found.Values.SelectMany(runs => runs.Values).GroupBy(run => run.Identity, StringComparer.Ordinal)
            .Select(model => (Identity: model.Key, Label: model.Select(run => run.Label).Min(StringComparer.Ordinal)!)).OrderBy(model => model.Label, StringComparer.Ordinal).ToList();
        if (models.Count == 0) return [];
        var wanted = found.Values.SelectMany(runs => runs.Values).Select(run => (run.Run, run.Model)).ToHashSet();
        var tables = each.Evidence.ToDictionary(query => query.Query.Name, query =>
        {
            using var evidence = source.Hold(query.Query.Name, Binding.Asked(query.Query), cancellation);
            return evidence.Of(wanted);
        });
        return [.. models.Select(model => Of(
            each, model.Identity, model.Label, found.Where(runs => runs.Value.ContainsKey(model.Identity)).ToDictionary(runs => runs.Key, runs => runs.Value[model.Identity]),
            tables, source.Description(model.Identity)))];
    }

    static ModelVerdict Of(
        EachModel each, string identity, string label, Dictionary<string, FoundRun> runs, Dictionary<string, EvidenceTable> tables, IReadOnlyDictionary<string, object?> description)
    {
        var wanted = each.Runs.Where(need => need.ActivationOf(description) is not null).ToList();
        var there = wanted.Where(need => runs.ContainsKey(need.Name)).ToList();
        bool? applies = each.Applies is { } rule ? Applies(rule, description) : true;
        List<TestOutcome> outcomes = applies == false ? [] : [.. each.Tests.Select(test => new TestOutcome(test, [(label, Result(each, test, wanted, runs, tables))]))];
        var results = new NamedResults(outcomes, new Dictionary<string, Statistics.Figure<double>>());
        bool? supports = applies == false || each.Supported is not { } s ? null : Evaluation.Of(s.Condition, results.Meaning);
        bool? falsifies = applies == false || each.Falsified is not { } f ? null : Evaluation.Of(f.Condition, results.Meaning);
        IReadOnlyList<string> missing = applies == false ? [] : [.. wanted.Except(there).Where(need => !need.IsOptional).Select(need => need.Command)];
        var (kind, why) = applies == false
            ? (VerdictKind.Undecided, $"It says nothing of this model, of which {ConditionText.Of(each.Applies!.Condition)} does not hold.")
            : VerdictRule.By(each.Supported, each.Falsified, missing, supports, falsifies, results);
        return new()
        {
            Model = label,
            Identity = identity,
            Kind = kind,
            Why = why,
            Missing = missing,
            Runs = [.. there.Select(need => (need, runs[need.Name].Run))],
            Outcomes = outcomes,
            SupportHolds = supports,
            FalsificationHolds = falsifies,
            Strength = applies == false ? null : results.Sentence(each.Strength),
            Cautions = Dependence.Cautions(outcomes),
            Limits = applies == false ? null : each.Limits is { } limits ? results.Sentence(limits) : null,
        };
    }

    /// <summary>Whether a hypothesis says something of a model; null where its description does not tell.</summary>
    public static bool? Applies(Rule rule, IReadOnlyDictionary<string, object?> description) => Evaluation.Of(rule.Condition, name => description.GetValueOrDefault(name) switch
    {
        bool truth => Meaning.Of(truth),
        long whole => Meaning.Of(whole),
        double real => Meaning.Of(real),
        _ => Meaning.Undefined("the description does not say"),
    });

    static MeasureResult Result(EachModel each, Measure test, List<RunNeed> wanted, Dictionary<string, FoundRun> runs, Dictionary<string, EvidenceTable> tables)
    {
        var query = each.Evidence.First(query => query.Query.Name == test.From);
        if (query.From.FirstOrDefault(name => wanted.TrueForAll(need => need.Name != name)) is { } other) return MeasureResult.Undefined(test, 0, $"this model has no run '{other}': its activation is no GELU", []);
        if (query.From.FirstOrDefault(name => !runs.ContainsKey(name)) is { } missing) return NotThere(test, $"there is no run '{missing}' of this model");
        var table = tables[query.Query.Name];
        var of = query.From.Select(name => (runs[name].Run, runs[name].Model)).ToHashSet();
        object?[][] rows = [.. table.Rows.Where(row => of.Contains((table.Run(row), table.Model(row))))];
        return test.Statistic.Of(test, new(table, rows)) with { Dependence = Dependence.Of(test, query.Query.Sql, table, rows) };
    }

    /// <summary>Also how many rows there would be is not known.</summary>
    static MeasureResult NotThere(Measure test, string because) => new(test.Fields.ToDictionary(field => field, _ => Statistics.Figure<double>.Undefined(because)), []);
}
