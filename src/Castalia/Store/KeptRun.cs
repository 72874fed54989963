using Castalia.Runs;

namespace Castalia.Store;

/// <summary>A run that was found whole, as it is written; the members of <see cref="StoredRun"/>.</summary>
sealed record KeptRun(
    string Name, IReadOnlyList<KeptFile> Files, DateTime StartedUtc, DateTime FinishedUtc, string Software, string PromptSet, string Bos, string Positions, string Activation, long Seed, int Threads,
    ExplainChoice? Explained, IReadOnlyList<string> DoFiles, string? ReferenceSha256, bool HasBands, IReadOnlyList<KeptModel> Models, IReadOnlyList<KeptTable> Tables,
    string? SummarySha256, string? ManifestSha256)
{
    /// <summary>From a run.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="run">The run.</param>
    /// <param name="shared">Where a model's description and prompts stand.</param>
    public static KeptRun Of(IReadOnlyList<KeptFile> files, StoredRun run, Func<StoredModel, (int Description, int Prompts)> shared) => new(
        run.Name, files, run.StartedUtc, run.FinishedUtc, run.Software, run.PromptSet, run.Bos, run.Positions, run.Activation, run.Seed, run.Threads,
        run.Explained, run.DoFiles, run.ReferenceSha256, run.HasBands, [.. run.Models.Select(model => KeptModel.Of(model, shared(model)))],
        [.. run.Tables.Select(table => new KeptTable(table.Key.Name, table.Value, run.Lacking[table.Key]))], run.SummarySha256, run.ManifestSha256);

    /// <summary>The run again.</summary>
    /// <param name="folder">What it was written with.</param>
    public StoredRun Run(KeptFolder folder) => new()
    {
        Name = Name,
        Path = Path.Combine(folder.Folder, Name),
        StartedUtc = StartedUtc,
        FinishedUtc = FinishedUtc,
        Software = Software,
        PromptSet = PromptSet,
        Bos = Bos,
        Positions = Positions,
        Activation = Activation,
        Seed = Seed,
        Threads = Threads,
        Explained = Explained,
        DoFiles = DoFiles,
        ReferenceSha256 = ReferenceSha256,
        HasBands = HasBands,
        Models = [.. Models.Select(model => model.Model(folder))],
        Tables = Tables.ToDictionary(table => table.Table, table => table.Sha256),
        Lacking = Tables.ToDictionary(table => table.Table, table => table.Lacking),
        SummarySha256 = SummarySha256,
        ManifestSha256 = ManifestSha256,
    };
}

/// <summary>A table of such a run.</summary>
sealed record KeptTable(string Name, string? Sha256, IReadOnlyList<string> Lacking)
{
    internal RunTable Table => RunTables.All.First(table => table.Name == Name);
}

/// <summary>A model of such a run; the members of <see cref="StoredModel"/>.</summary>
sealed record KeptModel(
    string Name, string Path, string Format, IReadOnlyList<string>? Hub, long Parameters, string? Sha256, string? FilesSha256, bool? Untrained, long PaddedVocabularyRows,
    string Weights, string Arithmetic, IdentityBasis Basis, string FedSha256, string PromptsSha256, int Description, int Prompts)
{
    public static KeptModel Of(StoredModel model, (int Description, int Prompts) shared) => new(
        model.Name, model.Path, model.Format, model.Hub is { } hub ? [hub.Repository, hub.Revision, hub.Commit] : null, model.Parameters, model.Sha256, model.FilesSha256, model.Untrained,
        model.PaddedVocabularyRows, model.Identity.Weights, model.Identity.Arithmetic, model.Identity.Basis, model.FedSha256, model.PromptsSha256, shared.Description, shared.Prompts);

    public StoredModel Model(KeptFolder folder) => new()
    {
        Name = Name,
        Path = Path,
        Format = Format,
        Hub = Hub is { } hub ? (hub[0], hub[1], hub[2]) : null,
        Parameters = Parameters,
        Sha256 = Sha256,
        FilesSha256 = FilesSha256,
        Identity = new(Weights, Arithmetic, Basis),
        Untrained = Untrained,
        PaddedVocabularyRows = PaddedVocabularyRows,
        FedSha256 = FedSha256,
        PromptsSha256 = PromptsSha256,
        Architecture = folder.Descriptions[Description],
        Prompts = folder.Prompts[Prompts],
    };
}
