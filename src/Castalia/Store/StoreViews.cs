using System.Text.RegularExpressions;
using Castalia.Cards;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>A view of the store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">What one row is.</param>
/// <param name="Columns">Its columns, in order; in models further ones may follow.</param>
sealed record StoreView(string Name, string Rows, IReadOnlyList<ViewColumn> Columns);

/// <summary>The views over the runs: the schema, its documentation and its SQL, in one list.</summary>
static partial class StoreViews
{
    /// <summary>Of readings: a row is of its model's last block.</summary>
    public const string LastBlock = "layer = n_layers - 1";

    static readonly string[] LastBlockReadings =
    [
        "gain", "gain_final_norm", "gain_penultimate", "entropy", "top_probability", "top_margin", "top_piece", "r", "cos_theta",
        "align_attn", "align_mlp", "size_attn", "size_mlp", "cross_term",
    ];

    static readonly ViewColumn Run = new("run", "VARCHAR", "", "Name of the run's folder.", "run");

    static readonly ViewColumn Model = new("model", "VARCHAR", "", "Short name of the model, unique in its run.", "model");

    /// <summary>runs.</summary>
    public static StoreView Runs { get; } = new("runs", "One row for each run.",
    [
        Run,
        new("path", "VARCHAR", "", "Path of the folder."),
        new("started_utc", "TIMESTAMP", "UTC", "When it began."),
        new("finished_utc", "TIMESTAMP", "UTC", "When the measuring ended."),
        new("software", "VARCHAR", "", "What made it, with its version."),
        new("prompt_set", "VARCHAR", "", "The prompt set's name, or the prompt file's path."),
        new("bos", "VARCHAR", "", "BOS policy: default, none or always."),
        new("positions", "VARCHAR", "", "Positions that have rows of their own: last or all."),
        new("activation", "VARCHAR", "", "Which GELU was computed: config, erf or tanh."),
        new("seed", "BIGINT", "", "Seed of its bootstraps."),
        new("threads", "INTEGER", "", "Worker threads; no figure depends on them."),
        new("models", "INTEGER", "", "Models."),
        new("prompts", "INTEGER", "", "Prompts that each model was fed; the most where they differ."),
        new("explained_blocks", "VARCHAR", "", "Blocks that `castalia explain` attributed: last, all, or indices from 0; null in other runs, and in those of versions that did not say."),
        new("explained_all_parts", "BOOLEAN", "", "Whether it kept every neuron and dimension, not the largest alone; null where explained_blocks is."),
        new("explained_weights", "BOOLEAN", "", "Whether it read what weights alone say; null where explained_blocks is."),
    ]);

    /// <summary>models; what else descriptions in the store have follows.</summary>
    public static StoreView Models { get; } = new("models",
        "One row for each model of each run: the architecture description, every field. Fields of a nested object are joined by `_`. " +
        "What a description of the store has beyond these follows as further columns, as `dtypes_bf16_tensors`.",
    [
        Run,
        Model,
        new("path", "VARCHAR", "", "Path of the checkpoint when it was measured."),
        new("format", "VARCHAR", "", "Its container: safetensors, pytorch or gguf."),
        new("hub_repository", "VARCHAR", "", "Repository on the hub; null where a path was named."),
        new("hub_revision", "VARCHAR", "", "Revision asked for; null where a path was named."),
        new("hub_commit", "VARCHAR", "", "Commit it was; null where a path was named."),
        new("training", "VARCHAR", "", "Of which training it is: the repository, or the folder of a stepN, with what else stands before the step; of a checkpoint without a step its own repository or path."),
        new("training_step", "BIGINT", "", "Training step by its source: the revision stepN of the hub, or a folder or file that ends with stepN; null where that says none."),
        new("sha256", "VARCHAR", "", "Of the weights: of one file its SHA-256; of several, that of the lines sha256sum prints for them, sorted by file name."),
        new("weights_sha256", "VARCHAR", "", "SHA-256 of the tensors that the arithmetic reads, whatever files and tensors are called; null where the manifest states none."),
        new("identity", "VARCHAR", "", "By what models are told apart: weights_sha256; without one the hash of the files that hold weights; without those the name."),
        new("identity_basis", "VARCHAR", "", "Which of these it is: tensors, files or name."),
        new("arithmetic_sha256", "VARCHAR", "", "SHA-256 of the description as far as the arithmetic reads it: equal where the same is computed with the weights."),
        new("repeat_of", "VARCHAR", "", "run/model of the one that is counted for this one, with the same identity, arithmetic and token ids; null in one that is counted."),
        new("untrained", "BOOLEAN", "", "It is one of the built-in untrained networks, by its weights; null where the manifest does not say."),
        new("card", "VARCHAR", "", "Its card, in the views cards and card_values: by hub_repository, by its name where that is null; null where there is none, as of a model trained further."),
        new("prompts_sha256", "VARCHAR", "", "SHA-256 of the prompts: equal where they are the same."),
        new("parameters", "BIGINT", "", "Weights, counted from the checkpoint's tensors."),
        new("head_crowding", "DOUBLE", "", "n_heads / head_dim."),
        .. ModelColumns.Known,
    ]);

