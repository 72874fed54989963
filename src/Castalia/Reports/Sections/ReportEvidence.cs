using Castalia.Analyses;
using Castalia.Published;
using Castalia.Statistics;
using Castalia.Store;

namespace Castalia.Reports.Sections;

/// <summary>A prompt of a model, as charts show it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Category">Its category; null where it has none.</param>
/// <param name="Text">Its text; null where ids were given or only figures were published.</param>
/// <param name="Ids">What was fed; empty where only figures were published.</param>
/// <param name="Gain">Gain of the last block at the last token; null where undefined.</param>
/// <param name="Entropy">Entropy of the next token, nats; null where undefined.</param>
sealed record ReportedPrompt(string Name, string? Category, string? Text, IReadOnlyList<int> Ids, double? Gain, double? Entropy)
{
    /// <summary>‖Δ‖/‖h‖ of the last block; null where it was not read.</summary>
    public double? StepRatio { get; init; }

    /// <summary>Cosine of Δ and h; null where it was not read.</summary>
    public double? CosTheta { get; init; }

    /// <summary>The likeliest next token; null where none is known.</summary>
    public string? TopPiece { get; init; }
}

/// <summary>A model of a report.</summary>
/// <param name="Label">What it is called, unique in the report.</param>
/// <param name="Source">The run it is from, or the study.</param>
/// <param name="Blocks">Its blocks.</param>
/// <param name="Gain">Mean gain of the last block with its interval.</param>
/// <param name="Status">Where 1 lies against that interval.</param>
/// <param name="Prompts">Its prompts.</param>
sealed record ReportedModel(string Label, string Source, int Blocks, Estimate Gain, GainStatus Status, IReadOnlyList<ReportedPrompt> Prompts)
{
    /// <summary>Name of its run and its own name there; null of published figures.</summary>
    public (string Run, string Name)? Stored { get; init; }

    /// <summary>Whether it is a network of random weights, which expands by theory.</summary>
    public bool IsUntrained { get; init; }

    /// <summary>By what the model is told from others.</summary>
    public string Identity { get; init; } = Label;

    /// <summary>Its place in the report, which decides its colour.</summary>
    public int Index { get; init; }

    /// <summary>Prompts with a gain below 1.</summary>
    public int Below => Prompts.Count(prompt => prompt.Gain < 1);
}

/// <summary>What a report is made from: stored runs, the published study, or both.</summary>
sealed class ReportEvidence
{
    /// <summary>The models, those of runs first.</summary>
    public required IReadOnlyList<ReportedModel> Models { get; init; }

    /// <summary>The runs; null without one.</summary>
    public required RunStore? Store { get; init; }

    /// <summary>The review of the study; null where it was not asked for.</summary>
    public required StudyReview? Study { get; init; }

    /// <summary>Stops long reading.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Models of runs.</summary>
    public IEnumerable<ReportedModel> StoredModels => Models.Where(model => model.Stored is not null);

    /// <summary>Rows of a query whose first two columns are run and model, by model; none without a store.</summary>
    public ILookup<ReportedModel, object?[]> Rows(string sql)
    {
        if (Store is null) return Array.Empty<object?[]>().ToLookup(_ => Models[0]);
        var models = StoredModels.ToDictionary(model => model.Stored!.Value);
        return Store.Query(sql, Cancellation).Rows.Where(row => models.ContainsKey(((string)row[0]!, (string)row[1]!))).ToLookup(row => models[((string)row[0]!, (string)row[1]!)]);
    }

    /// <summary>The same with the rows of runs that repeat a model, which may hold what the counted one does not, as an intervention after a measurement.</summary>
    public ILookup<ReportedModel, object?[]> RowsOfAllRuns(string sql)
    {
        if (Store is null) return Array.Empty<object?[]>().ToLookup(_ => Models[0]);
        var counted = Store.Counted.Models.Select(model => (Of: model, For: model)).Concat(Store.Counted.Repeats.Select(repeat => (Of: repeat.Left, repeat.For)))
            .ToDictionary(pair => (pair.Of.Run.Name, pair.Of.Model.Name), pair => (pair.For.Run.Name, pair.For.Model.Name));
        var models = StoredModels.ToDictionary(model => model.Stored!.Value);
        return Store.Query(sql, Cancellation).Rows.Select(row => (Row: row, Model: models.GetValueOrDefault(counted[((string)row[0]!, (string)row[1]!)])))
            .Where(pair => pair.Model is not null).ToLookup(pair => pair.Model!, pair => pair.Row);
    }

