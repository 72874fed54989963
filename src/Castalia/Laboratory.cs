using Castalia.Anatomy;
using Castalia.Attribution;
using Castalia.DoFiles;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia;

/// <summary>Measures checkpoints as the verbs of the command do, and keeps a run folder of each.</summary>
/// <remarks>A run folder appears when it is complete, or not at all. Units are those of docs/readings.md.</remarks>
/// <param name="runs">The folder in which run folders are made; made when the first is written.</param>
/// <example>
/// <code>
/// var laboratory = new Laboratory(folder);
/// string run = laboratory.Measure(model.Path, new() { Prompts = prompts });
/// using RunFolders stored = laboratory.Open();
/// Show(laboratory.Runs, run, stored.Query("SELECT avg(gain) FROM readings").Rows[0][0]);
/// </code>
/// </example>
public sealed class Laboratory(string runs)
{
    const long PortionBytes = 1_000_000_000; // of variants computed at a time, as the verb's default

    /// <summary>The folder of runs.</summary>
    public string Runs { get; } = Path.GetFullPath(runs);

    /// <summary>Networks that need no download: trained twins, and untrained ones.</summary>
    /// <example><code>Show(Laboratory.BuiltInNetworks);</code></example>
    public static IReadOnlyList<string> BuiltInNetworks => Twins.BuiltInNetworks.Names;

    /// <summary>Where a built-in network lies; it is made there when it is first asked for.</summary>
    /// <param name="name">One of <see cref="BuiltInNetworks"/>.</param>
    /// <param name="cache">The folder that it is made in; null for castalia's in the user's cache, $XDG_CACHE_HOME or what the platform has in its place.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    /// <exception cref="InputException">The cache cannot be written.</exception>
    /// <example>
    /// <code>
    /// using LanguageModel twin = LanguageModel.Open(Laboratory.BuiltIn(Laboratory.BuiltInNetworks[0], folder));
    /// Show(twin.Architecture.Title);
    /// </code>
    /// </example>
    public static string BuiltIn(string name, string? cache = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Twins.BuiltInNetworks.Find(name, cache) ?? throw new ArgumentException($"There is no built-in network '{name}'. To do: name one of {string.Join(", ", BuiltInNetworks)}.", nameof(name));
    }

    /// <summary>Reads the gain of every block and what the model predicts, as <c>castalia measure</c>.</summary>
    /// <param name="checkpoint">As <see cref="LanguageModel.Open"/> takes it.</param>
    /// <param name="options">Which prompts, and how.</param>
    /// <param name="cancellation">Stops between pieces of work; nothing stays behind.</param>
    /// <returns>The run folder.</returns>
    /// <exception cref="InputException">Checkpoint, tokenizer or prompts that cannot be measured; a folder that cannot be written.</exception>
    /// <example><code>Show(new Laboratory(folder).Measure(model.Path, new() { Prompts = prompts, Positions = PositionRange.All }));</code></example>
    public string Measure(string checkpoint, LaboratoryOptions options, CancellationToken cancellation = default)
    {
        var work = Begin(checkpoint, options);
        var model = ModelMeasuring.Take(work.Source, work.Name, _ => work.Prompts, work.Options, progress: null, cancellation);
        return RunFolder.Write(work.Of(model), Runs, cancellation);
    }