    /// <summary>prompts.</summary>
    public static StoreView Prompts { get; } = new("prompts", "One row for each prompt of each model of each run.",
    [
        Run,
        Model,
        new("prompt", "VARCHAR", "", "Name of the prompt."),
        new("prompt_index", "INTEGER", "", "Index of the prompt in the run, from 0."),
        new("category", "VARCHAR", "", "Its category; null where it has none."),
        new("text", "VARCHAR", "", "Its text; null where ids were given."),
        new("tokens", "INTEGER", "", "Tokens fed, special tokens included."),
        new("ids", "INTEGER[]", "", "Their ids."),
        new("prompts_sha256", "VARCHAR", "", "SHA-256 of all prompts of the model: equal where they are the same."),
    ]);

    /// <summary>A table of the runs' folders: its columns, and the run.</summary>
    public static StoreView Of(RunTable table) => new(table.Name, $"{table.Rows[..^1]}: the columns of [{table.FileName}]({table.Name}.md), and the run.",
        [Run, .. table.Columns.Select(c => new ViewColumn(c.Name, c.Type, c.Unit, c.Description, c.Name))]);

    /// <summary>gains.</summary>
    public static StoreView Gains { get; } = new("gains", "One row for each run, model and prompt: the last block at the last token.",
        [.. Ahead("model", "prompt", "prompt_index", "category", "tokens"), .. LastBlockColumns()]);

    /// <summary>positions.</summary>
    public static StoreView Positions { get; } = new("positions", "As gains, one row for each position; only of runs with `--positions all`.",
        [.. Ahead("model", "prompt", "prompt_index", "category", "tokens", "position", "token", "piece"), .. LastBlockColumns(), Reading("loss")]);

    /// <summary>texts.</summary>
    public static StoreView Texts { get; } = new("texts", "One row for each run, model and prompt of runs with `--positions all`: how well its own tokens are foretold.",
    [
        .. Ahead("model", "prompt", "prompt_index", "category", "tokens"),
        new("next_tokens", "BIGINT", "", "Tokens fed whose probability at the position before them was read: all but the first.", "count(loss)"),
        new("loss", "DOUBLE", "nats", "Mean of −ln of their probabilities; null in runs of versions that did not read it.", "avg(loss ORDER BY position)"),
        new("perplexity", "DOUBLE", "", "exp(loss).", "exp(avg(loss ORDER BY position))"),
    ]);

    /// <summary>blocks.</summary>
    public static StoreView Blocks { get; } = new("blocks", "One row for each run, model and block: means over prompts, of those where the figure is defined.",
    [
        Run,
        Model,
        new("layer", "INTEGER", "", "Index of the block, from 0.", "layer"),
        new("n_layers", "INTEGER", "", "Blocks of the model.", "n_layers"),
        new("prompts", "BIGINT", "", "Prompts of the model.", "count(*) FILTER (position_rule = 'last')"),
        new("gain", "DOUBLE", "", "Mean over prompts of the gain at the last token.", Mean("gain", "last")),
        new("submodule_gain_attn", "DOUBLE", "", "Mean over prompts of mean ‖attn_out‖ over all tokens / mean ‖attn_in‖ over all tokens.", Mean("submodule_gain_attn", "ratio-of-means")),
        new("submodule_gain_mlp", "DOUBLE", "", "Mean over prompts of mean ‖mlp_out‖ over all tokens / mean ‖mlp_in‖ over all tokens.", Mean("submodule_gain_mlp", "ratio-of-means")),
    ]);

