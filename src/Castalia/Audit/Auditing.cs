using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;

namespace Castalia.Audit;

/// <summary>Reads the revisions of a model, and compares them.</summary>
static class Auditing
{
    /// <summary>Hashes every tensor, reads the weights of step 0 and those of the last step.</summary>
    /// <param name="sources">Revisions of one model.</param>
    /// <param name="cache">Where hashes are kept; null for nowhere.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="hashing">Told how far the hashing of a revision has come, by its name.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file cannot be read, or changed while it was; two of one name, or revisions that are not one model's.</exception>
    public static AuditResult Take(IReadOnlyList<CheckpointSource> sources, HashCache? cache, int threads, Func<string, IProgress<HashProgress>?> hashing, CancellationToken cancellation)
    {
        var open = new Dictionary<string, Checkpoint>(StringComparer.Ordinal);
        try
        {
            List<(CheckpointSource Source, TensorHashes Hashes)> revisions = [];
            foreach (var source in sources)
            {
                string name = Path.TrimEndingDirectorySeparator(source.Name);
                var checkpoint = Checkpoint.Open(source.Path);
                if (!open.TryAdd(name, checkpoint)) checkpoint.Dispose();
                revisions.Add((source, TensorHashes.Of(name, TrainingSource.StepOf(name), open[name], cache, threads, hashing(name), cancellation)));
            }
            List<InitialStatistics> initial = [.. revisions.Where(one => one.Hashes.Step == 0).Select(one =>
            {
                var weights = Weights(one.Hashes.Name, open[one.Hashes.Name]);
                return InitialStatistics.Of(weights.Weights.Architecture, WeightAnatomies.Read(weights, null, threads, null, cancellation), CardOf(one.Source));
            })];
            var report = AuditReport.Of([.. revisions.Select(one => one.Hashes)], new TensorDistance(open).Between, initial);
            return Decay(report, revisions, open, threads, cancellation);
        }
        finally
        {
            foreach (var checkpoint in open.Values) checkpoint.Dispose();
        }
    }

    /// <summary>What is left of step 0 in the last step, where both are there and the model's card says what decay alone would leave.</summary>
    static AuditResult Decay(
        AuditReport report, List<(CheckpointSource Source, TensorHashes Hashes)> revisions, Dictionary<string, Checkpoint> open, int threads, CancellationToken cancellation)
    {
        var stepped = revisions.Where(one => one.Hashes.Step is not null).OrderBy(one => one.Hashes.Step).ToList();
        if (stepped.Count < 2 || stepped[0].Hashes.Step != 0) return new(report, [], null, "step 0 and a later one are not both among the revisions");
        var (first, last) = (stepped[0], stepped[^1]);
        if (CardOf(last.Source) is not { } card) return new(report, [], null, "no card is known of this model");
        if (card.Schedule is not { } schedule || card.Number("weight_decay") is not { } decay) return new(report, [], null, $"the card of {card.Model} does not know its learning rate or its weight decay");
        double surviving = Math.Exp(-decay * schedule.Integral(last.Hashes.Step!.Value));
        var comparison = WeightAnatomies.Compare(Weights(last.Hashes.Name, open[last.Hashes.Name]), Weights(first.Hashes.Name, open[first.Hashes.Name]), threads, null, cancellation);
        return new(report, DecayComparison.Of(comparison, surviving), (last.Hashes.Name, first.Hashes.Name), null);
    }

    static Card? CardOf(CheckpointSource source) => source.Hub is { } hub ? ModelCards.Find(hub.Repository) : null;

    static OpenWeights Weights(string name, Checkpoint checkpoint) => new(name, WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint), checkpoint);
}
