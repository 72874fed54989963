using System.CommandLine;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Conversion;
using Castalia.Reports;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint in; a Hugging Face folder in safetensors out.</summary>
static class ConvertVerb
{
    /// <summary>What becomes of the type of every tensor.</summary>
    enum Type
    {
        Keep,
        F32,
        F16,
        BF16,
    }

    static readonly Argument<string> In = new("IN") { Description = $"What to read: {CheckpointArgument.Forms}.", HelpName = "IN", CompletionSources = { Completions.CachedModels } };

    static readonly Argument<string> Out = new("OUT") { Description = "The folder to write; it must not exist, or be empty." };

    static readonly Choice<Type> DType = new("--dtype",
        "Type of every tensor; keep leaves each its own, where that is F32, F16 or BF16.",
        ("keep", Type.Keep), ("f32", Type.F32), ("f16", Type.F16), ("bf16", Type.BF16));

    static readonly Option<long?> ShardSize = ByteSize.Option(
        "--shard-size", "Most bytes of tensors in one file, with KB, MB or GB after the number. Default: 5GB.");

    public static Command Build()
    {
        var command = new Command(
            "convert",
            "Write a checkpoint as a Hugging Face folder in safetensors, read it back, and say what rounding cost. The folder appears when it " +
            "is complete.")
        {
            In, Out, DType, ShardSize,
        };
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            using var checkpoint = Checkpoint.Open(CheckpointArgument.Find(parse.GetValue(In)!).Path);
            var options = new ConvertOptions
            {
                DType = DType.In(parse) switch
                {
                    Type.F32 => Checkpoints.DType.F32,
                    Type.F16 => Checkpoints.DType.F16,
                    Type.BF16 => Checkpoints.DType.BF16,
                    _ => null,
                },
                ShardSize = parse.GetValue(ShardSize) ?? ConvertOptions.UsualShardSize,
            };
            Leftovers.RemoveBeside(parse.GetValue(Out)!);
            string name = Path.GetFileNameWithoutExtension(checkpoint.Path);
            ConversionReport? report = null;
            ProgressDisplay.Run(progress => report = Converter.Write(checkpoint, parse.GetValue(Out)!, options, progress.Convert(name), cancellation));
            Output.Page(ConvertReport.Of(report!));
        }));
        return command;
    }
}
