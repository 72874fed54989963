using System.CommandLine;
using System.Text.Json;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

static class DescribeVerb
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    static readonly Argument<string> CheckpointPath = new("CHECKPOINT")
    {
        Description = $"What to read: {CheckpointArgument.Forms}.",
        HelpName = "CHECKPOINT",
        CompletionSources = { Completions.CachedModels },
    };

    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of a page." };

    public static Command Build()
    {
        const string What = "Print what a checkpoint is: sizes, norms, wiring, rotary embedding, tensors. Reads headers only.";
        var command = new Command("describe", What)
        {
            CheckpointPath, Json,
        };
        command.SetAction(parse => Verb.Run(() =>
        {
            using Checkpoint checkpoint = Checkpoint.Open(CheckpointArgument.Find(parse.GetRequiredValue(CheckpointPath)).Path);
            Architecture architecture = ArchitectureReader.Read(checkpoint);
            WeightMap weights = WeightMap.Bind(architecture, checkpoint);
            if (parse.GetValue(Json))
                Output.Write(DescriptionJson.Of(architecture, weights, checkpoint.Path).ToJsonString(Indented) + "\n");
            else
                Output.Write(Wrapped.Lines(DescriptionText.Of(architecture, weights, checkpoint.Path), Terminal.Width));
        }));
        return command;
    }
}
