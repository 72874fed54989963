using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Cards;
using Castalia.Cli.Progress;
using Castalia.DoFiles;
using Castalia.Errors;
using Castalia.Hub;
using Castalia.Hypotheses.Each;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Cli.Verbs;

/// <summary>Makes the runs of one model that hypotheses ask for and that are not stored.</summary>
/// <param name="source">The checkpoint.</param>
/// <param name="named">As it was named.</param>
/// <param name="tested">As stored runs know it.</param>
/// <param name="parent">Folder of the runs.</param>
/// <param name="threads">Worker threads.</param>
/// <param name="mostBytes">Bytes that interventions may take at a time.</param>
/// <param name="seed">Seed of the runs.</param>
/// <param name="cancellation">Stops between pieces of work.</param>
sealed class NeededRuns(CheckpointSource source, string named, TestedModel tested, string parent, int threads, long mostBytes, long seed, CancellationToken cancellation)
{
    readonly List<StoredRun> _stored = [];

    /// <summary>Makes what is missing, and says of every run whether it is made or was there; names of the runs that were made.</summary>
    /// <param name="needs">The runs.</param>
    public IReadOnlyList<string> Make(IReadOnlyList<RunNeed> needs)
    {
        if (Directory.Exists(parent)) Read([]);
        var made = new List<string>();
        // What explain and intervene write holds what measure writes.
        foreach (var need in needs.OrderByDescending(need => need.Verb).ThenByDescending(need => need.AllPositions))
        {
            if (Stored(need) is { } there)
            {
                if (!made.Contains(there.Name)) Messages.Say($"{need.Name}: read from {there.Name}, which is stored");
                continue;
            }
            var activation = need.ActivationOf(tested.Description) ?? GeluChoice.Config;
            Messages.Say($"{need.Name}: {need.Command.Replace("CHECKPOINT", named, StringComparison.Ordinal).Replace("OTHER", activation.Word(), StringComparison.Ordinal)}");
            string folder;
            try
            {
                folder = Make(need, activation).Folder;
            }
            catch (InputException e) when (need.IsOptional)
            {
                Messages.Say($"{need.Name}: left out, no rule turns on it. {e.Cause}");
                continue;
            }
            Messages.Say($"run folder: {folder}");
            Read([folder]);
            made.Add(Path.GetFileName(folder));
        }
        return made;
    }

    void Read(IReadOnlyList<string> runs)
    {
        using var store = RunStore.Open(parent, runs, CardSet.Shipped, CheckedRuns.OfUser(), cancellation);
        _stored.AddRange(store.Runs);
    }

    StoredRun? Stored(RunNeed need)
    {
        var match = new RunMatch(need);
        return _stored.OrderByDescending(run => run.StartedUtc).FirstOrDefault(run => run.Models.Any(model => model.Identity.Weights == tested.Identity && match.Fits(run, model)));
    }

    WrittenRun Make(RunNeed need, GeluChoice activation)
    {
        var options = new RunOptions
        {
            Threads = threads,
            Bos = need.Bos,
            AllPositions = need.AllPositions,
            LogitLens = false,
            Activation = activation,
            Seed = seed,
        };
        IReadOnlyList<Prompt> Prompts() => RunMatch.PromptsOf(need.Prompts);
        switch (need.Verb)
        {
            case RunVerb.Explain:
                var choices = new ExplainChoices(
                    new AttributionOptions { Blocks = BlockChoice.Last, AllPositions = need.AllPositions, AllParts = false }, need.Weights, need.Reference, need.Bands, Directions: null, Orthonormalise: false);
                return Explaining.Take(source, need.Prompts, Prompts(), options, choices, cancellation).Write(parent, cancellation);
            case RunVerb.Intervene:
                return Intervening.Take(source, need.Prompts, Prompts(), [.. need.Do.Select(DoFile.Read)], options, mostBytes, parent, cancellation).Write(parent, cancellation);
            default:
                Run? run = null;
                ProgressDisplay.Run(progress => run = MeasureRun.Take([named], need.Prompts, [], options, progress, cancellation));
                foreach (var model in run!.Models) ClosureCheck.Verify(model);
                WrittenRun written = default;
                ProgressDisplay.Run(progress => written = RunFolder.WriteAndTell(run, parent, cancellation, progress.Hash("run folder")));
                return written;
        }
    }
}
