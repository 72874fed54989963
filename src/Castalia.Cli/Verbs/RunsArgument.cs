using System.CommandLine;
using System.Text.Json.Nodes;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>Which stored runs a verb reads.</summary>
static class RunsArgument
{
    /// <summary>[RUN …].</summary>
    public static Argument<string[]> Any() => new("RUN")
    {
        Description = "Runs of that folder, each by its name or its beginning, by a model that it measured, or 'latest'; or paths of run folders. None: every whole run in it.",
        HelpName = "RUN",
        CompletionSources = { Completions.Runs },
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>--runs.</summary>
    public static Option<string> Folder() => new("--runs")
    {
        Description = "Folder of the runs.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    /// <summary>--card.</summary>
    public static Option<string[]> Card() => new("--card")
    {
        Description = "A card of your own, as docs/cards.md describes, which measured models find as they find those that ship; may be given several times.",
        HelpName = "FILE.yaml",
    };

    /// <summary>Opens the runs that were named, or all.</summary>
    /// <exception cref="InputException">One is not there or damaged, or there is none at all.</exception>
    public static RunStore Open(string folder, string[] runs, CancellationToken cancellation) => Open(folder, runs, CardSet.Shipped, cancellation);

    /// <summary>The same, with cards of the user's own.</summary>
    /// <exception cref="InputException">One is not there or damaged, or there is none at all.</exception>
    public static RunStore Open(string folder, string[] runs, CardSet cards, CancellationToken cancellation)
    {
        var store = RunStore.Open(folder, runs, cards, CheckedRuns.OfUser(), cancellation);
        Warn(store);
        if (store.Runs.Count > 0) return store;
        store.Dispose();
        throw store.LeftOut.Count > 0 ? StoreErrors.AllDamaged(store.LeftOut[0].Fault!, store.LeftOut.Count) : StoreErrors.NoRuns(folder);
    }

    /// <summary>Writes a page, or the JSON object in its place, with what was left out because it repeats another.</summary>
    public static void Write(RunStore store, ParseResult parse, Func<JsonObject> document, Func<Page> page) => PageOptions.Write(parse, () =>
    {
        var written = document();
        written["repeats"] = RepeatsText.Json(store.Counted);
        return written;
    }, () =>
    {
        Remarks repeats = new([.. RepeatsText.Of(store.Counted)], Hang: 0);
        return repeats.Items.Count == 0 ? page() : new Page([repeats, new Gap(), .. page().Blocks]);
    });

    /// <summary>Names, on standard error, the runs that were left out because they are damaged, and those whose later change would not have been noticed.</summary>
    public static void Warn(RunStore store)
    {
        foreach (string warning in RunWarnings.LeftOut(store.LeftOut).Concat(RunWarnings.OfUnverified(store.Runs))) Messages.Say(warning);
    }
}
