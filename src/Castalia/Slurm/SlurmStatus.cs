using System.Text.Json.Serialization;
using Castalia.Errors;
using Castalia.Sweeps;

namespace Castalia.Slurm;

/// <summary>Something that keeps tasks from their work, and what to do about it.</summary>
/// <param name="What">What is the matter.</param>
/// <param name="ToDo">The remedy.</param>
sealed record SlurmTrouble(string What, string ToDo);

/// <summary>What Slurm says of a sweep's tasks. Which cells are done, their folder alone says.</summary>
/// <param name="Answers">Whether it answered.</param>
/// <param name="Tasks">Those that it lists.</param>
/// <param name="Pending">Of these, those that it will start.</param>
/// <param name="Running">Of these, those that run.</param>
/// <param name="Held">Of these, those that it will not start until someone releases them.</param>
/// <param name="Troubles">What is wrong.</param>
sealed record SlurmStatus(bool Answers, IReadOnlyList<SlurmTask> Tasks, int Pending, int Running, int Held, IReadOnlyList<SlurmTrouble> Troubles)
{
    /// <summary>Tasks that compute, or will without anyone's doing.</summary>
    [JsonIgnore]
    public int Live => Pending + Running;

    /// <summary>Asks Slurm; null for a sweep that was never submitted. A Slurm that does not answer is a trouble.</summary>
    /// <param name="folder">The sweep.</param>
    /// <param name="left">Cells that are neither done nor failed.</param>
    public static SlurmStatus? Of(SweepFolder folder, int left)
    {
        var submissions = SweepSubmission.Of(folder);
        if (submissions.Count == 0) return null;
        try
        {
            var tasks = SlurmTask.Listed(submissions);
            if (left == 0) return Of(folder, left, tasks, [], null);
            bool waits = tasks.All(task => task.Standing != TaskStanding.Running) || tasks.Any(task => task.Standing == TaskStanding.Pending && !IsOrdinary(task.Reason));
            var nodes = SlurmNode.OutOfUse([.. tasks.SelectMany(task => task.Partition.Split(',')).Distinct(StringComparer.Ordinal)]).Where(node => waits || tasks.Any(task => task.Node == node.Name));
            return Of(folder, left, tasks, [.. nodes], SlurmSettings.Ask());
        }
        catch (InputException e)
        {
            return new(false, [], 0, 0, 0, [new($"Slurm cannot be asked: {e.Cause}", e.Remedy)]);
        }
    }

    /// <summary>The same, of what it was found to say.</summary>
    public static SlurmStatus Of(SweepFolder folder, int left, IReadOnlyList<SlurmTask> tasks, IReadOnlyList<SlurmNode> nodes, SlurmSettings? settings) => new(
        true, tasks, tasks.Count(task => task.Standing == TaskStanding.Pending), tasks.Count(task => task.Standing == TaskStanding.Running), tasks.Count(task => task.Standing == TaskStanding.Held),
        left == 0 ? [] : [.. SlurmTroubles.Of(folder, tasks, nodes, settings)]);

    /// <summary>Whether a task waits for what comes by itself.</summary>
    static bool IsOrdinary(string reason) => reason is "JobArrayTaskLimit" or "BeginTime" or "None" or "Priority";
}

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlurmStatus))]
sealed partial class SlurmJson : JsonSerializerContext;
