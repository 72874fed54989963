using System.CommandLine;
using Castalia.Analyses;
using Castalia.Anatomy.Units;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.PromptFiles;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint and prompts in; where the gain of its blocks comes from, and a run folder, out.</summary>
static class ExplainVerb
{
    static readonly Argument<string> Source = new("CHECKPOINT") { Description = $"What to explain: {CheckpointArgument.Forms}.", HelpName = "CHECKPOINT", CompletionSources = { Completions.CachedModels } };

    static readonly Option<string?> Prompts = PromptOptions.Named($" Default: {PromptSets.Standard25}.");

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Option<string> Blocks = BlocksOption.Build();

    static readonly Choice<Positions> Range = new(
        "--positions", "The last position of each prompt, or all of them as well in run folder and JSON.", ("last", Positions.Last), ("all", Positions.All));

    static readonly Option<bool> AllParts = new("--all-parts")
    {
        Description = $"Keep every neuron and dimension, and every head by source at every position, instead of the {AttributionOptions.MostListed} largest.",
    };

    static readonly Option<bool> Weights = new("--weights")
    {
        Description = "Read what weights alone say of the blocks' units too: cosines of what neurons write and read, traces of heads, cosine of the output biases.",
    };

    static readonly Option<string?> Reference = new("--reference")
    {
        Description = $"Texts to compare with, a built-in set such as {PromptSets.Running24} or a file as --prompts takes, without any of the prompts: adds the gain about their mean and without their largest coordinates, and what the block does along their mean and first five principal components.",
        HelpName = "SET|FILE",
        CompletionSources = { Completions.PromptSets },
    };

    static readonly Option<bool> Bands = new("--bands")
    {
        Description = $"Split by {UnembeddingBands.Count} bands of singular directions of the unembedding. Decomposing it takes minutes where the model is wide, once: the directions are kept in the user's cache.",
    };

    static readonly Option<string?> Directions = new("--directions")
    {
        Description = "A safetensors file of directions of the stream, each tensor an orthonormal set, [k × d_model] or [d_model]: splits along each.",
        HelpName = "FILE",
    };

    static readonly Option<bool> Orthonormalise = new("--orthonormalise") { Description = "Make the rows of each set of --directions orthonormal, in their order." };

    static readonly Choice<GeluChoice> Activation = ActivationOption.Build();

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out") { Description = "Folder in which the run folder is made.", HelpName = "DIR", DefaultValueFactory = _ => "runs" };

    static readonly WholeNumber Seed = new("--seed", "Seed of the bootstrap in the run folder, and of random sets of coordinates.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "explain",
            "Say where the gain of a block comes from: its exact parts by head, head and source position, neuron, bias and dimension; print a page and write " +
            "a run folder, with attribution.parquet and units.parquet beside the readings.")
        {
            Source, Prompts, Texts, Bos, Blocks, Range, AllParts, Weights, Reference, Bands, Directions, Orthonormalise, Activation, Threads, Out, Seed,
        };
        PageOptions.AddTo(command);
        PromptOptions.RefuseBoth(command, Prompts, Texts);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Orthonormalise) && result.GetValue(Directions) is null) result.AddError("--orthonormalise is of the rows of --directions, which is not given.");
        });
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var attribution = new AttributionOptions
            {
                Blocks = BlockChoice.Parse(parse.GetValue(Blocks)!)!,
                AllPositions = Range.In(parse) == Positions.All,
                AllParts = parse.GetValue(AllParts),
            };
            var options = RunChoices.Of(parse, Threads, Bos, Range, activation: Activation, seed: Seed);
            string parent = parse.GetValue(Out)!;
            Leftovers.Remove(parent);
            RunFolder.CheckWritable(parent);
            var (set, prompts) = PromptOptions.OrStandard(parse.GetValue(Prompts), parse.GetValue(Texts)!);
            var explained = Explaining.Take(
                CheckpointArgument.Find(parse.GetValue(Source)!), set, prompts, options,
                new(attribution, parse.GetValue(Weights), parse.GetValue(Reference), parse.GetValue(Bands), parse.GetValue(Directions), parse.GetValue(Orthonormalise)), cancellation);
            var (found, weights) = (explained.Found, explained.Weights);
            var units = UnitsOverPrompts.Of(found, options.Seed, cancellation);
            bool json = PageOptions.IsJson(parse);
            if (json) Output.Write(ExplainDocument.Text(found, set, units, weights?.Blocks ?? []));
            else PageOptions.Write(parse, ExplainReport.Of(found, units, weights?.Blocks.First(block => block.Block == units.Block)));
            Messages.Say($"run folder: {explained.Write(parent, cancellation).Folder}");
        }, interrupted: "no run folder was written."));
        return command;
    }
}
