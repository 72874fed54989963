using System.CommandLine;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Hypotheses;
using Castalia.Hypotheses.OverTwins;
using Castalia.Hypotheses.Separation;
using Castalia.Published;
using Castalia.Reports;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>Gives verdicts on hypotheses, and searches for fields that would explain dampening.</summary>
static class HypothesesVerb
{
    static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Hypotheses to show with their evidence, by id or its beginning (h15). None: all, a few lines each.",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "ID",
        CompletionSources = { Completions.Hypotheses },
    };

    static readonly Option<string> Folder = RunsArgument.Folder();

    static readonly Option<string[]> Run = new("--run") { Description = "Read only this run of the folder, by its name or its beginning, by a model, as 'latest', or by a path; may be given several times.", HelpName = "RUN", CompletionSources = { Completions.Runs } };

    static readonly Option<string[]> Files = new("--file") { Description = "A hypothesis of your own, as docs/hypotheses.md describes; may be given several times.", HelpName = "FILE.yaml" };

    static readonly Option<string[]> Cards = RunsArgument.Card();

    static readonly Option<string[]> Twins = new("--twins")
    {
        Description = "Read this study, a folder that 'castalia twins PLAN --out DIR' filled, in place of the shipped one of its plan's name; may be given several times.",
        HelpName = "DIR",
    };

    static readonly Option<bool> Published = new("--published") { Description = "Read the published study that ships with castalia, eight models of 25 prompts, in place of runs." };

    static readonly Option<bool> Separate = new("--separate") { Description = "Search the architecture fields for ones that split dampeners from expanders, and say how many would by chance." };

    static readonly Option<bool> Claim = new("--claim") { Description = "Print what is claimed, why, and the rules that would support or falsify it; reads no runs and gives no verdict." };

    public static Command Build()
    {
        var command = new Command("hypotheses", "Give verdicts on hypotheses over stored runs: supported, falsified or undecided, with the evidence.")
        {
            Ids, Folder, Run, Files, Twins, Cards, Published, Separate, Claim,
        };
        PageOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Separate) && (result.GetValue(Ids) is { Length: > 0 } || result.GetValue(Files) is { Length: > 0 }))
                result.AddError("--separate looks at fields and goes with no ID and no --file.");
            if (result.GetValue(Published) && (result.GetResult(Folder) is { Implicit: false } || result.GetValue(Run) is { Length: > 0 }))
                result.AddError("--published reads no runs and goes with no --runs and no --run.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(Claim) && (result.GetValue(Published) || result.GetValue(Separate) || PageOptions.IsJson(result) ||
                result.GetResult(Folder) is { Implicit: false } || result.GetValue(Run) is { Length: > 0 }))
                result.AddError("--claim reads no data and goes with an ID and --file only.");
        });
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            if (parse.GetValue(Claim))
            {
                PageOptions.Write(parse, HypothesesReport.Claims(Asked(parse)));
                return;
            }
            // Runs are opened meanwhile; what is wrong with hypotheses is said first all the same.
            var reading = Task.Run(() => (Asked(parse), TwinTables.With(parse.GetValue(Twins)!)), CancellationToken.None);
            using var runs = Opened(parse, reading, cancellation);
            var (asked, tables) = reading.GetAwaiter().GetResult();
            if (parse.GetValue(Published))
            {
                using var study = new PublishedEvidence(PublishedStudy.Shipped, CardSet.With(parse.GetValue(Cards)!), cancellation) { Twins = tables };
                Print(study);
            }
            else
            {
                RunsArgument.Warn(runs!);
                Print(new StoredEvidence(runs!) { Twins = tables });
            }

            void Print(IEvidenceSource source)
            {
                if (parse.GetValue(Separate)) Separation(parse, source, cancellation);
                else Verdicts(parse, asked, source, cancellation);
            }
        }));
        return command;
    }

    static IReadOnlyList<Hypothesis> Asked(ParseResult parse) =>
        parse.GetValue(Separate) ? [] : HypothesisIds.Asked(HypothesisFiles.With(parse.GetValue(Files)!), parse.GetValue(Ids)!);

    /// <summary>The runs that are asked for; null where the published study is.</summary>
    static RunStore? Opened(ParseResult parse, Task reading, CancellationToken cancellation)
    {
        try
        {
            return parse.GetValue(Published) ? null : RunStore.Open(parse.GetValue(Folder)!, parse.GetValue(Run)!, CardSet.With(parse.GetValue(Cards)!), CheckedRuns.OfUser(), cancellation);
        }
        catch
        {
            reading.GetAwaiter().GetResult();
            throw;
        }
    }

    static void Verdicts(ParseResult parse, IReadOnlyList<Hypothesis> asked, IEvidenceSource source, CancellationToken cancellation)
    {
        Binding.Check(asked, source, cancellation);
        List<Verdict> verdicts = [.. HypothesisEvaluation.Of(asked, source, cancellation)];
        var multiplicity = Multiplicity(parse, verdicts, source, cancellation);
        bool atLength = parse.GetValue(Ids)!.Length > 0;
        PageOptions.Write(
            parse, () => JsonText.Node(VerdictsDocument.Of(verdicts, source.Name, atLength, multiplicity), HypothesisJson.Default),
            () => atLength ? HypothesesReport.AtLength(verdicts, source.Name, multiplicity) : HypothesesReport.List(verdicts, source.Name, multiplicity));
    }

    /// <summary>Over all hypotheses that there are, also those that were not asked for: as many rules were asked.</summary>
    static TwinMultiplicity Multiplicity(ParseResult parse, List<Verdict> verdicts, IEvidenceSource source, CancellationToken cancellation)
    {
        if (verdicts.TrueForAll(v => v.Twins is null)) return new([]);
        var given = verdicts.ToDictionary(v => v.Hypothesis.Id, v => v.Twins, StringComparer.Ordinal);
        var others = HypothesisFiles.With(parse.GetValue(Files)!).Where(h => h.Twins is not null && !given.ContainsKey(h.Id)).ToList();
        Binding.Check(others.Select(h => h with { Requires = null, Evidence = [], Tests = [], Each = null }), source, cancellation);
        return new([.. given.Values.OfType<TwinVerdict>(), .. TwinEvaluation.Of(others, source.Twins, cancellation).Select(verdict => verdict!)]);
    }

    static void Separation(ParseResult parse, IEvidenceSource source, CancellationToken cancellation)
    {
        var (models, separation, choices) = ModelStatuses.Separate(source, cancellation);
        PageOptions.Write(
            parse, () => JsonText.Node(SeparationDocument.Of(models, separation, source.Name), HypothesisJson.Default),
            () => SeparationReport.Of(models, separation, choices, source.Name));
    }
}
