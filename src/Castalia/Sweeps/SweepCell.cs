using Castalia.Twins;

namespace Castalia.Sweeps;

/// <summary>Where a checkpoint is to be had: a path, or a model on the hub at a revision.</summary>
/// <param name="Named">As a person names it: a path, or owner/name@revision.</param>
/// <param name="IsHub">Whether it is on the hub.</param>
sealed record SweepCheckpoint(string Named, bool IsHub);

/// <summary>A study whose networks are cells of a plan.</summary>
/// <param name="Plan">What it trains.</param>
/// <param name="Place">Its folder, below the sweep's: as <c>castalia twins</c> writes it.</param>
/// <param name="Seed">Seed of bootstraps.</param>
sealed record SweepStudy(TwinPlan Plan, string Place, long Seed);

/// <summary>One result of a plan: of one checkpoint, of the revisions of a model, or of a study.</summary>
/// <param name="Key">Its provisional name: of source and task, before anything is read.</param>
abstract record SweepCell(string Key)
{
    /// <summary>What it is of, for people: a checkpoint, a model, a network.</summary>
    public abstract string Named { get; }

    /// <summary>What is done with that, for people.</summary>
    public abstract string Doing { get; }

    /// <summary>Checkpoints that it needs.</summary>
    public virtual IReadOnlyList<SweepCheckpoint> Checkpoints => [];

    /// <summary>The folder that its result appears in, below the sweep's; null for the runs.</summary>
    public virtual string? Place => null;

    /// <summary>What is claimed beside it, where cells of other plans might be written to the same folder; null for nothing.</summary>
    public string? Alone => this is NetworkCell or TablesCell ? CellKey.OfPlace(Place!) : null;

    /// <summary>Cells that are to be settled before it is begun.</summary>
    public virtual IReadOnlyList<string> After => [];

    /// <summary>For people: "pythia-70m@step512, measure standard-25".</summary>
    public string Label => $"{Named}, {Doing}";
}

/// <summary>What one verb does with one checkpoint.</summary>
/// <param name="Checkpoint">Of which checkpoint.</param>
/// <param name="Task">What.</param>
/// <param name="Key">Its provisional name.</param>
sealed record CheckpointCell(SweepCheckpoint Checkpoint, SweepTask Task, string Key) : SweepCell(Key)
{
    public override string Named => Checkpoint.Named;

    public override string Doing => Task.Label;

    public override IReadOnlyList<SweepCheckpoint> Checkpoints => [Checkpoint];
}

/// <summary>An audit of the revisions of a model.</summary>
/// <param name="Model">The model, as the plan has it.</param>
/// <param name="Revisions">Its revisions.</param>
/// <param name="Key">Its provisional name.</param>
sealed record AuditCell(string Model, IReadOnlyList<SweepCheckpoint> Revisions, string Key) : SweepCell(Key)
{
    public override string Named => Model;

    public override string Doing => FormattableString.Invariant($"audit of {Revisions.Count} revision{(Revisions.Count == 1 ? "" : "s")}");

    public override IReadOnlyList<SweepCheckpoint> Checkpoints => Revisions;

    public override string? Place => SweepFolder.AuditsPlace;
}

/// <summary>A network of a study, trained and measured.</summary>
/// <param name="Study">The study.</param>
/// <param name="Twin">Which of its networks.</param>
/// <param name="Key">Its provisional name.</param>
sealed record NetworkCell(SweepStudy Study, Twin Twin, string Key) : SweepCell(Key)
{
    public override string Named => Twin.Name;

    public override string Doing => $"twins {Study.Plan.Name}";

    public override string? Place => Path.Combine(Study.Place, Twin.Folder);
}

/// <summary>The tables over all networks of a study, which are written when these are there.</summary>
/// <param name="Study">The study.</param>
/// <param name="Networks">Its networks' cells.</param>
/// <param name="Key">Its provisional name.</param>
sealed record TablesCell(SweepStudy Study, IReadOnlyList<string> Networks, string Key) : SweepCell(Key)
{
    public override string Named => Study.Plan.Name;

    public override string Doing => "tables of twins";

    public override string? Place => Study.Place;

    public override IReadOnlyList<string> After => Networks;
}

/// <summary>Checkpoints × what is done with them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cells">The cells; those of one checkpoint stand together, then audits, then studies.</param>
sealed record SweepPlan(string Name, IReadOnlyList<SweepCell> Cells);
