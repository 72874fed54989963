using System.CommandLine;
using System.CommandLine.Parsing;
using Castalia.Slurm;

namespace Castalia.Cli.Verbs;

/// <summary>Options of a sweep whose cells tasks of Slurm compute.</summary>
static class SlurmOptions
{
    enum Place
    {
        Local,
        Slurm,
    }

    static readonly Choice<Place> On = new("--on", "Who computes: this process, or tasks that are submitted to Slurm, on nodes that share the folder. Default: local.", ("local", Place.Local), ("slurm", Place.Slurm));

    static readonly WholeNumber Nodes = new("--nodes", "Slurm: tasks at a time.", 1, 10_000, () => ("1", "--nodes"));

    static readonly WholeNumber Tasks = new("--tasks", "Slurm: tasks in all; later ones go on where a time limit ended earlier ones. 0: as many as --nodes.", 0, 10_000, () => ("0", "--tasks"));

    static readonly Option<string?> Partition = Text("--partition", "NAME", "Slurm: where to submit. Default: the cluster's.");

    static readonly Option<string?> Time = Text("--time", "TIME", "Slurm: time limit of a task, which ends by itself before it. Default: the partition's, which is printed.");

    static readonly WholeNumber Cpus = new("--cpus-per-task", "Slurm: CPUs of a task; its threads, without --threads, are as many as it is given. 0: as the cluster gives.", 0, 4096, () => ("0", "--cpus-per-task"));

    static readonly Option<string?> Memory = Text("--mem", "SIZE", "Slurm: memory of a task, as 16G. Default: the cluster's.");

    static readonly Option<string?> Account = Text("--account", "NAME", "Slurm: who pays.");

    static readonly Option<string[]> Further = new("--slurm-option")
    {
        Description = "Slurm: a further option of sbatch by its long name without dashes, as qos=long; may be given several times.",
        HelpName = "OPTION",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly WholeNumber Requeues = new("--requeues", "Slurm: times that a task may ask to be started again when its time limit has come.", 0, 100_000, () => ("100", "--requeues"));

    static readonly Option<bool> Wait = new("--wait") { Description = "Slurm: follow the tasks until they end." };

    static readonly Option<string?> Submission = new("--submission") { Description = "Slurm: this is a task of that submission.", Hidden = true };

    static Option[] OfSlurm => [Nodes, Tasks, Partition, Time, Cpus, Memory, Account, Further, Requeues, Wait];

    /// <summary>Adds them to the verb.</summary>
    public static void AddTo(Command command)
    {
        command.Add(On);
        foreach (var option in OfSlurm) command.Add(option);
        command.Add(Submission);
        command.Validators.Add(Check);
    }

    /// <summary>Whether tasks are to be submitted.</summary>
    public static bool AreAsked(ParseResult parse) => On.In(parse) == Place.Slurm;

    /// <summary>The same, for a check of options against each other.</summary>
    public static bool AreAsked(CommandResult result) => On.In(result) == Place.Slurm;

    /// <summary>The submission that this process is a task of; null where it is none.</summary>
    public static string? SubmissionIn(ParseResult parse) => parse.GetValue(Submission);

    /// <summary>Times that a task may ask to be started again.</summary>
    public static int RequeuesIn(ParseResult parse) => (int)Requeues.In(parse);

    /// <summary>Whether to follow the tasks.</summary>
    public static bool WaitIn(ParseResult parse) => parse.GetValue(Wait);

    /// <summary>What is asked of Slurm.</summary>
    public static SubmissionOptions In(ParseResult parse) => new()
    {
        Nodes = (int)Nodes.In(parse),
        Tasks = (int)Math.Max(Nodes.In(parse), Tasks.In(parse)),
        Partition = parse.GetValue(Partition),
        Time = parse.GetValue(Time),
        CpusPerTask = Cpus.In(parse) is > 0 and var cpus ? cpus : null,
        Memory = parse.GetValue(Memory),
        Account = parse.GetValue(Account),
        Further = parse.GetValue(Further) ?? [],
    };

    static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    static void Check(CommandResult result)
    {
        if (result.GetValue(Submission) is { } name && !SweepSubmission.IsName(name)) result.AddError($"--submission takes a submission's name, not '{name}'.");
        if (AreAsked(result) || result.GetValue(Submission) is not null) return;
        foreach (var option in OfSlurm)
            if (result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} goes with --on slurm.");
    }
}
