using System.CommandLine;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint and prompts in; the loss of each, and its gradient by every parameter, out.</summary>
static class GradientVerb
{
    static readonly Argument<string> Source = new("CHECKPOINT") { Description = $"What to differentiate: {CheckpointArgument.Forms}.", HelpName = "CHECKPOINT", CompletionSources = { Completions.CachedModels } };

    static readonly Option<string?> Prompts = PromptOptions.Named();

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Choice<GeluChoice> Activation = ActivationOption.Build();

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out") { Description = "The file to write; it appears when it is complete.", HelpName = "FILE.safetensors", Required = true };

    static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object instead of lines." };

    public static Command Build()
    {
        var command = new Command(
            "gradient",
            "Write the gradient of the mean cross-entropy of each prompt's next tokens, by every parameter, to a safetensors file, float32: p{prompt}.{tensor}, " +
            "prompts counted from 0, tensors named and shaped as in the checkpoint; print the losses. Every row of the unembedding counts, those of no token too.")
        {
            Source, Prompts, Texts, Bos, Activation, Threads, Out, Json,
        };
        PromptOptions.Require(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var source = CheckpointArgument.Find(parse.GetValue(Source)!);
            using var checkpoint = Checkpoint.Open(source.Path);
            var choice = Activation.In(parse) ?? GeluChoice.Config;
            var architecture = ArchitectureReader.Read(checkpoint).With(choice, checkpoint.Path);
            GradientSupport.Check(architecture, checkpoint.Path);
            string name = ModelNames.Of([source.Name])[0];
            var prompts = PromptOptions.Read(parse.GetValue(Prompts), parse.GetValue(Texts)!);
            var tokenizer = Tokenization.TokenizerFor(checkpoint, prompts).Tokenizer;
            var bos = Bos.In(parse) ?? BosPolicy.Default;
            var tokenized = Tokenization.UntilCancelled(prompts, tokenizer, bos, name, cancellation);
            string file = Path.GetFullPath(parse.GetValue(Out)!);
            Leftovers.RemoveBeside(file);
            PromptLimits.Check(tokenized, architecture);
            var needs = GradientNeeds.Of(WeightMap.Bind(architecture, checkpoint), tokenized.Max(prompt => prompt.Ids.Count));
            var texts = new Dictionary<string, string>
            {
                ["contents"] = "castalia gradient 1",
                ["software"] = Software.NameAndVersion,
                ["model"] = name,
                ["activation"] = architecture.Activation.ToString(),
                ["bos"] = bos.ToString().ToLowerInvariant(),
                ["layout"] = "p{prompt}.{tensor}, prompts from 0; float32, shaped as stored; the loss is the mean cross-entropy of a prompt's next tokens, nats",
            };
            IReadOnlyList<double> losses = [];
            ProgressDisplay.Run(progress =>
            {
                progress.Message($"{name}: {MemoryCheck.Of(needs, AvailableMemory.Bytes(), name)}");
                losses = GradientFile.Write(checkpoint, architecture, tokenized, (int)Threads.In(parse), file, texts,
                    done => progress.Message(FormattableString.Invariant($"{name}: {done} of {tokenized.Count} prompts")), cancellation);
            });
            Output.Write(parse.GetValue(Json) ? GradientDocument.Text(name, file, tokenized, losses) : Lines(tokenized, losses, file));
        }));
        return command;
    }

    static string Lines(IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<double> losses, string file) =>
        string.Concat(prompts.Zip(losses, (prompt, loss) => FormattableString.Invariant($"{prompt.Prompt.Name}: loss {loss:0.000000} nats over {prompt.Ids.Count - 1} predicted tokens\n"))) + $"{file}\n";
}
