using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>Measures the shipped twins on prompts of their language.</summary>
static class ShippedMeasuring
{
    /// <summary>A run of all of them.</summary>
    /// <param name="cacheFolder">Where they are kept.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="measuring">Begins to measure a network.</param>
    /// <param name="say">Told what is being done.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">The cache cannot be written; memory does not suffice.</exception>
    public static Run Take(string cacheFolder, RunOptions options, Func<string, IProgress<MeasureProgress>> measuring, Action<string> say, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        List<ModelRun> models = [];
        foreach (var shipped in ShippedTwins.All)
        {
            string folder = ShippedTwins.Ensure(shipped, cacheFolder, say, cancellation);
            var prompts = TwinPrompts.Of(new Language(shipped.Twin.Recipe.Language), shipped.Twin.Recipe.Options.Tokens);
            models.Add(ModelMeasuring.Take(
                new CheckpointSource(folder, folder, null), shipped.Name, _ => prompts, options, measuring(shipped.Name), cancellation, needs => say($"{shipped.Name}: {needs}")));
        }
        return new() { StartedUtc = started, Options = options, PromptSet = TwinPrompts.Name(ShippedTwins.All[0].Twin.Recipe.Language), Models = models };
    }

    /// <summary>What such a run says.</summary>
    public static IReadOnlyList<ReadTwin> Read(Run run, CancellationToken cancellation) =>
        [.. ShippedTwins.All.Zip(run.Models, (shipped, model) => new ReadTwin(shipped, model, ModelEstimates.Of(model, run.Options.Seed, cancellation)))];
}
