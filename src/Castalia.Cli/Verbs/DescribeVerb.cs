using System.CommandLine;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Runs;

namespace Castalia.Cli.Verbs;

static class DescribeVerb
{
    static readonly Argument<string> CheckpointPath = new("CHECKPOINT")
    {
        Description = $"What to read: {CheckpointArgument.Forms}.",
        HelpName = "CHECKPOINT",
        CompletionSources = { Completions.CachedModels },
    };

    public static Command Build()
    {
        const string What = "Print what a checkpoint is: sizes, norms, wiring, rotary embedding, tensors. Reads headers only.";
        var command = new Command("describe", What) { CheckpointPath };
        PageOptions.AddTo(command);
        command.SetAction(parse => Verb.Run(() =>
        {
            using Checkpoint checkpoint = Checkpoint.Open(CheckpointArgument.Find(parse.GetRequiredValue(CheckpointPath)).Path);
            Architecture architecture = ArchitectureReader.Read(checkpoint);
            WeightMap weights = WeightMap.Bind(architecture, checkpoint);
            PageOptions.Write(parse, () => DescriptionJson.Of(architecture, weights, checkpoint.Path), () => DescribeReport.Of(architecture, weights, checkpoint.Path));
        }));
        return command;
    }
}
