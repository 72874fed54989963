using System.CommandLine;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint and prompts in; activations out, for use elsewhere.</summary>
static class TraceVerb
{
    const string FinalNorm = "final_norm_out", Logits = "logits";

    static readonly string[] Known = [.. ResidualSites.All.Select(site => site.Name()), FinalNorm, Logits];

    static readonly Argument<string> Source = new("CHECKPOINT") { Description = $"What to trace: {CheckpointArgument.Forms}.", HelpName = "CHECKPOINT", CompletionSources = { Completions.CachedModels } };

    static readonly Option<string?> Prompts = PromptOptions.Named();

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Option<IReadOnlyList<string>?> Sites = new("--sites")
    {
        Description = $"Which activations, comma-separated: {string.Join(", ", Known)}; or by the names of TransformerLens, of one block each: blocks.3.hook_resid_post. Default: all of them.",
        HelpName = "A,B,…",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string[] names = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
            foreach (string name in names.Where(name => !Known.Contains(name) && HookNames.Find(name) is null))
                result.AddError($"--sites does not know '{name}'; it takes {string.Join(", ", Known)}, and of TransformerLens {string.Join(", ", HookNames.Known)}.{Usage.Meant(name, Known)}");
            return names;
        },
    };

    static readonly Choice<Positions> Range = new(
        "--positions", "Every token, one row each, or the last token of each prompt as one row.", ("all", Positions.All), ("last", Positions.Last));

    static readonly Choice<SiteNaming> Names = new(
        "--names", "How the file names sites: as castalia does, or as TransformerLens does where it has the site.", ("castalia", SiteNaming.Castalia), ("transformer-lens", SiteNaming.TransformerLens));

    static readonly Choice<GeluChoice> Activation = ActivationOption.Build();

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out") { Description = "The file to write; it appears when it is complete.", HelpName = "FILE.safetensors", Required = true };

    public static Command Build()
    {
        var command = new Command(
            "trace",
            "Write activations to a safetensors file, float32, [positions × width]: p{prompt}.blocks.{block}.{site}, p{prompt}.final_norm_out " +
            "and p{prompt}.logits, prompts and blocks counted from 0.")
        {
            Source, Prompts, Texts, Sites, Names, Range, Bos, Activation, Threads, Out,
        };
        PromptOptions.Require(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var source = CheckpointArgument.Find(parse.GetValue(Source)!);
            using var checkpoint = Checkpoint.Open(source.Path);
            var choice = Activation.In(parse) ?? GeluChoice.Config;
            var architecture = ArchitectureReader.Read(checkpoint).With(choice, checkpoint.Path);
            string name = ModelNames.Of([source.Name])[0];
            var prompts = PromptOptions.Read(parse.GetValue(Prompts), parse.GetValue(Texts)!);
            var tokenizer = Tokenization.TokenizerFor(checkpoint, prompts).Tokenizer;
            var tokenized = Tokenization.UntilCancelled(prompts, tokenizer, Bos.In(parse) ?? BosPolicy.Default, name, cancellation);
            var sites = parse.GetValue(Sites) ?? Known;
            (ResidualSite Site, int Block)[] hooks = [.. sites.Select(HookNames.Find).OfType<(ResidualSite, int)>()];
            var options = new TraceOptions
            {
                Threads = (int)Threads.In(parse),
                Sites = ResidualSites.All.Where(site => sites.Contains(site.Name()) || hooks.Any(hook => hook.Site == site)).ToHashSet(),
                Blocks = hooks.Where(hook => !sites.Contains(hook.Site.Name())).GroupBy(hook => hook.Site).ToDictionary(of => of.Key, IReadOnlySet<int> (of) => of.Select(hook => hook.Block).ToHashSet()),
                Naming = Names.In(parse) ?? SiteNaming.Castalia,
                FinalNorm = sites.Contains(FinalNorm),
                Logits = sites.Contains(Logits),
                AllPositions = Range.In(parse) is null or Positions.All,
            };
            if (parse.GetValue(Sites) is not null) TraceSites.RefuseAbsent(checkpoint, options);
            string file = Path.GetFullPath(parse.GetValue(Out)!);
            Leftovers.RemoveBeside(file);
            PromptLimits.Check(tokenized, architecture);
            var weights = WeightMap.Bind(architecture, checkpoint);
            var layout = WeightsLayout.Of(checkpoint, weights);
            var needs = MemoryNeeds.Of(weights, tokenized, tokenizer, new MeasureOptions
            {
                Threads = options.Threads,
                AllPositions = options.AllPositions && (options.FinalNorm || options.Logits),
                LogitLens = false,
            });
            ProgressDisplay.Run(progress =>
            {
                progress.Message($"{name}: {MemoryCheck.Of(needs, AvailableMemory.Bytes(), name)}");
                var metadata = TraceManifest.Of(
                    name, source.Hub, architecture, DescriptionJson.Of(architecture, weights, checkpoint.Path), Bos.In(parse) ?? BosPolicy.Default, tokenized, options,
                    () => layout.Sha256(options.Threads, progress.Hash(name), cancellation));
                Trace.Write(checkpoint, architecture, tokenized, options, file, metadata, progress.Model(name), cancellation);
            });
            int tokens = tokenized.Sum(prompt => prompt.Ids.Count);
            Output.Write(
                $"{tokenized.Count} prompts, {tokens} tokens, {(options.AllPositions ? "every position" : "last position")}: {file}\n" +
                (architecture.StatedActivation is null ? "" : $"{choice.Said(architecture)}\n"));
        }));
        return command;
    }
}
