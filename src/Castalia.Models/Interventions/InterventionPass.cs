using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tokens;

namespace Castalia.Interventions;

/// <summary>How far the interventions of a run have come.</summary>
/// <param name="Done">Interventions on prompts done.</param>
/// <param name="All">In all.</param>
readonly record struct InterventionProgress(int Done, int All);

/// <summary>Measures prompts as they are, and again under interventions.</summary>
static class InterventionPass
{
    const int UnitsOfPortion = 1024;

    /// <summary>Measures the prompts, then computes each intervention on each of them from the first block it changes on.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    /// <param name="architecture">Its description, or another that its tensors fit.</param>
    /// <param name="prompts">Prompts with their ids.</param>
    /// <param name="tokenizer">As in Measurement.Take.</param>
    /// <param name="options">What is read; with all positions the cross-entropy of the texts too.</param>
    /// <param name="interventions">What is done.</param>
    /// <param name="progress">Told after every block of the clean pass; may be null.</param>
    /// <param name="portions">Told after every portion; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">As Measurement.Take; an intervention that does not fit model or prompts; activations that leave float32.</exception>
    public static IntervenedMeasurement Take(
        Checkpoint checkpoint, Architecture architecture, IReadOnlyList<TokenizedPrompt> prompts, ITokenizer? tokenizer, MeasureOptions options,
        InterventionOptions interventions, IProgress<MeasureProgress>? progress, IProgress<InterventionProgress>? portions, CancellationToken cancellation)
    {
        PromptLimits.Check(prompts, architecture);
        var map = WeightMap.Bind(architecture, checkpoint);
        InterventionChecks.Verify(interventions.Entries.SelectMany(entry => entry.Pattern.Changes), architecture, map, prompts, interventions.Sets);
        InterventionChecks.Verify(interventions.Entries, prompts, interventions.Sets);
        var starts = Starts(interventions.Entries, architecture.NLayers);
        var attributed = interventions.Entries.Select(entry => entry.Attributed).OfType<BlockChoice>().ToArray();
        bool nearest = interventions.Entries.Any(entry => entry.Units?.Ranking?.Near == true);
        AttributionPass? attribution = null;
        CleanStreams? streams = null;
        LastRows? rows = null;
        try
        {
            var clean = Measurement.Take(checkpoint, architecture, prompts, tokenizer, options, pass =>
            {
                streams = new(pass, starts);
                rows = new(pass, means: interventions.Entries.Any(entry => entry.Pattern.Changes.Any(change => change is { Site: ResidualSite.Z, Deed: Deed.Mean { Over.Set: null } })));
                if (attributed.Length == 0) return new All(streams, rows);
                var blocks = Enumerable.Range(0, architecture.NLayers).Where(block => attributed.Any(choice => choice.Has(block, architecture.NLayers)));
                attribution = new(pass, checkpoint, new() { Blocks = BlockChoice.Named(blocks), AllPositions = false, AllParts = false, Lengths = nearest });
                return new All(streams, rows, attribution);
            }, progress, cancellation);
            var directions = StreamDirections.Of(checkpoint, architecture, interventions, options.Threads, cancellation);
            IReadOnlyList<Intervention> all = [.. interventions.Entries.SelectMany(new UnitSelection(architecture, attribution?.Means ?? [], directions).Expand)];
            InterventionChecks.Verify(all.SelectMany(intervention => intervention.Changes), architecture, map, prompts, interventions.Sets);
            var sets = Means(checkpoint, architecture, all, interventions.Sets, options.Threads, cancellation);
            var patches = new PatchSources(prompts, [.. clean.Readings.Select(reading => reading.Outputs[^1]!.Value.EntropyNats)], all.SelectMany(intervention => intervention.Changes));
            var variants = Variants(architecture, prompts, all, patches, options.AllPositions);
            var found = prompts.Select(_ => new InterventionReading?[all.Count]).ToArray();
            int done = 0, count = 0;
            using var sweep = new VariantSweep(checkpoint, clean, map, streams!, sets, directions, options.AllPositions, options.Threads, cancellation);
            var rankOne = variants.Select(variant => (Variant: variant, Of: RankOne.Of(architecture, variant.Intervention, prompts[variant.Prompt].Ids.Count, options.AllPositions)))
                .Where(one => one.Of is not null).Select(one => (one.Variant, Of: one.Of!)).ToArray();
            foreach (var some in rankOne.GroupBy(one => (one.Of.Kind, one.Of.Index / UnitsOfPortion)).OrderBy(some => some.Key).Select(some => some.ToArray()))
                Keep([.. some.Select(one => one.Variant)], () => sweep.Run(rows!, some));
            Variant[] others = [.. variants.Where(variant => found[variant.Prompt][variant.Index] is null)];
            foreach (var portion in Portions(architecture, prompts, patches, others, interventions.MostBytes))
                Keep(portion, () => sweep.Run(new VariantBatch(prompts, patches, portion)));
            return new(clean, all, found, count) { Sources = patches };

            void Keep(IReadOnlyList<Variant> portion, Func<InterventionReading[]> compute)
            {
                var readings = interventions.Journal?.Find(count, portion.Count);
                if (readings is null)
                {
                    readings = compute();
                    interventions.Journal?.Keep(count, readings);
                }
                for (int i = 0; i < readings.Length; i++) found[portion[i].Prompt][portion[i].Index] = readings[i];
                count++;
                portions?.Report(new(done += readings.Length, variants.Length));
            }
        }
        finally
        {
            attribution?.Dispose();
            streams?.Dispose();
        }
    }

