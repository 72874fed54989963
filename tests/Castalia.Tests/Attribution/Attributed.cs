using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Attribution;

/// <summary>Attributions as tests ask for them.</summary>
static class Attributed
{
    public static readonly AttributionOptions Everything = new() { Blocks = BlockChoice.All, AllPositions = false, AllParts = true };

    public static IReadOnlyList<PromptAttribution> Of(Golden golden, IReadOnlyList<TokenizedPrompt>? prompts = null, AttributionOptions? options = null, int threads = 2)
    {
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        return Of(checkpoint, prompts ?? golden.Prompts, options, threads);
    }

    public static IReadOnlyList<PromptAttribution> Of(Checkpoint checkpoint, IReadOnlyList<TokenizedPrompt> prompts, AttributionOptions? options = null, int threads = 2) =>
        AttributedMeasurement.Take(
            checkpoint, ArchitectureReader.Read(checkpoint), prompts, null, new() { Threads = threads }, options ?? Everything, null, TestContext.Current.CancellationToken).Prompts;

    public static TokenizedPrompt Prompt(params int[] ids) => new(new Prompt { Name = "p", Ids = ids, Place = "here" }, ids, 0, 0);
}
