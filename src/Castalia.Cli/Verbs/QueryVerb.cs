using System.CommandLine;
using System.Text;
using Castalia.Cards;
using Castalia.Reports;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>One SELECT over stored runs.</summary>
static class QueryVerb
{
    enum Form
    {
        Table,
        Plain,
        Markdown,
        Html,
        Csv,
        Json,
        Parquet,
    }

    const int Chunk = 1 << 16; // characters

    static readonly Argument<string> Sql = new("SQL")
    {
        Description = $"One SELECT in the SQL of DuckDB over the views {RunStore.ViewNames}.",
    };

    static readonly Argument<string[]> Runs = RunsArgument.Any();

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<string[]> Cards = RunsArgument.Card();

    static readonly Choice<Form> Format = new("--format", "How rows are written.",
        ("table", Form.Table), ("plain", Form.Plain), ("markdown", Form.Markdown), ("html", Form.Html), ("csv", Form.Csv), ("json", Form.Json), ("parquet", Form.Parquet));

    static readonly Option<string?> Out = new("--out") { Description = "File to write to; must not be there yet. Default: standard output.", HelpName = "FILE" };

    public static Command Build()
    {
        const string What = "Query stored runs. A query reads: it can neither write nor see anything else. " +
            "'castalia query \"DESCRIBE gains\"' lists the columns of a view.";
        var command = new Command("query", What) { Sql, Runs, Folder, Cards, Format, Out };
        command.Validators.Add(result =>
        {
            if (Format.In(result) == Form.Parquet && result.GetValue(Out) is null)
                result.AddError("--format parquet needs --out FILE: it is not for a terminal.");
        });
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            string sql = parse.GetValue(Sql)!;
            string? path = parse.GetValue(Out);
            if (path is not null)
            {
                Leftovers.RemoveBeside(path);
                ResultFile.CheckFree(path);
            }
            using var store = RunsArgument.Open(parse.GetValue(Folder)!, parse.GetValue(Runs)!, CardSet.With(parse.GetValue(Cards)!), cancellation);
            if (!sql.Contains("repeat_of", StringComparison.OrdinalIgnoreCase) && RepeatsText.InViews(store.Counted) is { } repeats) Messages.Say(repeats);
            var form = Format.In(parse) ?? Form.Table;
            if (path is not null) ResultFile.Write(path, partial => Save(store, sql, form, partial, parse.CommandResult.Command, cancellation));
            else if (form == Form.Table) Output.Page(QueryReport.Of(store.Query(sql, cancellation)));
            else Print(store, sql, form, parse.CommandResult.Command, form == Form.Json ? Output.Write : Output.Exactly, cancellation);
            if (path is not null) Messages.Say($"wrote {path}");
        }));
        return command;
    }

    static void Save(RunStore store, string sql, Form form, string path, Command verb, CancellationToken cancellation)
    {
        if (form == Form.Parquet)
        {
            store.WriteParquet(sql, Path.GetFullPath(path), cancellation);
            return;
        }
        using var file = new StreamWriter(path);
        Print(store, sql, form, verb, file.Write, cancellation);
    }

    static void Print(RunStore store, string sql, Form form, Command verb, Action<string> write, CancellationToken cancellation)
    {
        var pending = new StringBuilder(); // standard output is slow by the row
        switch (form)
        {
            case Form.Csv:
                store.Query(sql, columns => Add(ResultCsv.Header(columns)), row => Add(ResultCsv.Row(row)), cancellation);
                break;
            case Form.Json:
                IReadOnlyList<QueryColumn> names = [];
                string before = "[\n";
                store.Query(sql, columns => names = columns, row =>
                {
                    Add($"{before}  {ResultJson.Row(names, row)}");
                    before = ",\n";
                }, cancellation);
                Add(before == "[\n" ? "[]\n" : "\n]\n");
                break;
            default:
                Add(PageOptions.Text(QueryReport.Of(store.Query(sql, cancellation)), AsPage(form), verb));
                break;
        }
        write(pending.ToString());

        void Add(string text)
        {
            if (pending.Append(text).Length < Chunk) return;
            write(pending.ToString());
            pending.Clear();
        }
    }

    static PageFormat AsPage(Form form) => form switch
    {
        Form.Plain => PageFormat.Plain,
        Form.Markdown => PageFormat.Markdown,
        Form.Html => PageFormat.Html,
        _ => PageFormat.Terminal,
    };
}
