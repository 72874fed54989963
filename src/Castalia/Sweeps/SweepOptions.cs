using Castalia.Errors;
using Castalia.Hub;
using Castalia.Runs;

namespace Castalia.Sweeps;

/// <summary>A cell that was computed, before it is written.</summary>
/// <param name="Run">The run.</param>
/// <param name="Further">Results beside the readings.</param>
sealed record CellResult(Run Run, IReadOnlyList<RunResult> Further);

/// <summary>How a sweep is carried out.</summary>
sealed record SweepOptions
{
    /// <summary>Computes a cell: of what, from which checkpoint, with how many threads.</summary>
    public required Func<CheckpointCell, CheckpointSource, int, CancellationToken, CellResult> Compute { get; init; }

    /// <summary>Audits revisions, with how many threads: a document for programs.</summary>
    public required Func<IReadOnlyList<CheckpointSource>, int, CancellationToken, string> Audit { get; init; }

    /// <summary>What of an exception a person can mend; null for a fault of ours.</summary>
    public required Func<Exception, InputException?> Fault { get; init; }

    /// <summary>Hub and cache.</summary>
    public required Func<HubSettings> Hub { get; init; }

    /// <summary>Told of each cell.</summary>
    public required Action<string> Say { get; init; }

    /// <summary>Cells computed at a time.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads of all of them.</summary>
    public required int Threads { get; init; }

    /// <summary>Bytes that fetched checkpoints may take at a time; null for any.</summary>
    public long? Disk { get; init; }

    /// <summary>Silence after which others take this process for dead.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time after which it should have ended by itself: no cell is begun that would last longer, by the longest so far; null for any.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>When it will be ended, as a scheduler says; null for never.</summary>
    public SweepDeadline? Deadline { get; init; }

    /// <summary>Time without a cell to take after which the rest is left to those who have it; null: it waits for them to the end.</summary>
    public TimeSpan? Patience { get; init; }
}

/// <summary>How a sweep ended.</summary>
/// <param name="Cells">Planned cells.</param>
/// <param name="Done">Whose result is there, whoever computed it.</param>
/// <param name="Computed">Of these, computed this time by this process.</param>
/// <param name="Failed">That failed.</param>
/// <param name="Waiting">The others: the process stopped before they were begun.</param>
sealed record SweepEnd(int Cells, int Done, int Computed, int Failed, int Waiting);
