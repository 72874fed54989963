using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;
using Castalia.Errors;
using Castalia.Hypotheses.OverTwins;
using Castalia.Hypotheses.Reading;

namespace Castalia.Hypotheses;

/// <summary>Checks the queries of hypotheses against the views, and the columns that tests name against the queries, before anything is evaluated.</summary>
static partial class Binding
{
    /// <summary>Binds every query of every hypothesis, those over runs and those over twins each by a thread; the first that fails, in the order of the hypotheses, is what is thrown.</summary>
    /// <exception cref="InputException">A query the views do not fit, or a column that is not there or of the wrong kind: file, line and column.</exception>
    public static void Check(IEnumerable<Hypothesis> hypotheses, IEvidenceSource source, CancellationToken cancellation)
    {
        List<Hypothesis> all = [.. hypotheses];
        var overTwins = Task.Run(() => CheckTwins(all, cancellation), CancellationToken.None);
        var queries = all.SelectMany(h => h.Evidence.Concat(h.Each?.Evidence.Select(each => each.Query) ?? [])).Select(Asked).Distinct().Select(sql => (sql, Bound(sql))).ToList();
        try
        {
            source.Prepare(queries, cancellation);
        }
        catch
        {
            Task.WaitAny([overTwins], CancellationToken.None); // it reads a database of its own, which is not to outlive this
            throw;
        }
        var runs = FirstFailure(all, h => Check(h, source, cancellation));
        var twins = overTwins.GetAwaiter().GetResult();
        (runs.Index <= twins.Index ? runs : twins).Failure?.Throw();
    }

    static (int Index, ExceptionDispatchInfo? Failure) CheckTwins(List<Hypothesis> all, CancellationToken cancellation)
    {
        TwinDatabase? twins = null;
        try
        {
            return FirstFailure(all, h =>
            {
                if (h.Twins is { } rules) Check(rules, twins ??= new(cancellation), cancellation);
            });
        }
        finally
        {
            twins?.Dispose();
        }
    }

    static (int Index, ExceptionDispatchInfo? Failure) FirstFailure(List<Hypothesis> all, Action<Hypothesis> check)
    {
        for (int i = 0; i < all.Count; i++)
        {
            try
            {
                check(all[i]);
            }
            catch (Exception e)
            {
                return (i, ExceptionDispatchInfo.Capture(e));
            }
        }
        return (all.Count, null);
    }

    static void Check(TwinRules rules, TwinDatabase twins, CancellationToken cancellation)
    {
        var tables = rules.Evidence.ToDictionary(query => query.Name, query => Bind(query, twins.Bind, cancellation));
        foreach (var test in rules.Tests) ColumnCheck.Of(test, tables[test.From!].Columns);
    }

    static void Check(Hypothesis h, IEvidenceSource source, CancellationToken cancellation)
    {
        var tables = h.Evidence.ToDictionary(query => query.Name, query => Bind(query, source, cancellation));
        if (h.Requires is { Prompts: not null, Place: var place } && tables.Values.All(table => table.Prompts([]) is null))
            throw HypothesisErrors.PromptsUncounted(place);
        foreach (var test in h.Tests)
        {
            var columns = test.From is { } from ? tables[from].Columns : ModelTable.Columns(h, test, tables);
            ColumnCheck.Of(test, columns);
        }
        if (h.Each is not { } each) return;
        var ofEach = each.Evidence.ToDictionary(query => query.Query.Name, query => Bind(query.Query, source, cancellation));
        foreach (var test in each.Tests) ColumnCheck.Of(test, ofEach[test.From!].Columns);
    }

    static EvidenceTable Bind(EvidenceQuery query, Func<string, string, CancellationToken, EvidenceTable> run, CancellationToken cancellation)
    {
        try
        {
            return run(query.Name, Bound(Asked(query)), cancellation);
        }
        catch (InputException e)
        {
            // The line that DuckDB names is one of the query as it is run: one line further down.
            var line = Line().Match(e.Place);
            string place = line.Success ? query.Text.PlaceOfLine(int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) - 1) : query.Text.Place;
            throw HypothesisErrors.Sql(place, query.Name, e);
        }
    }

    /// <summary>A query as the database is asked it.</summary>
    public static string Asked(EvidenceQuery query) => query.Sql.TrimEnd().TrimEnd(';');

    /// <summary>A query of its columns alone.</summary>
    static string Bound(string asked) => $"SELECT * FROM (\n{asked}\n) LIMIT 0";

    /// <summary>A query of models of runs.</summary>
    static EvidenceTable Bind(EvidenceQuery query, IEvidenceSource source, CancellationToken cancellation)
    {
        var table = Bind(query, source.Bind, cancellation);
        foreach (string needed in new[] { "run", "model" })
        {
            int i = table.IndexOf(needed);
            if (i < 0) throw HypothesisErrors.MissingColumn(query.Text.Place, needed, table.Columns.Select(c => c.Name));
            if (table.Columns[i].Kind != ColumnKind.Text) throw HypothesisErrors.ColumnType(query.Text.Place, needed, table.Columns[i].Words, "a text");
        }
        if (table.IndexOf("prompts") is >= 0 and var count && table.Columns[count].Kind != ColumnKind.Number)
            throw HypothesisErrors.ColumnType(query.Text.Place, "prompts", table.Columns[count].Words, "a number");
        return table;
    }

    [GeneratedRegex(@"\bline (\d+):")]
    private static partial Regex Line();
}
