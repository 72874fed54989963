using Castalia.Hypotheses.Conditions;
using Castalia.Statistics;
using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>Evaluates a hypothesis over the networks of the studies that its file names.</summary>
static class TwinEvaluation
{
    /// <summary>The verdict; null where the hypothesis has no rules over twins.</summary>
    /// <param name="h">The hypothesis, its queries bound.</param>
    /// <param name="tables">Studies that are there.</param>
    /// <param name="cancellation">Stops it.</param>
    public static TwinVerdict? Of(Hypothesis h, TwinTables tables, CancellationToken cancellation) => Of([h], tables, cancellation)[0];

    /// <summary>Verdicts on several, in their order.</summary>
    /// <param name="hypotheses">The hypotheses, their queries bound.</param>
    /// <param name="tables">Studies that are there.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IReadOnlyList<TwinVerdict?> Of(IReadOnlyList<Hypothesis> hypotheses, TwinTables tables, CancellationToken cancellation)
    {
        if (hypotheses.All(h => h.Twins is null)) return [.. hypotheses.Select(_ => (TwinVerdict?)null)];
        using var database = new TwinDatabase(cancellation);
        return [.. hypotheses.Select(h => Of(h, tables, database, cancellation))];
    }

    /// <summary>The verdict; null where the hypothesis has no rules over twins. May be called by several threads.</summary>
    /// <param name="h">The hypothesis, its queries bound.</param>
    /// <param name="tables">Studies that are there.</param>
    /// <param name="database">Where they are asked.</param>
    /// <param name="cancellation">Stops it.</param>
    public static TwinVerdict? Of(Hypothesis h, TwinTables tables, TwinDatabase database, CancellationToken cancellation)
    {
        if (h.Twins is not { } rules) return null;
        string[] names = [.. rules.Studies.Select(study => study.Value)];
        string[] missing = [.. names.Where(name => !tables.Tables.ContainsKey(name)).Select(name => $"castalia twins {name} --out DIR")];
        TwinTable[] studies = [.. names.Where(tables.Tables.ContainsKey).Select(name => tables.Tables[name])];
        var verdict = new TwinVerdict
        {
            Id = h.Id,
            Rules = rules,
            Kind = VerdictKind.Undecided,
            Why = $"Studies that it reads have not been carried out: {string.Join("; ", missing)}.",
            Missing = missing,
            Studies = studies,
            Own = [.. tables.Own.Where(names.Contains)],
            Evidence = [],
            Outcomes = [],
            SupportHolds = null,
            FalsificationHolds = null,
            Strength = null,
            Cautions = [],
            Limits = null,
        };
        return missing.Length > 0 ? verdict : Decided(verdict, database, cancellation);
    }

    static TwinVerdict Decided(TwinVerdict verdict, TwinDatabase database, CancellationToken cancellation)
    {
        var rules = verdict.Rules;
        var tables = rules.Evidence.Select(query => database.Query(verdict.Studies, query.Name, Binding.Asked(query), cancellation)).ToList();
        List<TestOutcome> outcomes = [.. rules.Tests.Select(test =>
        {
            var table = tables.First(table => table.Name == test.From);
            return new TestOutcome(test, [(null, test.Statistic.Of(test, new(table, table.Rows)))]);
        })];
        var results = new NamedResults(outcomes, new Dictionary<string, Figure<double>> { ["networks"] = Figure<double>.Of(verdict.Studies.Sum(study => study.Networks.Count)) });
        bool? supports = rules.Supported is { } s ? Evaluation.Of(s.Condition, results.Meaning) : null;
        bool? falsifies = rules.Falsified is { } f ? Evaluation.Of(f.Condition, results.Meaning) : null;
        var (kind, why) = VerdictRule.By(rules.Supported, rules.Falsified, [], supports, falsifies, results);
        return verdict with
        {
            Kind = kind,
            Why = why,
            Evidence = tables,
            Outcomes = outcomes,
            SupportHolds = supports,
            FalsificationHolds = falsifies,
            Strength = results.Sentence(rules.Strength),
            Cautions = Dependence.Cautions(outcomes),
            Limits = results.Sentence(rules.Limits),
        };
    }
}
