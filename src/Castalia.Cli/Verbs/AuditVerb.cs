using System.CommandLine;
using Castalia.Audit;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>Revisions of a model in; which are not what they are said to be, out.</summary>
static class AuditVerb
{
    static readonly Argument<string[]> Checkpoints = new("CHECKPOINT")
    {
        Description = $"Revisions of one model, each {CheckpointArgument.Forms}. A name that ends with stepN is of training step N.",
        HelpName = "CHECKPOINT",
        Arity = ArgumentArity.OneOrMore,
        CompletionSources = { Completions.CachedModels },
    };

    static readonly Option<bool> NoCache = new("--no-cache") { Description = "Hash every file anew, and keep no hashes for the next audit." };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    public static Command Build()
    {
        var command = new Command(
            "audit",
            "Hash the tensors of revisions and compare them: which share weights, which carry another step's, and whether step 0 begins as its family is documented to. Ends with 3 where a defect is found.")
        {
            Checkpoints, NoCache, Threads,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse =>
        {
            bool isClean = true;
            int code = Verb.Run(cancellation =>
            {
                AuditResult? result = null;
                ProgressDisplay.Run(sink => result = Audit(parse, sink, cancellation));
                PageOptions.Write(parse, () => JsonText.Node(AuditDocument.Of(result!), AuditJson.Default), () => AuditPage.Of(result!));
                isClean = result!.Report.IsClean;
            });
            return code == ExitCode.Done && !isClean ? ExitCode.Found : code;
        });
        return command;
    }

    static AuditResult Audit(ParseResult parse, ProgressSink sink, CancellationToken cancellation) => Auditing.Take(
        [.. parse.GetValue(Checkpoints)!.Select(named => CheckpointArgument.Find(named))], parse.GetValue(NoCache) ? null : HashCache.OfUser(), (int)Threads.In(parse), sink.Hash, cancellation);
}
