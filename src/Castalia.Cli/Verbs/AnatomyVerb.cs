using System.CommandLine;
using Castalia.Anatomy;
using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Hub;
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
        Description = $"What to read, each {CheckpointArgument.Forms}, a config.json, or by name a model of the published study, a Pythia or a GPT-2, whose config ships (pythia-6.9b). One: all that can be said of it. Several: in what they differ.",
        HelpName = "MODEL",
        Arity = ArgumentArity.OneOrMore,
        CompletionSources = { Completions.CachedModels, _ => [.. CardConfigs.Known.Select(card => new System.CommandLine.Completions.CompletionItem(card.Model))] },
    };

    static readonly Option<bool> NoSpectra = new("--no-spectra") { Description = "Leave out singular values and principal angles, which take longer than reading the weights." };

    static readonly Option<bool> ConfigOnly = new("--config-only") { Description = "Read configs and headers, no weights." };

    static readonly WholeNumber Threads = PromptOptions.Threads();

    public static Command Build()
    {
        var command = new Command("anatomy", "Print what models are and in what they differ: wiring, norms, heads, positions, biases, vocabulary, parameters; and what their weights say, block by block; of revisions of one model, which weights differ and by how much.")
        {
            Models, ConfigOnly, NoSpectra, Threads,
        };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            List<ReadAnatomy> read = [];
            List<RevisionComparison> revisions = [];
            List<OpenWeights> open = [];
            try
            {
                ProgressDisplay.Run(sink =>
                {
                    read.AddRange(Sources(parse.GetValue(Models)!).Select(source => Read(source, parse, open, sink, cancellation)));
                    revisions.AddRange(Compare(parse, open, sink, cancellation));
                });
            }
            finally
            {
                foreach (var model in open) model.Checkpoint.Dispose();
            }
            var difference = read.Count > 1 ? AnatomyDifference.Of([.. read.Select(model => model.Facts)], StudyAnatomy.Shipped) : null;
            PageOptions.Write(parse, () => JsonText.Node(AnatomyDocument.Of(read, difference, revisions), AnatomyJson.Default), () => AnatomyReport.Of(read, difference, revisions));
        }));
        return command;
    }

    /// <summary>What an argument means, and what it is called beside the others: facts that ship and what they are from, a checkpoint, or else a config alone.</summary>
    readonly record struct Source(string Named, string Name, AnatomyFacts? Shipped, string? From, CheckpointSource? Checkpoint);

    static Source[] Sources(string[] named)
    {
        Source[] sources =
        [
            .. named.Select(one => Path.Exists(one) ? IsConfigAlone(one) ? new Source(one, one, null, null, null) : Found(one)
                : StudyConfigs.Find(one) is { } study ? Unless(study.Repository, one, study.Facts(), "the config that ships with castalia")
                : ModelCards.Find(one) is { Hub: [var repository, ..] } card && CardConfigs.Facts(card) is { } facts ? Unless(repository, one, facts, "the architecture on the card that ships with castalia")
                : Found(one)),
        ];
        var files = sources.Where(source => source.Checkpoint is not null).Select(source => source.Checkpoint!.Name).ToList();
        var names = files.Count == 0 ? [] : files.Zip(ModelNames.Of(files)).ToDictionary(pair => pair.First, pair => StudyConfigs.Find(pair.First)?.Model ?? pair.Second);
        return [.. sources.Select(source => source.Checkpoint is { } found ? source with { Name = names[found.Name] } : source)];

        Source Found(string one) => !Path.Exists(one) && !one.Contains('/') && Nearest.Of(one.ToLowerInvariant(), CardConfigs.Known.Select(card => card.Model)) is { } near && !IsCached(one)
            ? throw AnatomyErrors.Misspelt(one, near) : new(one, one, null, null, CheckpointArgument.Find(one));

        Source Unless(string repository, string one, AnatomyFacts facts, string from) => IsCached(repository) ? Found(repository) : new(one, facts.Model, facts, from, null);
    }

    static ReadAnatomy Read(Source source, ParseResult parse, List<OpenWeights> opened, ProgressSink sink, CancellationToken cancellation)
    {
        if (source.Shipped is { } shipped) return new(shipped, null, null, source.From);
        if (source.Checkpoint is null) return new(AnatomyFacts.Of(source.Name, Anatomy.ConfigOnly.Read(source.Named)), null, null, "its config alone");
        string name = source.Name;
        var checkpoint = Checkpoint.Open(source.Checkpoint.Path);
        OpenWeights open;
        try
        {
            open = new(name, WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
        opened.Add(open);
        int? ids = Tokenization.TokenizerFor(checkpoint, []).Tokenizer?.IdCount; // one of a kind that is not read leaves the padding unknown
        var facts = AnatomyFacts.Of(name, open.Weights, checkpoint, ids);
        if (parse.GetValue(ConfigOnly)) return new(facts, null, null, "its config and the headers of its weights");
        int threads = (int)Threads.In(parse);
        sink.Message($"{name}: reading the weights");
        var figures = WeightAnatomies.Read(open, ids, threads, progress: null, cancellation);
        if (parse.GetValue(NoSpectra)) return new(facts, figures, null, null);
        sink.Message($"{name}: spectra, about {Amounts.Time(SpectralCost.Of(open.Architecture, threads).Seconds)}; --no-spectra leaves them out");
        var spectra = SpectralAnatomies.Read(open, ids, threads, new Immediate<int>(done => sink.Message($"{name}: spectra of block {Math.Min(done, open.Architecture.NLayers)} of {open.Architecture.NLayers}")), cancellation);
        return new(facts, figures, spectra, null);
    }

    /// <summary>Each further checkpoint beside the first, where their weights correspond one to one.</summary>
    static IEnumerable<RevisionComparison> Compare(ParseResult parse, List<OpenWeights> open, ProgressSink sink, CancellationToken cancellation)
    {
        if (parse.GetValue(ConfigOnly)) yield break;
        foreach (var model in open.Skip(1).Where(model => Revisions.Correspond(model, open[0])))
        {
            sink.Message($"{model.Name}: weights beside those of {open[0].Name}");
            yield return WeightAnatomies.Compare(model, open[0], (int)Threads.In(parse), progress: null, cancellation);
        }
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
        catch (InputException)
        {
            return false;
        }
    }
}
