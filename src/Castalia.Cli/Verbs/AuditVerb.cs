using System.CommandLine;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Audit;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Reports;
using Castalia.Runs;

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

    static AuditResult Audit(ParseResult parse, ProgressSink sink, CancellationToken cancellation)
    {
        int threads = (int)Threads.In(parse);
        var cache = parse.GetValue(NoCache) ? null : HashCache.OfUser();
        var open = new Dictionary<string, Checkpoint>(StringComparer.Ordinal);
        try
        {
            List<(CheckpointSource Source, TensorHashes Hashes)> revisions = [];
            foreach (var source in parse.GetValue(Checkpoints)!.Select(named => CheckpointArgument.Find(named)))
            {
                string name = Path.TrimEndingDirectorySeparator(source.Name);
                var checkpoint = Checkpoint.Open(source.Path);
                if (!open.TryAdd(name, checkpoint)) checkpoint.Dispose();
                revisions.Add((source, TensorHashes.Of(name, TrainingSource.StepOf(name), open[name], cache, threads, sink.Hash(name), cancellation)));
            }
            List<InitialStatistics> initial = [.. revisions.Where(one => one.Hashes.Step == 0).Select(one =>
            {
                var weights = Weights(one.Hashes.Name, open[one.Hashes.Name]);
                return InitialStatistics.Of(weights.Weights.Architecture, WeightAnatomies.Read(weights, null, threads, null, cancellation), CardOf(one.Source));
            })];
            var report = AuditReport.Of([.. revisions.Select(one => one.Hashes)], new TensorDistance(open).Between, initial);
            return Decay(report, revisions, open, threads, cancellation);
        }
        finally
        {
            foreach (var checkpoint in open.Values) checkpoint.Dispose();
        }
    }

    /// <summary>What is left of step 0 in the last step, where both are there and the model's card says what decay alone would leave.</summary>
    static AuditResult Decay(
        AuditReport report, List<(CheckpointSource Source, TensorHashes Hashes)> revisions, Dictionary<string, Checkpoint> open, int threads, CancellationToken cancellation)
    {
        var stepped = revisions.Where(one => one.Hashes.Step is not null).OrderBy(one => one.Hashes.Step).ToList();
        if (stepped.Count < 2 || stepped[0].Hashes.Step != 0) return new(report, [], null, "step 0 and a later one are not both among the revisions");
        var (first, last) = (stepped[0], stepped[^1]);
        if (CardOf(last.Source) is not { } card) return new(report, [], null, "no card is known of this model");
        if (card.Schedule is not { } schedule || card.Number("weight_decay") is not { } decay) return new(report, [], null, $"the card of {card.Model} does not know its learning rate or its weight decay");
        double surviving = Math.Exp(-decay * schedule.Integral(last.Hashes.Step!.Value));
        var comparison = WeightAnatomies.Compare(Weights(last.Hashes.Name, open[last.Hashes.Name]), Weights(first.Hashes.Name, open[first.Hashes.Name]), threads, null, cancellation);
        return new(report, DecayComparison.Of(comparison, surviving), (last.Hashes.Name, first.Hashes.Name), null);
    }

    static Card? CardOf(CheckpointSource source) => source.Hub is { } hub ? ModelCards.Find(hub.Repository) : null;

    static OpenWeights Weights(string name, Checkpoint checkpoint) => new(name, WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);
}
