using System.CommandLine;
using Castalia.Anatomy;
using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tokens;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>What models are, and in what they differ: from their configs, from their weights, and from the spectra of these.</summary>
static class AnatomyVerb
{
    static readonly Argument<string[]> Models = new("MODEL")
    {
        Description = $"What to read, each {CheckpointArgument.Forms}; or a model of the published study by name, whose config ships (pythia-6.9b). One: all that can be said of it. Several: in what they differ.",
        HelpName = "MODEL",
        Arity = ArgumentArity.OneOrMore,
        CompletionSources = { Completions.CachedModels },
    };

    static readonly Option<bool> NoSpectra = new("--no-spectra") { Description = "Leave out singular values and principal angles, which take longer than reading the weights." };

    static readonly Option<bool> ConfigOnly = new("--config-only") { Description = "Read configs and headers, no weights." };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    public static Command Build()
    {
        var command = new Command("anatomy", "Print what models are and in what they differ: wiring, norms, heads, positions, biases, vocabulary, parameters; and what their weights say, block by block.")
        {
            Models, ConfigOnly, NoSpectra, Threads,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            List<ReadAnatomy> read = [];
            ProgressDisplay.Run(sink => read.AddRange(parse.GetValue(Models)!.Select(named => Read(named, parse, sink, cancellation))));
            var difference = read.Count > 1 ? AnatomyDifference.Of([.. read.Select(model => model.Facts)], StudyAnatomy.Shipped) : null;
            PageOptions.Write(parse, () => JsonText.Node(AnatomyDocument.Of(read, difference), AnatomyJson.Default), () => AnatomyReport.Of(read, difference));
        }));
        return command;
    }

    static ReadAnatomy Read(string named, ParseResult parse, ProgressSink sink, CancellationToken cancellation)
    {
        if (!Path.Exists(named) && StudyConfigs.Find(named) is { } shipped && !IsCached(named)) return new(shipped.Facts(), null, null, IsShipped: true);
        var source = CheckpointArgument.Find(named);
        string name = ModelNames.Of([source.Path])[0];
        if (source.Hub is { } hub) name = hub.Repository;
        using var checkpoint = Checkpoint.Open(source.Path);
        var architecture = ArchitectureReader.Read(checkpoint);
        var weights = WeightMap.Bind(architecture, checkpoint);
        int? ids = TokenizerFile.ForCheckpoint(checkpoint)?.IdCount;
        var facts = AnatomyFacts.Of(name, weights, checkpoint, ids);
        if (parse.GetValue(ConfigOnly)) return new(facts, null, null, IsShipped: false);
        int threads = (int)Threads.In(parse);
        var open = new OpenWeights(name, weights, checkpoint);
        sink.Message($"{name}: reading the weights");
        var figures = WeightAnatomies.Read(open, ids, threads, progress: null, cancellation);
        if (parse.GetValue(NoSpectra)) return new(facts, figures, null, IsShipped: false);
        sink.Message($"{name}: spectra, about {Amounts.Time(SpectralCost.Of(architecture, threads).Seconds)}; --no-spectra leaves them out");
        var spectra = SpectralAnatomies.Read(open, ids, threads, new Immediate<int>(done => sink.Message($"{name}: spectra of block {Math.Min(done, architecture.NLayers)} of {architecture.NLayers}")), cancellation);
        return new(facts, figures, spectra, IsShipped: false);
    }

    /// <summary>Whether the hub's cache holds it, so that its own files are read.</summary>
    static bool IsCached(string named)
    {
        try
        {
            return named.Contains('/', StringComparison.Ordinal) && CheckpointArgument.Find(named) is not null;
        }
        catch (Errors.InputException)
        {
            return false;
        }
    }
}
