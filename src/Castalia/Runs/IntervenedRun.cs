using Castalia.DoFiles;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Interventions;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Tokens;

namespace Castalia.Runs;

/// <summary>One model of a run, as it is and under interventions.</summary>
sealed record IntervenedRun
{
    /// <summary>The clean pass.</summary>
    public required ModelRun Model { get; init; }

    /// <summary>Where the interventions were written down.</summary>
    public required IReadOnlyList<DoFile> Files { get; init; }

    /// <summary>What they did.</summary>
    public required IntervenedMeasurement Measured { get; init; }

    /// <summary>Portions that an earlier run had finished.</summary>
    public int PortionsFound => Journal?.Found ?? 0;

    /// <summary>Where finished portions are kept until the run folder is there; null for nowhere.</summary>
    internal PortionJournal? Journal { get; init; }

    /// <summary>Forgets finished portions: the run folder is there.</summary>
    public void Complete() => Journal?.Remove();

    /// <summary>The table of the run folder.</summary>
    internal RunResult Result => RunResult.Of(RunTables.Interventions, InterventionRow.All(this));

    /// <summary>Opens, describes, tokenises, measures and intervenes.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="name">Its short name.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="files">The interventions.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="find">Finds directions that do-files name.</param>
    /// <param name="mostBytes">Bytes that the variants computed at a time may take.</param>
    /// <param name="parent">Where the run folder will be made, and finished portions are kept meanwhile; null for nowhere.</param>
    /// <param name="progress">Told after every block of the clean pass; may be null.</param>
    /// <param name="portions">Told after every portion; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <param name="say">Told, before the forward pass, what memory it needs; may be null.</param>
    /// <exception cref="InputException">As ModelMeasuring.Take and InterventionPass.Take.</exception>
    internal static IntervenedRun Take(
        CheckpointSource source, string name, IReadOnlyList<Prompt> prompts, IReadOnlyList<DoFile> files, RunOptions options, DirectionFinders find, long mostBytes, string? parent,
        IProgress<MeasureProgress>? progress, IProgress<InterventionProgress>? portions, CancellationToken cancellation, Action<string>? say = null)
    {
        var sets = files.SelectMany(file => file.Sets).Distinct().ToDictionary(set => set, PromptSets.Named, StringComparer.Ordinal);
        var wanted = new InterventionOptions
        {
            Entries = [.. files.SelectMany(file => file.Entries)],
            Sets = new Dictionary<string, IReadOnlyList<TokenizedPrompt>>(),
            MostBytes = mostBytes,
        };
        IntervenedMeasurement? found = null;
        PortionJournal? journal = null;
        var model = ModelMeasuring.Take(source, name, _ => prompts, options, new(
            (architecture, tokenized, _) => InterventionNeeds.Of(architecture, tokenized, wanted),
            (checkpoint, architecture, tokenized, tokenizer, measure) =>
            {
                var all = wanted with
                {
                    Sets = Tokenized(sets, tokenizer, options.Bos, name, cancellation),
                    Components = find.Components,
                    Bands = () => find.Bands(checkpoint, architecture, tokenizer),
                };
                if (parent is not null) journal = new(parent, PortionKey.Of(checkpoint, architecture, tokenized, options, files, all), cancellation);
                found = InterventionPass.Take(checkpoint, architecture, tokenized, tokenizer, measure, all with { Journal = journal }, progress, portions, cancellation);
                return found.Measurement;
            }), progress, say, cancellation);
        return new() { Model = model, Files = files, Measured = found!, Journal = journal };
    }

    static Dictionary<string, IReadOnlyList<TokenizedPrompt>> Tokenized(
        Dictionary<string, IReadOnlyList<Prompt>> sets, ITokenizer? tokenizer, BosPolicy bos, string model, CancellationToken cancellation) =>
        sets.ToDictionary(set => set.Key, set => Tokenization.UntilCancelled(set.Value, tokenizer, bos, model, cancellation), StringComparer.Ordinal);
}
