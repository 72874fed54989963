using Castalia.Training;

namespace Castalia.Twins;

/// <summary>Trains one network of a plan, and reads its gains at every checkpoint meanwhile.</summary>
static class TwinTraining
{
    /// <summary>Trains it, or goes on with it; rows of its curve that are missing are read from the checkpoints that are there.</summary>
    /// <param name="twin">Which.</param>
    /// <param name="texts">What it reads.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <exception cref="InputException">As TrainingRun.Take; the disk refuses the curve.</exception>
    public static TrainedNetwork Take(Twin twin, TwinTexts texts, string folder, int threads, TwinProgress progress, CancellationToken cancellation)
    {
        var options = twin.Recipe.Options;
        var curve = new GainCurve(folder, twin.Cell.Form.Architecture.NLayers);
        var sink = progress.Training(twin.Name, options);
        var run = new TrainingRun
        {
            Name = twin.Name,
            Form = twin.Cell.Form,
            Options = options,
            Texts = texts.Training,
            Recipe = Recipes.Hash(twin, texts.Corpus),
            Files = new Dictionary<string, string>(texts.Files) { ["recipe.json"] = Recipes.Text(twin, texts.Corpus) },
            Copied = texts.Corpus?.TokenizerFiles ?? new Dictionary<string, string>(),
            Kept = Read,
        };
        try
        {
            return run.Take(folder, threads, sink.Step, cancellation);
        }
        finally
        {
            sink.Done();
        }

        void Read(KeptCheckpoint kept)
        {
            var row = kept.IsNew ? null : curve.Rows().FirstOrDefault(there => there.Step == kept.Step);
            if (row is null) curve.Add(row = GainProfile.Of(kept, texts.Prompts, threads, cancellation), kept.IsNew);
            sink.Gains(row);
        }
    }
}
