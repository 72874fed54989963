using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Machine;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>A complete run folder, as its manifest describes it.</summary>
sealed record StoredRun
{
    /// <summary>Name of the folder.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the folder, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTime StartedUtc { get; init; }

    /// <summary>When the measuring ended, UTC.</summary>
    public required DateTime FinishedUtc { get; init; }

    /// <summary>What made it, with its version.</summary>
    public required string Software { get; init; }

    /// <summary>The prompt set's name, or the prompt file's path.</summary>
    public required string PromptSet { get; init; }

    /// <summary>BOS policy.</summary>
    public required string Bos { get; init; }

    /// <summary>Positions that have rows of their own: last or all.</summary>
    public required string Positions { get; init; }

    /// <summary>Which GELU was computed: config, erf or tanh.</summary>
    public required string Activation { get; init; }

    /// <summary>Seed of its bootstraps.</summary>
    public required long Seed { get; init; }

    /// <summary>Worker threads.</summary>
    public required int Threads { get; init; }

    /// <summary>What was attributed; null in runs that were not by <c>castalia explain</c>, or were written before manifests said.</summary>
    public ExplainChoice? Explained { get; init; }

    /// <summary>SHA-256 of the do-files whose interventions were made; none in other runs.</summary>
    public IReadOnlyList<string> DoFiles { get; init; } = [];

    /// <summary>SHA-256 of the reference texts that it was explained beside; null without any.</summary>
    public string? ReferenceSha256 { get; init; }

    /// <summary>Whether the bands of the unembedding were read.</summary>
    public bool HasBands { get; init; }

    /// <summary>Its models, at least one, in the order in which they were named.</summary>
    public required IReadOnlyList<StoredModel> Models { get; init; }

    /// <summary>The results it holds, and the SHA-256 of their files that the manifest states; null for readings of runs written before it stated one.</summary>
    public required IReadOnlyDictionary<RunTable, string?> Tables { get; init; }

    /// <summary>Columns that came later and that the file of a table lacks, of the tables whose files were looked at.</summary>
    internal IReadOnlyDictionary<RunTable, IReadOnlyList<string>> Lacking { get; init; } = new Dictionary<RunTable, IReadOnlyList<string>>();

    /// <summary>SHA-256 of summary.json that the manifest states; null in runs written before it stated one.</summary>
    public required string? SummarySha256 { get; init; }

    /// <summary>SHA-256 that the manifest states of itself; null in runs written before it stated one.</summary>
    public required string? ManifestSha256 { get; init; }

    /// <summary>Files whose later change would not be noticed, because the manifest states no hash of them.</summary>
    public IReadOnlyList<string> Unprotected =>
    [
        .. ((IEnumerable<(string Name, string? Sha256)>)[(ManifestName, ManifestSha256), .. Tables.Select(table => (table.Key.FileName, table.Value)), (SummaryName, SummarySha256)])
            .Where(file => file.Sha256 is null).Select(file => file.Name),
    ];

    /// <summary>Whether the manifest states the hashes of all files, so that a change to one is noticed.</summary>
    public bool IsVerified => Unprotected.Count == 0;

    /// <summary>Names of its files.</summary>
    internal IReadOnlyList<string> Files => [ManifestName, .. Tables.Keys.Select(table => table.FileName), SummaryName];

    /// <summary>Whether every position has rows of its own.</summary>
    public bool HasEveryPosition => Positions == "all";

    /// <summary>Path of a table's file.</summary>
    internal string PathOf(RunTable table) => System.IO.Path.Combine(Path, table.FileName);

    /// <summary>How many models there are: two names of the same weights, computed alike, are one.</summary>
    public int DistinctModels => Models.Select(model => model.Identity).Distinct().Count();

    /// <summary>Prompts of the model that was fed the most.</summary>
    public int MostPrompts => Models.Max(model => model.Prompts.Count);

    internal const string ManifestName = "manifest.json", SummaryName = "summary.json";
}

/// <summary>One model of a stored run.</summary>
sealed record StoredModel
{
    /// <summary>Short name, unique in the run.</summary>
    public required string Name { get; init; }

    /// <summary>What a person may call it: its name, and that with the hashes that pages show beside it where names collide.</summary>
    internal IReadOnlyList<string> Names
    {
        get
        {
            string weights = $"#{Identity.ShortName}", description = $"~{ModelIdentity.Digits(Identity.Arithmetic)}";
            return [Name, Name + weights, Name + description, Name + weights + description];
        }
    }

    /// <summary>The checkpoint's path when it was measured.</summary>
    public required string Path { get; init; }

    /// <summary>Container of the checkpoint.</summary>
    public required string Format { get; init; }

    /// <summary>Repository on the hub, revision asked for and commit; null where a path was named.</summary>
    public required (string Repository, string Revision, string Commit)? Hub { get; init; }

    /// <summary>Of which training it is, and of which step.</summary>
    public TrainingSource Source => TrainingSource.Of(Hub is { } hub ? (hub.Repository, hub.Revision) : null, Path);

    /// <summary>Weights counted from the checkpoint's tensors.</summary>
    public required long Parameters { get; init; }

    /// <summary>Of one file its SHA-256; of several, that of the lines "hash  name" sorted by name, as sha256sum prints them; null without files.</summary>
    public required string? Sha256 { get; init; }

    /// <summary>SHA-256 of the sorted hashes of the files that hold weights; null without files.</summary>
    public required string? FilesSha256 { get; init; }

    /// <summary>Whether it is one of the built-in untrained networks; null in runs written before manifests stated it.</summary>
    public required bool? Untrained { get; init; }

    /// <summary>Vocabulary rows that no token uses, which entropy leaves out.</summary>
    public required long PaddedVocabularyRows { get; init; }

    /// <summary>Which model it is.</summary>
    public required ModelIdentity Identity { get; init; }

    /// <summary>SHA-256 of what it was fed: the token ids of each prompt with its category, in no order.</summary>
    public required string FedSha256 { get; init; }

    /// <summary>SHA-256 of the prompts, by which runs on the same prompts are known.</summary>
    public required string PromptsSha256 { get; init; }

    /// <summary>The description that drove the forward pass, as <c>castalia describe --json</c> prints it.</summary>
    public required JsonObject Architecture { get; init; }

    /// <summary>Blocks.</summary>
    public int NLayers => (int)Architecture["n_layers"]!;

    /// <summary>Width of the stream.</summary>
    public int DModel => (int)Architecture["d_model"]!;

    /// <summary>Rows of the embedding.</summary>
    public int DVocab => (int)Architecture["d_vocab"]!;

    /// <summary>The family's model_type.</summary>
    public string Family => (string)Architecture["family"]!;

    /// <summary>Activation that was computed.</summary>
    public string Activation => (string)Architecture["activation"]!;

    /// <summary>Activation that its configuration states; null where an earlier manifest does not say.</summary>
    public string? StatedActivation => (string?)Architecture["stated_activation"];

    /// <summary>The prompts, in order.</summary>
    public required IReadOnlyList<StoredPrompt> Prompts { get; init; }
}

/// <summary>One prompt as one model was fed it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Category">Its category; null where it has none.</param>
/// <param name="Text">Its text; null where ids were given.</param>
/// <param name="Ids">The ids fed, special tokens included.</param>
sealed record StoredPrompt(string Name, string? Category, string? Text, IReadOnlyList<int> Ids);