    /// <summary>Rows of one run for each model: its own, or where it has none the last that repeats it and has.</summary>
    public ILookup<ReportedModel, object?[]> RowsOfOneRun(string sql) => RowsOfAllRuns(sql)
        .SelectMany(model => model.GroupBy(row => (string)row[0]!).OrderBy(run => run.Key == model.Key.Stored!.Value.Run).ThenBy(run => run.Key, StringComparer.Ordinal).Last().Select(row => (model.Key, Row: row)))
        .ToLookup(pair => pair.Key, pair => pair.Row);

    /// <summary>Reads what every section needs.</summary>
    /// <param name="store">The runs; null for the study alone.</param>
    /// <param name="withStudy">Whether the study's models stand beside them.</param>
    /// <param name="cancellation">Stops between rows and resamples.</param>
    public static ReportEvidence Of(RunStore? store, bool withStudy, CancellationToken cancellation)
    {
        var study = withStudy ? StudyReview.Of(PublishedStudy.Shipped) : null;
        List<ReportedModel> models = [.. store is null ? [] : Measured(store, cancellation), .. study is null ? [] : study.Figures.Select(Published)];
        return new() { Models = [.. models.Select((model, i) => model with { Index = i })], Store = store, Study = study, Cancellation = cancellation };

        ReportedModel Published(StudyFigures f) => new($"{f.Model.Model} (published)", "the published study", f.Model.Layers, f.Gain, f.Status,
            [.. f.Model.Readings.Select((reading, i) => new ReportedPrompt(study!.Study.Prompts[i].Name, study.Study.Prompts[i].Category, null, [], reading.Gain, reading.Entropy))]);
    }

    static IEnumerable<ReportedModel> Measured(RunStore store, CancellationToken cancellation)
    {
        var geometry = store.Query("SELECT run, model, prompt_index, r, cos_theta, top_piece FROM gains", cancellation).Rows
            .ToDictionary(row => ((string)row[0]!, (string)row[1]!, (long)row[2]!), row => (R: (double?)row[3], Cos: (double?)row[4], Piece: (string?)row[5]));
        var rows = GainEstimate.All(MeasuredModels.Counted(store, cancellation), GainGrouping.Model, cancellation);
        var untrained = store.Counted.Models.Where(m => m.Model.Untrained == true).Select(m => (m.Run.Name, m.Model.Name)).ToHashSet();
        // One model on several prompt sets is told apart by them, else by its runs.
        string[] plain = [.. rows.Select(row => row.Model.Label)], onSets = [.. rows.Select(row => $"{row.Model.Label}, {Path.GetFileNameWithoutExtension(row.Model.Settings.PromptSet)}")];
        string Label(int i) => plain.Count(label => label == plain[i]) == 1 ? plain[i] : onSets.Count(label => label == onSets[i]) == 1 ? onSets[i] : $"{plain[i]} [{rows[i].Model.Settings.Run}]";
        return rows.Select((row, index) => new ReportedModel(
            Label(index), $"run {row.Model.Settings.Run}", row.Model.Blocks, row.Gain, row.Status,
            [.. row.Model.Prompts.Select((prompt, i) =>
            {
                var at = geometry[(row.Model.Settings.Run, row.Model.Name, i)];
                return new ReportedPrompt(prompt.Name, prompt.Category, prompt.Text, prompt.Ids, prompt.Gain, prompt.Entropy) { StepRatio = at.R, CosTheta = at.Cos, TopPiece = at.Piece };
            })])
        {
            Stored = (row.Model.Settings.Run, row.Model.Name),
            Identity = row.Model.Identity.Weights,
            IsUntrained = untrained.Contains((row.Model.Settings.Run, row.Model.Name)),
        });
    }
}