    /// <summary>Blocks that interventions begin in: of a pattern every one it names.</summary>
    static HashSet<int> Starts(IEnumerable<InterventionEntry> entries, int nLayers)
    {
        var starts = new HashSet<int>();
        foreach (var entry in entries)
        {
            var blocks = Enumerable.Range(0, nLayers).Where(block => entry.Pattern.Changes.Any(change => change.Blocks.Has(block, nLayers)));
            if (entry.Units is not null) starts.UnionWith(blocks);
            else starts.Add(blocks.FirstOrDefault(nLayers - 1));
        }
        return starts;
    }

    static Dictionary<string, SetMeans> Means(
        Checkpoint checkpoint, Architecture a, IReadOnlyList<Intervention> interventions, IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>> sets, int threads,
        CancellationToken cancellation)
    {
        var wanted = from change in interventions.SelectMany(intervention => intervention.Changes)
                     let over = (change.Deed as Deed.Mean)?.Over
                     where over?.Set is not null
                     from block in Enumerable.Range(0, a.NLayers)
                     where change.Blocks.Has(block, a.NLayers)
                     select (over.Set, (block, change.Site!.Value, over.IncludesFirst));
        return wanted.GroupBy(one => one.Set!, one => one.Item2).ToDictionary(
            group => group.Key, group => SetMeans.Of(checkpoint, a, sets[group.Key], group, threads, cancellation), StringComparer.Ordinal);
    }

    /// <summary>Every intervention on every prompt that it can be made on, by the block it begins in.</summary>
    static Variant[] Variants(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, IReadOnlyList<Intervention> interventions, PatchSources patches, bool allPositions) =>
        [.. Enumerable.Range(0, prompts.Count)
            .SelectMany(p => interventions.Select((intervention, k) => Variant.Of(a, p, prompts[p].Ids.Count, k, intervention, allPositions)))
            .Where(variant => patches.Missing(variant.Intervention, variant.Prompt) is null)
            .OrderBy(variant => variant.Start).ThenBy(variant => variant.Prompt).ThenBy(variant => variant.Index)];

    /// <summary>As many at a time as their rows leave room for, at least one.</summary>
    static IEnumerable<List<Variant>> Portions(
        Architecture a, IReadOnlyList<TokenizedPrompt> prompts, PatchSources patches, IReadOnlyList<Variant> variants, long mostBytes)
    {
        var portion = new List<Variant>();
        var sources = new HashSet<int>();
        long bytes = 0;
        foreach (var variant in variants)
        {
            long own = InterventionNeeds.OfVariant(a, variant.Rows(prompts)) + variant.Sources(patches).Where(p => !sources.Contains(p)).Sum(p => InterventionNeeds.OfVariant(a, prompts[p].Ids.Count));
            if (portion.Count > 0 && bytes + own > mostBytes)
            {
                yield return portion;
                (portion, bytes) = ([], 0);
                sources.Clear();
                own = InterventionNeeds.OfVariant(a, variant.Rows(prompts)) + variant.Sources(patches).Distinct().Sum(p => InterventionNeeds.OfVariant(a, prompts[p].Ids.Count));
            }
            if (portion.Count == 0 && own > mostBytes) throw InterventionErrors.TooLittleMemory(prompts[variant.Prompt].Prompt, own, mostBytes);
            portion.Add(variant);
            sources.UnionWith(variant.Sources(patches));
            bytes += own;
        }
        if (portion.Count > 0) yield return portion;
    }

    sealed class All(params IBlockObserver[] observers) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations)
        {
            foreach (var observer in observers) observer.Seen(layer, chunk, activations);
        }
    }
}