    /// <summary>Attributes the gain of blocks to heads, neurons, biases and dimensions, as <c>castalia explain</c>; the views attribution and units have the figures.</summary>
    /// <param name="checkpoint">As <see cref="LanguageModel.Open"/> takes it.</param>
    /// <param name="options">Which prompts, and how.</param>
    /// <param name="blocks">last, all, or indices as 0,3,5.</param>
    /// <param name="cancellation">Stops between pieces of work; nothing stays behind.</param>
    /// <returns>The run folder.</returns>
    /// <exception cref="InputException">As <see cref="Measure"/>; a block that is not there.</exception>
    /// <exception cref="ArgumentException">Blocks that are not written so.</exception>
    /// <example>
    /// <code>
    /// new Laboratory(folder).Explain(model.Path, new() { Prompts = prompts }, blocks: "last");
    /// using RunFolders stored = RunFolders.Open(folder);
    /// Show(stored.Query("SELECT part, \"index\", avg(value) FROM attribution WHERE split = 'units' GROUP BY ALL ORDER BY 3 LIMIT 3").Rows);
    /// </code>
    /// </example>
    public string Explain(string checkpoint, LaboratoryOptions options, string blocks, CancellationToken cancellation = default)
    {
        var choice = BlockChoice.Parse(blocks) ?? throw new ArgumentException($"'{blocks}' names no blocks. To do: give last, all, or indices from 0 as 0,3,5.", nameof(blocks));
        var work = Begin(checkpoint, options);
        var attribution = new AttributionOptions { Blocks = choice, AllPositions = work.Options.AllPositions, AllParts = false };
        var found = AttributedRun.Take(work.Source, work.Name, work.Prompts, work.Options, attribution, progress: null, cancellation);
        var run = work.Of(found.Model) with { Derived = DerivedManifest.Of(found), Explained = new($"{choice}", AllParts: false, Weights: false) };
        return RunFolder.WriteAndTell(run, [found.Result, found.Units([])], Runs, cancellation).Folder;
    }

    /// <summary>Measures a model as it is and under interventions, as <c>castalia intervene</c>; the view interventions has the figures.</summary>
    /// <param name="checkpoint">As <see cref="LanguageModel.Open"/> takes it.</param>
    /// <param name="options">Which prompts, and how.</param>
    /// <param name="interventions">A file of interventions, or the name of one that ships; docs/interventions.md.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <returns>The run folder.</returns>
    /// <exception cref="InputException">As <see cref="Measure"/>; interventions that fit neither model nor prompts.</exception>
    /// <example><code>Show(new Laboratory(folder).Intervene(model.Path, new() { Prompts = prompts }, "last-mlp-zero"));</code></example>
    public string Intervene(string checkpoint, LaboratoryOptions options, string interventions, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(interventions);
        var file = DoFile.Read(interventions);
        var work = Begin(checkpoint, options);
        var found = IntervenedRun.Take(
            work.Source, work.Name, work.Prompts, [file], work.Options, Finders.Of(work.Name, work.Options.Threads, _ => { }, cancellation), PortionBytes, Runs,
            progress: null, portions: null, cancellation);
        var run = work.Of(found.Model) with { DoFiles = [(file.Name, file.Sha256)] };
        string folder = RunFolder.WriteAndTell(run, [found.Result], Runs, cancellation).Folder;
        found.Complete();
        return folder;
    }

    /// <summary>The runs that are there.</summary>
    /// <exception cref="InputException">There is no such folder.</exception>
    public RunFolders Open() => RunFolders.Open(Runs);

    Work Begin(string checkpoint, LaboratoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(options);
        RunFolder.CheckWritable(Runs);
        var prompts = PromptSets.Named(options.Prompts);
        var source = CheckpointSource.Find(checkpoint, Wanted.Weights, () => new HubCache(HubSettings.FromEnvironment().CacheFolder));
        return new(DateTime.UtcNow, source, ModelNames.Of([source.Name])[0], options.Prompts, prompts, new()
        {
            Threads = options.Threads ?? PhysicalCores.Count,
            Bos = options.Bos switch { BeginningOfSequence.None => BosPolicy.None, BeginningOfSequence.Always => BosPolicy.Always, _ => BosPolicy.Default },
            AllPositions = options.Positions == PositionRange.All,
            LogitLens = false,
            Seed = options.Seed,
        });
    }

    /// <summary>What is to be measured.</summary>
    sealed record Work(DateTime Started, CheckpointSource Source, string Name, string Set, IReadOnlyList<Prompt> Prompts, RunOptions Options)
    {
        public Run Of(ModelRun model) => new() { StartedUtc = Started, Options = Options, PromptSet = Set, Models = [model] };
    }
}