    /// <summary>cards.</summary>
    public static StoreView Cards { get; } = new("cards",
        "One row for each card of [cards.md](cards.md), measured or not; of a model, that whose `card` is its own in models. A field is null where it is unknown, where the model has none of it, " +
        "and where the card does not speak of it; card_values tells these apart.", Plain(CardTable.OfModels([])));

    /// <summary>card_values.</summary>
    public static StoreView CardValues { get; } = new("card_values", "One row for each value that a card states, with its certainty and its sources.", Plain(CardTable.OfValues([])));

    /// <summary>Every view, in the order of the document.</summary>
    public static IReadOnlyList<StoreView> All { get; } = [Runs, Models, Prompts, .. RunTables.All.Select(Of), Gains, Positions, Texts, Blocks, Cards, CardValues];

    /// <summary>The statements that make gains, positions, texts and blocks from readings, with the columns that those of readings suffice for.</summary>
    /// <param name="columns">Columns of readings that are there; null for all.</param>
    public static IEnumerable<string> Definitions(IReadOnlySet<string>? columns = null)
    {
        foreach (var view in new[] { Gains, Positions, Texts, Blocks })
        {
            var made = view with { Columns = [.. view.Columns.Where(c => Suffice(c.Sql!))] };
            if (made.Columns.Count > 0 && Suffice(Rows(view))) yield return $"CREATE VIEW {view.Name} AS {Over(made, "readings")}";
        }

        bool Suffice(string sql) => columns is null || Word().Matches(sql).All(word => columns.Contains(word.Value) || RunTables.Readings.Columns.All(c => c.Name != word.Value));
    }

    /// <summary>Such a view as a SELECT over readings.</summary>
    /// <param name="view">One of gains, positions, texts and blocks.</param>
    /// <param name="readings">The table, or a table expression.</param>
    public static string Over(StoreView view, string readings) => $"SELECT {List(view)} FROM {readings} WHERE {Rows(view)}";

    /// <summary>The rows of readings that such a view is made of.</summary>
    public static string Which(StoreView view) => Rows(view).Split(" GROUP BY ")[0];

    static string Rows(StoreView view) => view.Name switch
    {
        "gains" => $"position_rule = 'last' AND {LastBlock}",
        "positions" => $"position_rule = 'position' AND {LastBlock}",
        "texts" => $"position_rule = 'position' AND {LastBlock} GROUP BY run, model, prompt, prompt_index, category, tokens",
        "blocks" => "position_rule IN ('last', 'ratio-of-means') GROUP BY run, model, layer, n_layers",
        _ => throw new ArgumentException($"{view.Name} is not made from readings.", nameof(view)),
    };

    /// <summary>The tables of docs/store.md.</summary>
    public static string Documentation() => string.Join('\n', All.Select(view =>
        $"## {view.Name}\n\n{view.Rows}\n\n| column | type | unit | what it is |\n| --- | --- | --- | --- |\n" +
        string.Concat(view.Columns.Select(c => $"| `{c.Name}` | {c.Type} | {c.Unit} | {c.Description.Replace("|", "\\|")} |\n"))));

    // In the order of the prompts, so that a sum has the same bits every time.
    static string Mean(string column, string rule) => $"avg({column} ORDER BY prompt_index) FILTER (position_rule = '{rule}')";

    static string List(StoreView view) => string.Join(", ", view.Columns.Select(c => $"{c.Sql} AS {c.Name}"));

    static IReadOnlyList<ViewColumn> Plain(CardTable table) => [.. table.Columns.Select(c => new ViewColumn(c.Name, c.Type, c.Unit, c.Description))];

    static IEnumerable<ViewColumn> Ahead(params string[] names) => [Run, .. names.Select(Reading)];

    static IEnumerable<ViewColumn> LastBlockColumns() =>
    [
        .. LastBlockReadings.Select(Reading),
        new("attribution_attn", "DOUBLE", "", "2·align_attn + size_attn + cross_term/2: attention's part of gain² − 1.", "2 * align_attn + size_attn + cross_term / 2"),
        new("attribution_mlp", "DOUBLE", "", "2·align_mlp + size_mlp + cross_term/2: the MLP's part of gain² − 1; both add up to it.", "2 * align_mlp + size_mlp + cross_term / 2"),
    ];

    [GeneratedRegex(@"'[^']*'|\w+")]
    private static partial Regex Word();

    static ViewColumn Reading(string name)
    {
        var column = RunTables.Readings.Columns.First(c => c.Name == name);
        return new(column.Name, column.Type, column.Unit, column.Description, column.Name);
    }
}
