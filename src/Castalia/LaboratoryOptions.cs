namespace Castalia;

/// <summary>How a checkpoint is measured.</summary>
/// <example><code>Show(new LaboratoryOptions { Prompts = "standard-25", Positions = PositionRange.Last, Bos = BeginningOfSequence.AsTokenizer, Threads = 1, Seed = 1 });</code></example>
public sealed record LaboratoryOptions
{
    /// <summary>A set that ships, <c>standard-25</c>, <c>standard-200</c> or <c>running-24</c>, or a file of texts or ids; docs/prompts.md.</summary>
    public required string Prompts { get; init; }

    /// <summary>Where predictions are read, and for which positions rows are kept.</summary>
    public PositionRange Positions { get; init; } = PositionRange.Last;

    /// <summary>What is put before a text.</summary>
    public BeginningOfSequence Bos { get; init; } = BeginningOfSequence.AsTokenizer;

    /// <summary>Threads; null for one for each core. No figure depends on them.</summary>
    public int? Threads { get; init; }

    /// <summary>Seed of bootstraps and random sets.</summary>
    public long Seed { get; init; } = 1;
}
