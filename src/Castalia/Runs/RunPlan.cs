using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>What measuring one model would take, as far as it can be known before its weights are read.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="Survey">What is to be fetched; null for what is on this disk, and where the hub could not be asked.</param>
/// <param name="Needs">What the run takes; null where the headers of the weights are not at hand.</param>
/// <param name="UnknownBecause">Why they are not; null where they are.</param>
sealed record RunPlan(string Name, HubSurvey? Survey, PlannedRun? Needs, string? UnknownBecause)
{
    /// <summary>Plans a model that is on this disk.</summary>
    /// <param name="path">Its folder or file.</param>
    /// <param name="name">Its short name.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What would be read.</param>
    /// <param name="peak">The machine's peak, operations per second.</param>
    /// <param name="cancellation">Stops between prompts.</param>
    /// <exception cref="InputException">What a measurement would refuse before it reads the weights.</exception>
    public static PlannedRun Of(string path, string name, IReadOnlyList<Prompt> prompts, RunOptions options, double peak, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(path);
        var architecture = ArchitectureReader.Read(checkpoint);
        var weights = WeightMap.Outline(architecture, checkpoint);
        var tokenizer = Tokenization.TokenizerFor(checkpoint, prompts).Tokenizer;
        var tokenized = Tokenization.UntilCancelled(prompts, tokenizer, options.Bos, name, cancellation);
        PromptLimits.Check(tokenized, architecture);
        var memory = MemoryNeeds.Of(weights, tokenized, tokenizer, new() { Threads = options.Threads, AllPositions = options.AllPositions, LogitLens = options.LogitLens });
        return new(
            architecture, weights.Parameters, weights.Bytes, tokenized.Count, tokenized.Sum(prompt => (long)prompt.Ids.Count),
            memory with { Writing = WritingNeeds.Of(architecture, tokenized, options.AllPositions) }, AvailableMemory.Bytes(),
            RunBytes.Of(architecture, tokenized, options.AllPositions),
            RunTime.Of(architecture, weights.Bytes, tokenized, options.AllPositions, options.LogitLens, peak));
    }
}

/// <summary>What a run takes.</summary>
/// <param name="Architecture">The model's description.</param>
/// <param name="Parameters">Elements of the tensors that are read.</param>
/// <param name="WeightBytes">Bytes of them as stored.</param>
/// <param name="Prompts">Prompts.</param>
/// <param name="Tokens">Tokens fed.</param>
/// <param name="Memory">Memory.</param>
/// <param name="Available">Memory that is available now.</param>
/// <param name="FolderBytes">Bytes of the run folder.</param>
/// <param name="Time">How long.</param>
sealed record PlannedRun(
    Architecture Architecture, long Parameters, long WeightBytes, int Prompts, long Tokens, MemoryNeeds Memory, long Available, long FolderBytes, RunTime Time);
