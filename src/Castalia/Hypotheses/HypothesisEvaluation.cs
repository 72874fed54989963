using System.Runtime.ExceptionServices;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.Measures;
using Castalia.Hypotheses.OverTwins;
using Castalia.Statistics;

namespace Castalia.Hypotheses;

/// <summary>Evaluates hypotheses whose queries are bound.</summary>
static class HypothesisEvaluation
{
    // What hypotheses compute between their queries is done by one while another queries.
    const int MostThreads = 4;

    /// <summary>The verdicts on several, in their order, by several threads; the first that fails, in that order, is what is thrown.</summary>
    /// <param name="hypotheses">The hypotheses.</param>
    /// <param name="source">The views.</param>
    /// <param name="cancellation">Stops them.</param>
    public static IReadOnlyList<Verdict> Of(IReadOnlyList<Hypothesis> hypotheses, IEvidenceSource source, CancellationToken cancellation)
    {
        var verdicts = new Verdict[hypotheses.Count];
        var failed = new ExceptionDispatchInfo?[hypotheses.Count];
        int next = -1;
        using var twins = hypotheses.Any(h => h.Twins is not null) ? new TwinDatabase(cancellation) : null;
        Task.WaitAll([.. Enumerable.Range(0, Math.Clamp(Math.Min(Environment.ProcessorCount, hypotheses.Count), 1, MostThreads)).Select(_ => Task.Run(Work, CancellationToken.None))], CancellationToken.None);
        failed.FirstOrDefault(failure => failure is not null)?.Throw();
        return verdicts;

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < verdicts.Length && Array.TrueForAll(failed, failure => failure is null);)
            {
                try
                {
                    verdicts[i] = Of(hypotheses[i], source, twins, cancellation);
                }
                catch (Exception e)
                {
                    failed[i] = ExceptionDispatchInfo.Capture(e);
                }
            }
        }
    }

    /// <summary>The verdict on one.</summary>
    /// <param name="h">The hypothesis.</param>
    /// <param name="source">The views.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Verdict Of(Hypothesis h, IEvidenceSource source, CancellationToken cancellation) => Of([h], source, cancellation)[0];

    static Verdict Of(Hypothesis h, IEvidenceSource source, TwinDatabase? overTwins, CancellationToken cancellation)
    {
        var twins = overTwins is null ? null : TwinEvaluation.Of(h, source.Twins, overTwins, cancellation);
        if (h.Requires is not { } requires) return WithoutEvidence(h, twins);
        var (models, evidence) = Evidence(h, requires, source, cancellation);
        var outcomes = Outcomes(h, models, evidence.ToDictionary(table => table.Name));
        var each = EachEvaluation.Of(h, source, cancellation);
        var results = NamedResults.Of(models, outcomes, each, twins);
        bool? supports = h.Supported is { } s ? Evaluation.Of(s.Condition, results.Meaning) : null;
        bool? falsifies = h.Falsified is { } f ? Evaluation.Of(f.Condition, results.Meaning) : null;
        var (kind, why, missing) = VerdictRule.Of(h, models.Missing(requires), supports, falsifies, results);
        return new()
        {
            Hypothesis = h,
            Kind = kind,
            Why = why,
            Missing = missing,
            Models = models,
            Evidence = evidence,
            Outcomes = outcomes,
            Each = each,
            Twins = twins,
            SupportHolds = supports,
            FalsificationHolds = falsifies,
            Strength = models.Used.Count == 0 ? null : results.Sentence(h.Strength!),
            Cautions = models.Used.Count == 0 ? [] : Dependence.Cautions(outcomes),
            Limits = models.Used.Count == 0 ? null : h.Limits is { } limits ? results.Sentence(limits) : null,
        };
    }

    static (ModelChoices Models, List<EvidenceTable> Evidence) Evidence(Hypothesis h, Requirement requires, IEvidenceSource source, CancellationToken cancellation)
    {
        List<IEvidence> all = [];
        try
        {
            foreach (var query in h.Evidence) all.Add(source.Hold(query.Name, Binding.Asked(query), cancellation));
            var models = ModelChoices.Of(requires, [.. all.Select(evidence => evidence.Models)], source);
            return (models, [.. all.Select(evidence => models.Of(evidence.Of(models.Pairs)))]);
        }
        finally
        {
            foreach (var evidence in all) evidence.Dispose();
        }
    }

    static Verdict WithoutEvidence(Hypothesis h, TwinVerdict? twins)
    {
        var results = new NamedResults([], NamedResults.Counts([], twins));
        string[] waiting = [.. VerdictRule.Waiting(h, results).Select(need => need.Measurement)];
        return new()
        {
            Hypothesis = h,
            Kind = VerdictKind.Undecided,
            Why = waiting.Length > 0 ? $"It waits for {string.Join("; ", waiting)}." : "It has no rule over models; what twins say stands beside it.",
            Missing = waiting,
            Models = null,
            Evidence = [],
            Outcomes = [],
            Each = [],
            Twins = twins,
            SupportHolds = null,
            FalsificationHolds = null,
            Strength = null,
            Cautions = [],
            Limits = null,
        };
    }

    static List<TestOutcome> Outcomes(Hypothesis h, ModelChoices models, Dictionary<string, EvidenceTable> tables)
    {
        string[] names = [.. models.Used.Select(choice => choice.Model)];
        bool isEnough = models.Missing(h.Requires!) is null;
        var perModel = new Dictionary<(string, string), MeasureResult>();
        var outcomes = new List<TestOutcome>();
        foreach (var test in h.Tests)
        {
            if (test.PerModel)
            {
                var table = tables[test.From!];
                var rows = table.Rows.ToLookup(table.Model);
                List<MeasureResult> results = [.. names.Select(model => Result(test, table, [.. rows[model]]))];
                if (test.Holm) results = Adjusted(results);
                for (int i = 0; i < names.Length; i++) perModel[(test.Name, names[i])] = results[i];
                outcomes.Add(new(test, [.. names.Select((model, i) => ((string?)model, results[i]))]));
            }
            else
            {
                var table = test.From is { } from ? tables[from] : ModelTable.Of(h, test, names, tables, perModel);
                outcomes.Add(new(test, [(null, Result(test, table, table.Rows))]));
            }
        }
        return outcomes;

        // Of too few data all figures are shown, since no verdict rests on them; of enough, only those that rest on enough.
        MeasureResult Result(Measure test, EvidenceTable table, IReadOnlyList<object?[]> rows) =>
            !isEnough || Sufficiency.Missing(test, h.Requires!, table, rows) is not { } missing
                ? test.Statistic.Of(test, new(table, rows)) with { Dependence = Dependence.Of(test, h.Evidence.FirstOrDefault(query => query.Name == test.From)?.Sql, table, rows) }
                : MeasureResult.Undefined(test, rows.Count, missing, []);
    }

    /// <summary>Results with their p-values adjusted by Holm over the models in which they are defined.</summary>
    static List<MeasureResult> Adjusted(List<MeasureResult> results)
    {
        var adjusted = Multiplicity.OfDefined([.. results.Select(r => r.Fields["p"])], Multiplicity.Holm);
        return [.. results.Select((r, i) => r with { Fields = new Dictionary<string, Figure<double>>(r.Fields) { ["p_holm"] = adjusted[i] } })];
    }
}
