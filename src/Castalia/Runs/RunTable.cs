namespace Castalia.Runs;

/// <summary>A column of a table of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type: VARCHAR, INTEGER or DOUBLE.</param>
/// <param name="Unit">Unit; empty for names, counts and ratios.</param>
/// <param name="Description">What it is and when it is null.</param>
/// <param name="CameLater">Whether runs of earlier versions lack it: it is null in theirs.</param>
record RunColumn(string Name, string Type, string Unit, string Description, bool CameLater = false);

/// <summary>A column, and where its values come from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type: VARCHAR, INTEGER or DOUBLE.</param>
/// <param name="Unit">Unit; empty for names, counts and ratios.</param>
/// <param name="Description">What it is and when it is null.</param>
/// <param name="Value">Its value in a row: string, int, double or null.</param>
/// <param name="CameLater">Whether runs of earlier versions lack it: it is null in theirs.</param>
sealed record RunColumn<TRow>(string Name, string Type, string Unit, string Description, Func<TRow, object?> Value, bool CameLater = false)
    : RunColumn(Name, Type, Unit, Description, CameLater)
{
    /// <summary>The same value of a column of numbers of which there are millions, without an object for each; null where <see cref="Value"/> alone is there.</summary>
    public Func<TRow, double?>? Number { get; init; }

    /// <summary>The same of whole numbers.</summary>
    public Func<TRow, int?>? Whole { get; init; }
}

/// <summary>A kind of results that a run can hold, declared once: the file, the manifest, the views, the documents and the checks follow from it.</summary>
/// <param name="Name">Its name, of the view as well: lower-case letters and underscores.</param>
/// <param name="Verb">Which verb writes it.</param>
/// <param name="Rows">What one row is, a sentence.</param>
abstract record RunTable(string Name, string Verb, string Rows)
{
    /// <summary>Its columns, in order.</summary>
    public abstract IReadOnlyList<RunColumn> Columns { get; }

    /// <summary>Whether no run is without it; of others the manifest says that they are there, by their hash.</summary>
    public bool IsInEveryRun { get; init; }

    /// <summary>Its file in a run's folder.</summary>
    public string FileName => $"{Name}.parquet";

    /// <summary>Where the manifest states the SHA-256 of that file.</summary>
    public string HashKey => $"{Name}_sha256";

    /// <summary>The table of a document: every column with type, unit and meaning.</summary>
    public string Documentation() => string.Concat(Columns
        .Select(c => $"| `{c.Name}` | {c.Type} | {c.Unit} | {c.Description.Replace("|", "\\|")} |\n")
        .Prepend("| column | type | unit | what it is |\n| --- | --- | --- | --- |\n"));
}

/// <summary>A kind of results, and where its values come from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Verb">Which verb writes it.</param>
/// <param name="Rows">What one row is.</param>
/// <param name="Declared">Its columns, in order.</param>
sealed record RunTable<TRow>(string Name, string Verb, string Rows, IReadOnlyList<RunColumn<TRow>> Declared) : RunTable(Name, Verb, Rows)
{
    /// <inheritdoc/>
    public override IReadOnlyList<RunColumn> Columns => Declared;
}

/// <summary>Every kind of results.</summary>
static class RunTables
{
    /// <summary>What measuring writes.</summary>
    public static RunTable<ReadingRow> Readings { get; } = new("readings", "measure",
        "One row for each model, prompt, block and position rule of each run, and for each position in runs with `--positions all`.", ReadingColumns.All)
    {
        IsInEveryRun = true,
    };

    /// <summary>What explaining writes.</summary>
    public static RunTable<AttributionRow> Attribution { get; } = new("attribution", "explain",
        "One row for each part of each block at each position of each prompt of runs by `castalia explain`.", AttributionColumns.All);

    /// <summary>What explaining writes of units over all prompts.</summary>
    public static RunTable<UnitRow> Units { get; } = new("units", "explain",
        "One row for each figure of each head, neuron and block that runs by `castalia explain` attributed: means over prompts, and with `--weights` what the weights alone say.", UnitColumns.All);

    /// <summary>What intervening writes.</summary>
    public static RunTable<InterventionRow> Interventions { get; } = new("interventions", "intervene",
        "One row for each block, from the first that is changed, of each prompt under each intervention of runs by `castalia intervene`.", InterventionColumns.All);

    /// <summary>What reading blocks as maps writes.</summary>
    public static RunTable<DynamicsRow> Dynamics { get; } = new("dynamics", "dynamics",
        "One row for each block of each prompt of runs by `castalia dynamics`, at the prompt's last position.", DynamicsColumns.All);

    /// <summary>All of them, the readings first.</summary>
    public static IReadOnlyList<RunTable> All { get; } = [Readings, Attribution, Units, Interventions, Dynamics];
}
