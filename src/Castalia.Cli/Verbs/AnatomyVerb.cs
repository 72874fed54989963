using System.CommandLine;
using Castalia.Anatomy;
using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>What models are, and in what they differ: from their configs, from their weights, and from the spectra of these.</summary>
static class AnatomyVerb
{
    static readonly Argument<string[]> Models = new("MODEL")
    {
        Description = $"What to read, each {CheckpointArgument.Forms}, a config.json, or a model of the published study by name, whose config ships (pythia-6.9b). One: all that can be said of it. Several: in what they differ.",
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
        if (!Path.Exists(named) && StudyConfigs.Find(named) is { } shipped && !IsCached(shipped.Repository)) return new(shipped.Facts(), null, null, "the config that ships with castalia");
        if (IsConfigAlone(named)) return new(AnatomyFacts.Of(named, Anatomy.ConfigOnly.Read(named)), null, null, "its config alone");
        var source = CheckpointArgument.Find(named);
        string name = ModelNames.Of([source.Name])[0];
        using var checkpoint = Checkpoint.Open(source.Path);
        var architecture = ArchitectureReader.Read(checkpoint);
        var weights = WeightMap.Bind(architecture, checkpoint);
        int? ids = Tokenization.TokenizerFor(checkpoint, []).Tokenizer?.IdCount; // one of a kind that is not read leaves the padding unknown
        var facts = AnatomyFacts.Of(name, weights, checkpoint, ids);
        if (parse.GetValue(ConfigOnly)) return new(facts, null, null, "its config and the headers of its weights");
        int threads = (int)Threads.In(parse);
        var open = new OpenWeights(name, weights, checkpoint);
        sink.Message($"{name}: reading the weights");
        var figures = WeightAnatomies.Read(open, ids, threads, progress: null, cancellation);
        if (parse.GetValue(NoSpectra)) return new(facts, figures, null, null);
        sink.Message($"{name}: spectra, about {Amounts.Time(SpectralCost.Of(architecture, threads).Seconds)}; --no-spectra leaves them out");
        var spectra = SpectralAnatomies.Read(open, ids, threads, new Immediate<int>(done => sink.Message($"{name}: spectra of block {Math.Min(done, architecture.NLayers)} of {architecture.NLayers}")), cancellation);
        return new(facts, figures, spectra, null);
    }

    /// <summary>Whether there is a config and nothing that could be weights.</summary>
    static bool IsConfigAlone(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? File.Exists(path)
        : File.Exists(Path.Combine(path, "config.json")) && !Directory.EnumerateFiles(path).Any(file => Path.GetExtension(file) is ".safetensors" or ".bin" or ".gguf" or ".pt" or ".pth");

    /// <summary>Whether the hub's cache holds it, so that its own files are read.</summary>
    static bool IsCached(string repository)
    {
        try
        {
            return CheckpointArgument.Find(repository) is not null;
        }
        catch (Errors.InputException)
        {
            return false;
        }
    }
}
